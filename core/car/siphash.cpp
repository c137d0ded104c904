// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/siphash.hpp"

#include "car/little_endian.hpp"

#include <bit>

namespace filfil::car {
namespace {

struct State {
    std::uint64_t v0, v1, v2, v3;

    void rounds(int count) noexcept {
        for (int i = 0; i < count; ++i) {
            v0 += v1;
            v1 = std::rotl(v1, 13) ^ v0;
            v0 = std::rotl(v0, 32);
            v2 += v3;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 += v3;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 += v1;
            v1 = std::rotl(v1, 17) ^ v2;
            v2 = std::rotl(v2, 32);
        }
    }

    void absorb(std::uint64_t word) noexcept {
        v3 ^= word;
        rounds(2);
        v0 ^= word;
    }

    [[nodiscard]] std::uint64_t fold() const noexcept { return v0 ^ v1 ^ v2 ^ v3; }
};

}    // namespace

Word128 siphash_128(Word128 key, ByteView data) noexcept {
    State state{key.low ^ 0x736f6d6570736575, key.high ^ 0x646f72616e646f6d ^ 0xee, key.low ^ 0x6c7967656e657261,
                key.high ^ 0x7465646279746573};
    std::size_t at = 0;
    for (; data.size() - at >= 8; at += 8) state.absorb(load_u64(data.data() + at));
    std::uint64_t last = std::uint64_t{data.size()} << 56;
    for (unsigned shift = 0; at < data.size(); ++at, shift += 8)
        last |= std::to_integer<std::uint64_t>(data[at]) << shift;
    state.absorb(last);

    Word128 out;
    state.v2 ^= 0xee;
    state.rounds(4);
    out.low = state.fold();
    state.v1 ^= 0xdd;
    state.rounds(4);
    out.high = state.fold();
    return out;
}

}    // namespace filfil::car
