// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <cstring>

namespace filfil::chaingen {

/// SplitMix64 compiled into the loops that draw from it, and started anew from any numbers: what a place in the state
/// holds is drawn from the numbers of that place, so that it need not be kept.
class Draws {
public:
    explicit Draws(std::uint64_t seed) noexcept : m_state(mix(seed)) {}
    Draws(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) noexcept
        : m_state(mix(mix(mix(mix(seed) ^ a) ^ b) ^ c)) {}

    std::uint64_t next() noexcept {
        m_state += golden;
        return finish(m_state);
    }

    /// From 0 to below `bound`, which must not be 0. Uniform but for a part in 2^64 / bound.
    std::uint64_t below(std::uint64_t bound) noexcept {
        return static_cast<std::uint64_t>(static_cast<Wide>(next()) * bound >> 64);
    }

    /// True in `thousandths` of 1000 cases.
    bool happens(std::uint64_t thousandths) noexcept { return below(1000) < thousandths; }

    void fill(ByteSpan out) noexcept {
        std::size_t i = 0;
        for (; i + 8 <= out.size(); i += 8) {
            const std::uint64_t word = next();
            std::memcpy(&out[i], &word, 8);
        }
        if (i == out.size()) return;
        const std::uint64_t word = next();
        std::memcpy(&out[i], &word, out.size() - i);
    }

private:
    /// The keyword keeps gcc from warning that ISO C++ has no such type.
    __extension__ using Wide = unsigned __int128;

    static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;

    static std::uint64_t finish(std::uint64_t z) noexcept {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    static std::uint64_t mix(std::uint64_t z) noexcept { return finish(z + golden); }

    std::uint64_t m_state;
};

}    // namespace filfil::chaingen
