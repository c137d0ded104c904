// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/digest.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace filfil::ipld {
namespace {

// RFC 7693 section 2.6: the initial values are those of SHA-512.
constexpr std::array<std::uint64_t, 8> initial_values = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                                         0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                                         0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

// RFC 7693 section 2.7: rounds 10 and 11 use the permutations of rounds 0 and 1.
constexpr std::array<std::array<std::uint8_t, 16>, 10> permutations = {{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};

constexpr std::size_t block_size = 128;

std::uint64_t load_le64(const std::byte* from) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof value);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
    return value;
}

void mix(std::array<std::uint64_t, 16>& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint64_t x,
         std::uint64_t y) noexcept {
    v[a] += v[b] + x;
    v[d] = std::rotr(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = std::rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 63);
}

void compress(std::array<std::uint64_t, 8>& state, const std::byte* block, std::uint64_t bytes_so_far,
              bool last) noexcept {
    std::array<std::uint64_t, 16> m{};
    for (std::size_t i = 0; i < m.size(); ++i) m[i] = load_le64(block + 8 * i);

    std::array<std::uint64_t, 16> v{};
    std::ranges::copy(state, v.begin());
    std::ranges::copy(initial_values, v.begin() + 8);
    v[12] ^= bytes_so_far;
    if (last) v[14] = ~v[14];

    for (std::size_t round = 0; round < 12; ++round) {
        const auto& s = permutations[round % permutations.size()];
        mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
        mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
        mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
        mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
        mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
        mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
        mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
        mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (std::size_t i = 0; i < state.size(); ++i) state[i] ^= v[i] ^ v[i + 8];
}

}    // namespace

Digest256 blake2b_256_portable(ByteView data) noexcept {
    std::array<std::uint64_t, 8> state = initial_values;
    state[0] ^= 0x01010000 ^ std::tuple_size_v<Digest256>;

    std::size_t at = 0;
    for (; data.size() - at > block_size; at += block_size) compress(state, &data[at], at + block_size, false);
    std::array<std::byte, block_size> tail{};
    std::ranges::copy(data.subspan(at), tail.begin());
    compress(state, tail.data(), data.size(), true);

    Digest256 digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::byte>(state[i / 8] >> (8 * (i % 8)));
    return digest;
}

}    // namespace filfil::ipld
