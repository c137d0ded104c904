// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/blake2b.hpp"
#include "ipld/digest.hpp"

#include <algorithm>
#include <array>

namespace filfil::ipld {
namespace {

void one_by_one(std::span<const ByteView> blocks, std::span<Digest256> out) noexcept {
    for (std::size_t i = 0; i < blocks.size(); ++i) out[i] = blake2b_256(blocks[i]);
}

#if defined(FILFIL_BLAKE2B_AVX2)

/// Keeps the lanes busy: a lane whose input is hashed takes the next one at once, so inputs of any lengths share them.
class Schedule {
public:
    Schedule(std::span<const ByteView> inputs, std::span<Digest256> out) noexcept : m_inputs(inputs), m_out(out) {
        for (std::size_t lane = 0; lane < blake2b::lanes; ++lane) take_next(lane);
    }

    void run() noexcept {
        while (m_busy > 0) {
            std::array<const std::byte*, blake2b::lanes> blocks{};
            for (std::size_t lane = 0; lane < blake2b::lanes; ++lane) blocks[lane] = next_block(lane);
            blake2b::compress_avx2(m_hashes, blocks.data());
            for (std::size_t lane = 0; lane < blake2b::lanes; ++lane)
                if (m_hashes.last[lane] != 0 && m_lanes[lane].busy) {
                    m_out[m_lanes[lane].input] = digest(lane);
                    --m_busy;
                    take_next(lane);
                }
        }
    }

private:
    struct Lane {
        bool busy = false;
        std::size_t input = 0;
        ByteView left;    // of the input, not hashed yet
        std::array<std::byte, blake2b::block_size> tail{};
    };

    void take_next(std::size_t lane) noexcept {
        Lane& own = m_lanes[lane];
        own.busy = m_next < m_inputs.size();
        if (!own.busy) return;
        own.input = m_next++;
        own.left = m_inputs[own.input];
        ++m_busy;
        for (std::size_t i = 0; i < 8; ++i) m_hashes.state[i][lane] = blake2b::initial_values[i];
        m_hashes.state[0][lane] ^= blake2b::parameters_256;
        m_hashes.bytes[lane] = 0;
        m_hashes.last[lane] = 0;
    }

    /// The 128 bytes that the lane hashes now; a lane without input hashes its old tail again, for nothing.
    const std::byte* next_block(std::size_t lane) noexcept {
        Lane& own = m_lanes[lane];
        if (!own.busy) return own.tail.data();
        if (own.left.size() > blake2b::block_size) {
            const std::byte* block = own.left.data();
            own.left = own.left.subspan(blake2b::block_size);
            m_hashes.bytes[lane] += blake2b::block_size;
            return block;
        }
        m_hashes.bytes[lane] += own.left.size();
        m_hashes.last[lane] = ~std::uint64_t{0};
        if (own.left.size() == blake2b::block_size) return own.left.data();
        std::ranges::fill(std::ranges::copy(own.left, own.tail.begin()).out, own.tail.end(), std::byte{0});
        return own.tail.data();
    }

    [[nodiscard]] Digest256 digest(std::size_t lane) const noexcept {
        Digest256 out{};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::byte>(m_hashes.state[i / 8][lane] >> (8 * (i % 8)));
        return out;
    }

    std::span<const ByteView> m_inputs;
    std::span<Digest256> m_out;
    std::size_t m_next = 0;
    std::size_t m_busy = 0;
    std::array<Lane, blake2b::lanes> m_lanes;
    blake2b::Lanes m_hashes{};
};

#endif

}    // namespace

void blake2b_256_many(std::span<const ByteView> blocks, std::span<Digest256> out) noexcept {
#if defined(FILFIL_BLAKE2B_AVX2)
    // A single input is faster in the instructions of one lane.
    if (blocks.size() > 1 && __builtin_cpu_supports("avx2")) {
        Schedule(blocks, out).run();
        return;
    }
#endif
    one_by_one(blocks, out);
}

}    // namespace filfil::ipld
