// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/blake2b.hpp"
#include "ipld/digest.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace filfil::ipld {
namespace {

using blake2b::block_size;
using blake2b::permutations;

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
    std::ranges::copy(blake2b::initial_values, v.begin() + 8);
    v[12] ^= bytes_so_far;
    if (last) v[14] = ~v[14];

    for (std::size_t round = 0; round < blake2b::rounds; ++round) {
        const auto& s = permutations[round % std::size(permutations)];
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
    Digest256 digest{};
    blake2b_portable(data, digest);
    return digest;
}

void blake2b_portable(ByteView data, ByteSpan digest) noexcept {
    auto state = std::to_array(blake2b::initial_values);
    state[0] ^= blake2b::parameters ^ digest.size();

    std::size_t at = 0;
    for (; data.size() - at > block_size; at += block_size) compress(state, &data[at], at + block_size, false);
    std::array<std::byte, block_size> tail{};
    std::ranges::copy(data.subspan(at), tail.begin());
    compress(state, tail.data(), data.size(), true);

    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::byte>(state[i / 8] >> (8 * (i % 8)));
}

}    // namespace filfil::ipld
