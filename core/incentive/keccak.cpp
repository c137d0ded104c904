// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/keccak.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

namespace filfil::incentive {
namespace {

constexpr std::size_t rate = 136;    ///< bytes taken in a permutation: 200 less twice the digest
constexpr std::size_t rounds = 24;

using State = std::array<std::uint64_t, 25>;    ///< lane (x, y) of the specification stands at x + 5 y

// The Keccak reference, section 1.2: the round constants of iota, bit 2^j - 1 from an LFSR.
constexpr std::array<std::uint64_t, rounds> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

void permute(State& a) noexcept {
    for (const std::uint64_t constant : round_constants) {
        // theta
        std::array<std::uint64_t, 5> c{};
        for (std::size_t x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (std::size_t i = 0; i < 25; ++i) a[i] ^= c[(i + 4) % 5] ^ std::rotl(c[(i + 1) % 5], 1);

        // rho and pi: from lane (1, 0) on, each lane moves to (y, 2x + 3y) and is turned by the next triangular number.
        std::size_t x = 1;
        std::size_t y = 0;
        std::uint64_t moved = a[1];
        for (unsigned t = 1; t <= 24; ++t) {
            const std::size_t next = (2 * x + 3 * y) % 5;
            x = y;
            y = next;
            moved = std::exchange(a[x + 5 * y], std::rotl(moved, static_cast<int>(t * (t + 1) / 2 % 64)));
        }

        // chi
        for (std::size_t row = 0; row < 25; row += 5) {
            for (std::size_t i = 0; i < 5; ++i) c[i] = a[row + i];
            for (std::size_t i = 0; i < 5; ++i) a[row + i] = c[i] ^ (~c[(i + 1) % 5] & c[(i + 2) % 5]);
        }

        // iota
        a[0] ^= constant;
    }
}

/// Takes one block of `rate` bytes in; lanes are little-endian.
void absorb(State& state, const std::byte* block) noexcept {
    for (std::size_t i = 0; i < rate; ++i) state[i / 8] ^= std::to_integer<std::uint64_t>(block[i]) << (8 * (i % 8));
    permute(state);
}

}    // namespace

std::array<std::byte, 32> keccak_256(ByteView data) noexcept {
    State state{};
    for (; data.size() >= rate; data = data.subspan(rate)) absorb(state, data.data());
    std::array<std::byte, rate> last{};
    std::ranges::copy(data, last.begin());
    last[data.size()] |= std::byte{0x01};
    last[rate - 1] |= std::byte{0x80};
    absorb(state, last.data());

    std::array<std::byte, 32> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::byte>(state[i / 8] >> (8 * (i % 8)));
    return digest;
}

}    // namespace filfil::incentive
