// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/blake2b.hpp"

#include <immintrin.h>

#include <utility>

// The only file of this library that is compiled for AVX2; see blake2b.hpp for what it may include.
namespace filfil::ipld::blake2b {
namespace {

#define FILFIL_INLINE __attribute__((always_inline)) inline

FILFIL_INLINE __m256i rotate_32(__m256i x) { return _mm256_shuffle_epi32(x, _MM_SHUFFLE(2, 3, 0, 1)); }

FILFIL_INLINE __m256i rotate_24(__m256i x) {
    return _mm256_shuffle_epi8(x, _mm256_setr_epi8(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7,
                                                   0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10));
}

FILFIL_INLINE __m256i rotate_16(__m256i x) {
    return _mm256_shuffle_epi8(x, _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6,
                                                   7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9));
}

FILFIL_INLINE __m256i rotate_63(__m256i x) { return _mm256_or_si256(_mm256_srli_epi64(x, 63), _mm256_add_epi64(x, x)); }

FILFIL_INLINE void mix(__m256i* v, int a, int b, int c, int d, __m256i x, __m256i y) {
    v[a] = _mm256_add_epi64(_mm256_add_epi64(v[a], x), v[b]);
    v[d] = rotate_32(_mm256_xor_si256(v[d], v[a]));
    v[c] = _mm256_add_epi64(v[c], v[d]);
    v[b] = rotate_24(_mm256_xor_si256(v[b], v[c]));
    v[a] = _mm256_add_epi64(_mm256_add_epi64(v[a], y), v[b]);
    v[d] = rotate_16(_mm256_xor_si256(v[d], v[a]));
    v[c] = _mm256_add_epi64(v[c], v[d]);
    v[b] = rotate_63(_mm256_xor_si256(v[b], v[c]));
}

template <std::size_t Round>
FILFIL_INLINE void one_round(__m256i* v, const __m256i* m) {
    constexpr const std::uint8_t(&s)[16] = permutations[Round % 10];
    mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
    mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
    mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
    mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
    mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
    mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
    mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
    mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
}

template <std::size_t... Round>
FILFIL_INLINE void all_rounds(__m256i* v, const __m256i* m, std::index_sequence<Round...>) {
    (one_round<Round>(v, m), ...);
}

/// Words 4·part to 4·part + 3 of each lane's block, turned so that each vector holds one word of all lanes.
FILFIL_INLINE void load_words(__m256i* m, const std::byte* const blocks[lanes], std::size_t part) {
    __m256i rows[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane)
        rows[lane] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks[lane] + 32 * part));
    const __m256i even_01 = _mm256_unpacklo_epi64(rows[0], rows[1]);
    const __m256i odd_01 = _mm256_unpackhi_epi64(rows[0], rows[1]);
    const __m256i even_23 = _mm256_unpacklo_epi64(rows[2], rows[3]);
    const __m256i odd_23 = _mm256_unpackhi_epi64(rows[2], rows[3]);
    m[4 * part] = _mm256_permute2x128_si256(even_01, even_23, 0x20);
    m[4 * part + 1] = _mm256_permute2x128_si256(odd_01, odd_23, 0x20);
    m[4 * part + 2] = _mm256_permute2x128_si256(even_01, even_23, 0x31);
    m[4 * part + 3] = _mm256_permute2x128_si256(odd_01, odd_23, 0x31);
}

FILFIL_INLINE __m256i load(const std::uint64_t* from) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
}

}    // namespace

void compress_avx2(Lanes& hashes, const std::byte* const blocks[lanes]) noexcept {
    __m256i m[16];
    for (std::size_t part = 0; part < 4; ++part) load_words(m, blocks, part);

    __m256i v[16];
    for (std::size_t i = 0; i < 8; ++i) {
        v[i] = load(hashes.state[i]);
        v[i + 8] = _mm256_set1_epi64x(static_cast<long long>(initial_values[i]));
    }
    v[12] = _mm256_xor_si256(v[12], load(hashes.bytes));
    v[14] = _mm256_xor_si256(v[14], load(hashes.last));
    all_rounds(v, m, std::make_index_sequence<rounds>{});
    for (std::size_t i = 0; i < 8; ++i)
        _mm256_store_si256(reinterpret_cast<__m256i*>(hashes.state[i]),
                           _mm256_xor_si256(load(hashes.state[i]), _mm256_xor_si256(v[i], v[i + 8])));
}

}    // namespace filfil::ipld::blake2b
