// SPDX-License-Identifier: Apache-2.0 OR MIT

// SHA-256 with the SHA extensions (SHA-NI). sha256rnds2 has a latency of 4 cycles and starts every 2, so one message at
// a time leaves half of the unit idle; four are interleaved, which also hides the schedule. Four states do not fit the
// registers beside four schedules, so W+K go to memory first and the rounds read them from there.
#include "commp/cpu_features.hpp"
#include "commp/narrow_kernel.hpp"
#include "commp/sha256_constants.hpp"

#include <immintrin.h>

namespace filfil::commp {
namespace {

struct State {
    __m128i abef;
    __m128i cdgh;
};

const __m128i* vectors(const std::uint32_t* words) noexcept { return reinterpret_cast<const __m128i*>(words); }

State initial_state() noexcept {
    const auto iv = [](std::size_t i) { return static_cast<int>(sha256_iv[i]); };
    return {_mm_setr_epi32(iv(5), iv(4), iv(1), iv(0)), _mm_setr_epi32(iv(7), iv(6), iv(3), iv(2))};
}

/// W[t] + K[t], 64 words, of one 64-byte message.
inline void schedule(const std::byte* message, std::uint32_t* wk) noexcept {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i* k = vectors(sha256_k.data());
    __m128i* out = reinterpret_cast<__m128i*>(wk);
    __m128i w[4];
    for (int i = 0; i < 4; ++i) {
        w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(message) + i), swap);
        _mm_store_si128(out + i, _mm_add_epi32(w[i], _mm_loadu_si128(k + i)));
    }
#pragma GCC unroll 12
    for (int i = 4; i < 16; ++i) {
        __m128i next = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
        next = _mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
        next = _mm_sha256msg2_epu32(next, w[(i + 3) & 3]);
        w[i & 3] = next;
        _mm_store_si128(out + i, _mm_add_epi32(next, _mm_loadu_si128(k + i)));
    }
}

/// Four rounds: sha256rnds2 takes two words of W+K from the low half of its third operand.
inline void four_rounds(State& s, const std::uint32_t* wk) noexcept {
    s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, _mm_loadl_epi64(vectors(wk)));
    s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_loadl_epi64(vectors(wk + 2)));
}

inline void store(Node& out, const State& s) noexcept {
    // (F E B A), (H G D C) in memory order back to A … H, then to bytes, then the two top bits off.
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
    const __m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0);
    const __m128i hgfe = _mm_alignr_epi8(dchg, feba, 8);
    const __m128i top_bits_off = _mm_set_epi32(static_cast<int>(trunc254_word7), -1, -1, -1);
    __m128i* to = reinterpret_cast<__m128i*>(out.data());
    _mm_storeu_si128(to, _mm_shuffle_epi8(dcba, swap));
    _mm_storeu_si128(to + 1, _mm_shuffle_epi8(_mm_and_si128(hgfe, top_bits_off), swap));
}

template <std::size_t Count>
inline void hash(const std::byte* messages, Node* out) noexcept {
    alignas(64) std::uint32_t wk[Count][64];
    for (std::size_t m = 0; m < Count; ++m) schedule(messages + m * 64, wk[m]);

    const State start = initial_state();
    State s[Count];
    for (std::size_t m = 0; m < Count; ++m) s[m] = start;
#pragma GCC unroll 2
    for (int t = 0; t < 64; t += 4)
        for (std::size_t m = 0; m < Count; ++m) four_rounds(s[m], wk[m] + t);

    State middle[Count];
    for (std::size_t m = 0; m < Count; ++m) {
        s[m] = {_mm_add_epi32(s[m].abef, start.abef), _mm_add_epi32(s[m].cdgh, start.cdgh)};
        middle[m] = s[m];
    }
#pragma GCC unroll 2
    for (int t = 0; t < 64; t += 4)
        for (std::size_t m = 0; m < Count; ++m) four_rounds(s[m], sha256_padding_wk.data() + t);
    for (std::size_t m = 0; m < Count; ++m)
        store(out[m], {_mm_add_epi32(s[m].abef, middle[m].abef), _mm_add_epi32(s[m].cdgh, middle[m].cdgh)});
}

struct ShaniHash {
    static void nodes(const std::byte* messages, Node* out, std::size_t count) noexcept {
        std::size_t n = 0;
        for (; n + 4 <= count; n += 4) hash<4>(messages + n * 64, out + n);
        if (n + 2 <= count) {
            hash<2>(messages + n * 64, out + n);
            n += 2;
        }
        if (n < count) hash<1>(messages + n * 64, out + n);
    }
};

bool supported() noexcept { return cpu_features().sha_ni && cpu_features().sse41; }

}    // namespace

const Kernel shani_kernel{"shani",
                          "SHA extensions (SHA-NI), four nodes interleaved",
                          &supported,
                          1,
                          6,
                          &NarrowKernel<ShaniHash>::subtrees,
                          &NarrowKernel<ShaniHash>::parents};

}    // namespace filfil::commp
