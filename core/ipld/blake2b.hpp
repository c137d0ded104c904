// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstddef>
#include <cstdint>

// What the portable and the AVX2 form of BLAKE2b share. Plain arrays only: this header is compiled with AVX2 in one
// file, and an inline function made there could be the one that the linker keeps for a machine without it.
namespace filfil::ipld::blake2b {

inline constexpr std::size_t block_size = 128;

/// RFC 7693 section 2.6: the initial values are those of SHA-512.
inline constexpr std::uint64_t initial_values[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                                    0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                                    0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/// RFC 7693 section 2.5: no key; goes into the first word of the state with the digest's size in its lowest byte.
inline constexpr std::uint64_t parameters = 0x01010000;
inline constexpr std::uint64_t parameters_256 = parameters ^ 32;

inline constexpr std::size_t rounds = 12;

/// RFC 7693 section 2.7: rounds 10 and 11 use the permutations of rounds 0 and 1.
inline constexpr std::uint8_t permutations[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

inline constexpr std::size_t lanes = 4;

/// Four hashes side by side: word i of lane j stands at state[i][j].
struct alignas(32) Lanes {
    std::uint64_t state[8][lanes];
    std::uint64_t bytes[lanes];    ///< hashed so far in each lane, with the block that is given now
    std::uint64_t last[lanes];     ///< all ones in a lane whose last block is given now, else 0
};

#if defined(FILFIL_BLAKE2B_AVX2)
/// Takes one block of 128 bytes into each lane. Needs AVX2.
void compress_avx2(Lanes& hashes, const std::byte* const blocks[lanes]) noexcept;
#endif

}    // namespace filfil::ipld::blake2b
