// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <limits>

namespace filfil {

void Random::fill(ByteSpan out) {
    while (!out.empty()) {
        const std::uint64_t word = next();
        const std::size_t n = std::min(out.size(), sizeof word);
        std::memcpy(out.data(), &word, n);
        out = out.subspan(n);
    }
}

std::uint64_t Random::below(std::uint64_t bound) {
    // Draws from the incomplete last run of `bound` values are thrown away, or low results would be more likely.
    const std::uint64_t limit =
        std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % bound;
    std::uint64_t draw = next();
    while (draw >= limit) draw = next();
    return draw % bound;
}

std::uint64_t SystemRandom::next() {
    std::uint64_t word = 0;
    fill(std::as_writable_bytes(std::span(&word, 1)));
    return word;
}

void SystemRandom::fill(ByteSpan out) {
    while (!out.empty()) {
        const ssize_t n = ::getrandom(out.data(), out.size(), 0);
        if (n > 0) {
            out = out.subspan(static_cast<std::size_t>(n));
        } else if (errno != EINTR) {
            // Without a working kernel generator no secret can be made; going on would make predictable ones.
            std::terminate();
        }
    }
}

std::uint64_t SeededRandom::next() {
    m_state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

}    // namespace filfil
