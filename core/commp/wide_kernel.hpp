// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/kernel.hpp"
#include "commp/sha256_constants.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

/// SHA-256 trees in vector registers: one lane, one subtree.
///
/// Word i of a node of N subtrees stands in one register ("word-sliced"), so children feed their parent without moving
/// a byte; only payload and final roots are transposed. Per 64-byte message the rounds need 8 state registers, and on
/// AVX-512 three independent sets of lanes are hashed in turn: a vector operation takes two cycles there and four start
/// each cycle (two of them rotates), which one or two chains cannot fill. Three states leave no registers for a message
/// schedule, so that is a pass of its own that leaves W+K in the first-level cache for the rounds to add from memory.
///
/// Vector types and operators are the compiler's (GCC, Clang), so the same source compiles for any width: that is how
/// tests run the 16-lane code on machines without AVX-512.
///
/// Each file that includes this names the instruction set it is compiled for in FILFIL_WIDE_TARGET. The name goes into
/// every symbol, or the linker could merge a function compiled for one instruction set with its twin for another.
#ifndef FILFIL_WIDE_TARGET
#error "define FILFIL_WIDE_TARGET to the instruction set that this file is compiled for"
#endif

namespace filfil::commp::wide::inline FILFIL_WIDE_TARGET {

template <std::size_t Lanes>
struct VectorOf {
    typedef std::uint32_t Type __attribute__((vector_size(4 * Lanes), may_alias));
};

template <std::size_t Lanes>
using Words = typename VectorOf<Lanes>::Type;

template <std::size_t Lanes>
inline Words<Lanes> splat(std::uint32_t x) noexcept {
    return Words<Lanes>{} + x;
}

template <class V>
inline V rotate(V x, int n) noexcept {
    return x >> n | x << (32 - n);
}

#if defined(__AVX512F__)
/// The table of a three-input bit function, as vpternlogd takes it.
template <class F>
constexpr int truth_table(F f) {
    int table = 0;
    for (int i = 0; i < 8; ++i) table |= (f(i >> 2 & 1, i >> 1 & 1, i & 1) & 1) << i;
    return table;
}
inline constexpr int xor_table = truth_table([](int a, int b, int c) { return a ^ b ^ c; });
inline constexpr int choose_table = truth_table([](int a, int b, int c) { return (a & b) ^ (~a & c); });
inline constexpr int majority_table = truth_table([](int a, int b, int c) { return (a & b) ^ (a & c) ^ (b & c); });

inline __m512i bits(Words<16> x) noexcept { return reinterpret_cast<__m512i>(x); }
inline Words<16> words(__m512i x) noexcept { return reinterpret_cast<Words<16>>(x); }
#endif

template <class V>
inline V xor3(V a, V b, V c) noexcept {
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return words(_mm512_ternarylogic_epi32(bits(a), bits(b), bits(c), xor_table));
#endif
    return a ^ b ^ c;
}

template <class V>
inline V choose(V e, V f, V g) noexcept {
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return words(_mm512_ternarylogic_epi32(bits(e), bits(f), bits(g), choose_table));
#endif
    return g ^ (e & (f ^ g));
}

template <class V>
inline V majority(V a, V b, V c) noexcept {
#if defined(__AVX512F__)
    if constexpr (sizeof(V) == 64) return words(_mm512_ternarylogic_epi32(bits(a), bits(b), bits(c), majority_table));
#endif
    return (a & b) | (c & (a | b));
}

typedef std::uint8_t Octets32 __attribute__((vector_size(32), may_alias));
typedef std::uint8_t Octets64 __attribute__((vector_size(64), may_alias));

inline Words<8> byteswap(Words<8> x) noexcept {
    const Octets32 o = reinterpret_cast<Octets32>(x);
    return reinterpret_cast<Words<8>>(__builtin_shufflevector(o, o, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13,
                                                              12, 19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24, 31,
                                                              30, 29, 28));
}

inline Words<16> byteswap(Words<16> x) noexcept {
    const Octets64 o = reinterpret_cast<Octets64>(x);
    return reinterpret_cast<Words<16>>(
        __builtin_shufflevector(o, o, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21,
                                20, 27, 26, 25, 24, 31, 30, 29, 28, 35, 34, 33, 32, 39, 38, 37, 36, 43, 42, 41, 40, 47,
                                46, 45, 44, 51, 50, 49, 48, 55, 54, 53, 52, 59, 58, 57, 56, 63, 62, 61, 60));
}

/// rows[i] word j becomes rows[j] word i, for 16 lanes: pairs of words, of double words, of quarters, of halves.
inline void transpose(Words<16> (&r)[16]) noexcept {
    using V = Words<16>;
    V t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
        t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    }
    // r[4g + c] now gets, for rows 4g … 4g+3, words c, c+4, c+8, c+12: one a quarter.
    for (int g = 0; g < 16; g += 4) {
        for (int h = 0; h < 2; ++h) {
            r[g + 2 * h] = __builtin_shufflevector(t[g + h], t[g + 2 + h], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12,
                                                   13, 28, 29);
            r[g + 2 * h + 1] = __builtin_shufflevector(t[g + h], t[g + 2 + h], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26,
                                                       27, 14, 15, 30, 31);
        }
    }
    for (int c = 0; c < 4; ++c) {
        const V low_a =
            __builtin_shufflevector(r[c], r[4 + c], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        const V high_a =
            __builtin_shufflevector(r[c], r[4 + c], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        const V low_b =
            __builtin_shufflevector(r[8 + c], r[12 + c], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        const V high_b =
            __builtin_shufflevector(r[8 + c], r[12 + c], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        // low_a: quarters (row group 0, words c), (0, c+8), (1, c), (1, c+8).
        r[c] = __builtin_shufflevector(low_a, low_b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        r[8 + c] = __builtin_shufflevector(low_a, low_b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        r[4 + c] = __builtin_shufflevector(high_a, high_b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        r[12 + c] = __builtin_shufflevector(high_a, high_b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
}

/// The same for 8 lanes.
inline void transpose(Words<8> (&r)[8]) noexcept {
    using V = Words<8>;
    V t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int g = 0; g < 8; g += 4) {
        for (int h = 0; h < 2; ++h) {
            r[g + 2 * h] = __builtin_shufflevector(t[g + h], t[g + 2 + h], 0, 1, 8, 9, 4, 5, 12, 13);
            r[g + 2 * h + 1] = __builtin_shufflevector(t[g + h], t[g + 2 + h], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (int c = 0; c < 4; ++c) {
        const V low = __builtin_shufflevector(r[c], r[4 + c], 0, 1, 2, 3, 8, 9, 10, 11);
        const V high = __builtin_shufflevector(r[c], r[4 + c], 4, 5, 6, 7, 12, 13, 14, 15);
        r[c] = low;
        r[4 + c] = high;
    }
}

/// Streams · Lanes subtrees at a time.
template <std::size_t Lanes, std::size_t Streams>
class Hasher {
    using V = Words<Lanes>;

    /// One node of every subtree, word-sliced.
    struct alignas(64) Sliced {
        V word[Streams][8];
    };

public:
    static constexpr std::size_t lanes = Lanes * Streams;
    static constexpr unsigned max_log2_quads = 10;

    static void subtrees(const std::byte* const* payload, unsigned log2_quads, Node* roots) noexcept {
        // waiting[l] holds a left child of level l until its sibling is there; [l][1] is where the sibling goes.
        Sliced waiting[max_log2_quads + 1][2];
        const std::size_t quads = std::size_t{1} << log2_quads;
        for (std::size_t q = 0; q < quads; ++q) {
            Sliced pairs[2];
            leaves(payload, q * quad_payload, pairs);
            unsigned level = 0;
            Sliced* to = &waiting[0][q & 1];
            hash(pairs[0], pairs[1], *to);
            for (; (q >> level & 1) != 0; ++level) {
                Sliced* up = &waiting[level + 1][q >> (level + 1) & 1];
                hash(waiting[level][0], waiting[level][1], *up);
                to = up;
            }
        }
        store(waiting[log2_quads][0], roots);
    }

    static void parents(const Node* children, Node* parents, std::size_t count) noexcept {
        while (count >= lanes) {
            parents_of_lanes(children, parents);
            children += 2 * lanes;
            parents += lanes;
            count -= lanes;
        }
        if constexpr (Streams > 1) {
            Hasher<Lanes, 1>::parents(children, parents, count);
        } else if (count != 0) {
            Node padded[2 * lanes] = {};
            Node out[lanes];
            std::memcpy(padded[0].data(), children[0].data(), count * 2 * sizeof(Node));
            parents_of_lanes(padded, out);
            std::memcpy(parents[0].data(), out[0].data(), count * sizeof(Node));
        }
    }

private:
    static constexpr std::size_t loads_a_quad = 32 / Lanes;

    /// Loads one quad of every lane, expands it to its four elements and hashes them in pairs.
    static void leaves(const std::byte* const* payload, std::size_t offset, Sliced (&pairs)[2]) noexcept {
        V message[2][Streams][16];
        for (std::size_t s = 0; s < Streams; ++s) {
            V in[32];
            for (std::size_t part = 0; part < loads_a_quad; ++part) {
                V rows[Lanes];
                for (std::size_t lane = 0; lane < Lanes; ++lane)
                    std::memcpy(&rows[lane], payload[s * Lanes + lane] + offset + part * sizeof(V), sizeof(V));
                transpose(rows);
                for (std::size_t i = 0; i < Lanes; ++i) in[part * Lanes + i] = rows[i];
            }
            // Fr32 in 32-bit words (commp/fr32.hpp): element e is the payload shifted up by 2e bits, its two top bits
            // off. The byte read past the quad's end lies in bits that the mask of word 31 clears.
            for (std::size_t e = 0; e < 4; ++e) {
                for (std::size_t i = 0; i < 8; ++i) {
                    const std::size_t w = 8 * e + i;
                    V x = e == 0 ? in[w] : in[w] << static_cast<int>(2 * e) | in[w - 1] >> static_cast<int>(32 - 2 * e);
                    if (i == 7) x &= 0x3fffffffU;
                    message[e / 2][s][8 * (e % 2) + i] = byteswap(x);
                }
            }
        }
        compress(message[0], pairs[0]);
        compress(message[1], pairs[1]);
    }

    static void hash(const Sliced& left, const Sliced& right, Sliced& out) noexcept {
        V message[Streams][16];
        for (std::size_t s = 0; s < Streams; ++s)
            for (std::size_t i = 0; i < 8; ++i) {
                message[s][i] = left.word[s][i];
                message[s][8 + i] = right.word[s][i];
            }
        compress(message, out);
    }

    /// One round of stream `st` at position `t`: the eight names rotate instead of the eight values.
    template <std::size_t t>
    [[gnu::always_inline]] static inline void round(V (&s)[8], V wk) noexcept {
        V& a = s[(64 - t) & 7];
        V& b = s[(65 - t) & 7];
        V& c = s[(66 - t) & 7];
        V& d = s[(67 - t) & 7];
        V& e = s[(68 - t) & 7];
        V& f = s[(69 - t) & 7];
        V& g = s[(70 - t) & 7];
        V& h = s[(71 - t) & 7];
        const V t1 = (h + wk) + choose(e, f, g) + xor3(rotate(e, 6), rotate(e, 11), rotate(e, 25));
        d += t1;
        h = t1 + majority(a, b, c) + xor3(rotate(a, 2), rotate(a, 13), rotate(a, 22));
    }

    template <std::size_t... t>
    [[gnu::always_inline]] static inline void eight_rounds(V (&s)[Streams][8], const V (*wk)[Streams],
                                                           std::index_sequence<t...>) noexcept {
        (
            [&] {
                for (std::size_t st = 0; st < Streams; ++st) round<t>(s[st], wk[t][st]);
            }(),
            ...);
    }

    template <std::size_t... t>
    [[gnu::always_inline]] static inline void eight_padding_rounds(V (&s)[Streams][8], const std::uint32_t* wk,
                                                                   std::index_sequence<t...>) noexcept {
        (
            [&] {
                const V x = splat<Lanes>(wk[t]);
                for (std::size_t st = 0; st < Streams; ++st) round<t>(s[st], x);
            }(),
            ...);
    }

    /// Node of one 64-byte message a lane, big-endian words in and out.
    [[gnu::noinline]] static void compress(const V (&message)[Streams][16], Sliced& out) noexcept {
        V wk[64][Streams];
        for (std::size_t st = 0; st < Streams; ++st) schedule(message[st], &wk[0][st]);

        V s[Streams][8];
        for (std::size_t st = 0; st < Streams; ++st)
            for (std::size_t i = 0; i < 8; ++i) s[st][i] = splat<Lanes>(sha256_iv[i]);
#pragma GCC unroll 1
        for (std::size_t t = 0; t < 64; t += 8) eight_rounds(s, wk + t, std::make_index_sequence<8>{});
        for (std::size_t st = 0; st < Streams; ++st)
            for (std::size_t i = 0; i < 8; ++i) out.word[st][i] = s[st][i] += sha256_iv[i];
#pragma GCC unroll 1
        for (std::size_t t = 0; t < 64; t += 8)
            eight_padding_rounds(s, sha256_padding_wk.data() + t, std::make_index_sequence<8>{});
        for (std::size_t st = 0; st < Streams; ++st) {
            for (std::size_t i = 0; i < 8; ++i) out.word[st][i] += s[st][i];
            out.word[st][7] &= trunc254_word7;
        }
    }

    /// wk[t · Streams] = W[t] + K[t] for one stream.
    [[gnu::always_inline]] static inline void schedule(const V (&message)[16], V* wk) noexcept {
        V w[16];
        for (std::size_t t = 0; t < 16; ++t) {
            w[t] = message[t];
            wk[t * Streams] = w[t] + sha256_k[t];
        }
#pragma GCC unroll 1
        for (std::size_t base = 16; base < 64; base += 16) {
#pragma GCC unroll 16
            for (std::size_t i = 0; i < 16; ++i) {
                const V w15 = w[(i + 1) & 15];
                const V w2 = w[(i + 14) & 15];
                const V s0 = xor3(rotate(w15, 7), rotate(w15, 18), w15 >> 3);
                const V s1 = xor3(rotate(w2, 17), rotate(w2, 19), w2 >> 10);
                w[i] += s0 + (w[(i + 9) & 15] + s1);
                wk[(base + i) * Streams] = w[i] + sha256_k[base + i];
            }
        }
    }

    static void store(const Sliced& node, Node* out) noexcept {
        for (std::size_t s = 0; s < Streams; ++s) {
            V rows[Lanes] = {};
            for (std::size_t i = 0; i < 8; ++i) rows[i] = byteswap(node.word[s][i]);
            transpose(rows);
            for (std::size_t lane = 0; lane < Lanes; ++lane)
                std::memcpy(out[s * Lanes + lane].data(), &rows[lane], sizeof(Node));
        }
    }

    static void parents_of_lanes(const Node* children, Node* out) noexcept {
        V message[Streams][16];
        for (std::size_t s = 0; s < Streams; ++s) {
            for (std::size_t part = 0; part < 16 / Lanes; ++part) {
                V rows[Lanes];
                for (std::size_t lane = 0; lane < Lanes; ++lane)
                    std::memcpy(&rows[lane], children[2 * (s * Lanes + lane)].data() + part * sizeof(V), sizeof(V));
                transpose(rows);
                for (std::size_t i = 0; i < Lanes; ++i) message[s][part * Lanes + i] = byteswap(rows[i]);
            }
        }
        Sliced node;
        compress(message, node);
        store(node, out);
    }
};

}    // namespace filfil::commp::wide::inline FILFIL_WIDE_TARGET
