// SPDX-License-Identifier: Apache-2.0 OR MIT

// SHA-256 with the SHA extensions (SHA-NI). sha256rnds2 has a latency of 4 cycles, so one message at a time leaves most
// of the unit idle: four are interleaved. Their states take half of the registers and the schedules would not fit
// beside them, so W+K go to memory and the rounds read them from there. The schedule of the next four is made during
// the rounds of these, on the ports that the rounds leave idle: on a Zen 3 core that is a third more than one after the
// other.
//
// Compiled for AVX, whose three-operand forms save a copy an instruction, but for no 256-bit register: each change
// between those and sha256rnds2, which has only an SSE form, costs Zen 3 about 150 cycles.
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

/// The message schedule of one 64-byte message, four words a step, written as W + K.
class Schedule {
public:
    /// Steps 0 to 3: the message itself.
    inline Schedule(const std::byte* message, std::uint32_t* wk) noexcept : m_out(reinterpret_cast<__m128i*>(wk)) {
        const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
        for (int i = 0; i < 4; ++i) {
            m_w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(message) + i), swap);
            put(i, m_w[i]);
        }
    }

    /// Step i, 4 to 15, each once and in order.
    inline void step(int i) noexcept {
        __m128i next = _mm_sha256msg1_epu32(m_w[i & 3], m_w[(i + 1) & 3]);
        next = _mm_add_epi32(next, _mm_alignr_epi8(m_w[(i + 3) & 3], m_w[(i + 2) & 3], 4));
        next = _mm_sha256msg2_epu32(next, m_w[(i + 3) & 3]);
        m_w[i & 3] = next;
        put(i, next);
    }

private:
    inline void put(int i, __m128i words) noexcept {
        _mm_store_si128(m_out + i, _mm_add_epi32(words, _mm_loadu_si128(vectors(sha256_k.data()) + i)));
    }

    __m128i m_w[4];
    __m128i* m_out;
};

inline void schedule(const std::byte* message, std::uint32_t* wk) noexcept {
    Schedule words(message, wk);
#pragma GCC unroll 12
    for (int i = 4; i < 16; ++i) words.step(i);
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

/// The next four messages, whose schedules are made while other nodes go through their rounds.
struct Ahead {
    const std::byte* messages;    ///< four, or null after the last
    std::uint32_t (*wk)[64];
};

/// 32 rounds of `Count` nodes from W+K at `wk(node)`, and meanwhile the whole schedule of one message of `ahead`. Its
/// steps hang on one another for six cycles each, so they are spread out between the rounds, twelve over eight.
template <std::size_t Count, class Wk>
inline void half_block(State (&s)[Count], Wk wk, const Ahead& ahead, std::size_t message) noexcept {
    if (ahead.messages == nullptr) {
#pragma GCC unroll 2
        for (std::size_t t = 0; t < 32; t += 4)
            for (std::size_t m = 0; m < Count; ++m) four_rounds(s[m], wk(m) + t);
        return;
    }
    Schedule words(ahead.messages + message * 64, ahead.wk[message]);
    int step = 4;
#pragma GCC unroll 8
    for (std::size_t j = 0; j < 8; ++j) {
        for (std::size_t m = 0; m < Count; ++m) four_rounds(s[m], wk(m) + 4 * j);
        words.step(step++);
        if (j % 2 != 0) words.step(step++);
    }
}

/// Nodes of Count messages whose schedules are in `wk`.
template <std::size_t Count>
inline void hash(const std::uint32_t (*wk)[64], Node* out, const Ahead& ahead) noexcept {
    const State start = initial_state();
    State s[Count];
    for (std::size_t m = 0; m < Count; ++m) s[m] = start;
#pragma GCC unroll 1
    for (std::size_t half = 0; half < 2; ++half)
        half_block(s, [&](std::size_t m) { return wk[m] + 32 * half; }, ahead, half);
    State middle[Count];
    for (std::size_t m = 0; m < Count; ++m) {
        s[m] = {_mm_add_epi32(s[m].abef, start.abef), _mm_add_epi32(s[m].cdgh, start.cdgh)};
        middle[m] = s[m];
    }
#pragma GCC unroll 1
    for (std::size_t half = 0; half < 2; ++half)
        half_block(s, [&](std::size_t) { return sha256_padding_wk.data() + 32 * half; }, ahead, 2 + half);
    for (std::size_t m = 0; m < Count; ++m)
        store(out[m], {_mm_add_epi32(s[m].abef, middle[m].abef), _mm_add_epi32(s[m].cdgh, middle[m].cdgh)});
}

/// Groups of four, at least one.
inline void hash_fours(const std::byte* messages, Node* out, std::size_t groups) noexcept {
    alignas(64) std::uint32_t wk[2][4][64];
    for (std::size_t m = 0; m < 4; ++m) schedule(messages + m * 64, wk[0][m]);
    for (std::size_t g = 0; g + 1 < groups; ++g)
        hash<4>(wk[g % 2], out + 4 * g, {messages + (g + 1) * 256, wk[(g + 1) % 2]});
    hash<4>(wk[(groups - 1) % 2], out + 4 * (groups - 1), {nullptr, nullptr});
}

/// Count messages, fewer than four.
template <std::size_t Count>
inline void hash_few(const std::byte* messages, Node* out) noexcept {
    alignas(64) std::uint32_t wk[Count][64];
    for (std::size_t m = 0; m < Count; ++m) schedule(messages + m * 64, wk[m]);
    hash<Count>(wk, out, {nullptr, nullptr});
}

struct ShaniHash {
    static void nodes(const std::byte* messages, Node* out, std::size_t count) noexcept {
        std::size_t n = count / 4 * 4;
        if (n != 0) hash_fours(messages, out, n / 4);
        if (n + 2 <= count) {
            hash_few<2>(messages + n * 64, out + n);
            n += 2;
        }
        if (n < count) hash_few<1>(messages + n * 64, out + n);
    }
};

bool supported() noexcept { return cpu_features().sha_ni && cpu_features().avx; }

}    // namespace

const Kernel shani_kernel{"shani",
                          "SHA extensions (SHA-NI), four nodes interleaved with the schedules of the next four",
                          &supported,
                          1,
                          6,
                          &NarrowKernel<ShaniHash>::subtrees,
                          &NarrowKernel<ShaniHash>::parents};

}    // namespace filfil::commp
