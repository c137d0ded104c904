// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/sha256_constants.hpp"
#include "gpu/host_device.hpp"

namespace filfil::gpu {

/// A tree node as the card keeps it: SHA-256's eight words as numbers. A commp::Node has their bytes, big-endian.
struct alignas(16) NodeWords {
    std::uint32_t word[8];
};

/// Adds as the compiler likes them: three operands at a time on the integer pipe.
struct PlainAdds {
    static constexpr const char* name = "plain";
    FILFIL_HD static std::uint32_t add(std::uint32_t a, std::uint32_t b, std::uint32_t) noexcept { return a + b; }
};

/// Adds as multiply-adds by a 1 that the compiler cannot know: they go to the FMA pipe, which is idle beside the rotates
/// and logic of SHA-256 that only the integer pipe can do.
struct FmaAdds {
    static constexpr const char* name = "fma";
    FILFIL_HD static std::uint32_t add(std::uint32_t a, std::uint32_t b, std::uint32_t one) noexcept {
        return a * one + b;
    }
};

#ifdef __CUDACC__
#define FILFIL_CONSTANT static __constant__ const
#else
#define FILFIL_CONSTANT inline constexpr
#endif
/// The tables where loops read them: a card's constant memory.
FILFIL_CONSTANT std::array<std::uint32_t, 64> looped_k = commp::sha256_k;
FILFIL_CONSTANT std::array<std::uint32_t, 64> looped_padding_wk = commp::sha256_padding_wk;
#undef FILFIL_CONSTANT

/// One way to write the node hash: where adds go, and whether the 64 rounds of a compression stand there one by one or as
/// four turns of sixteen. They differ in speed only; which is fastest depends on the card (its pipes, its instruction
/// cache), so the card is asked.
template <class Adds_, bool rolled_>
struct NodeVariant {
    using Adds = Adds_;
    static constexpr bool rolled = rolled_;
};

/// State of a compression after some rounds.
struct Sha256State {
    std::uint32_t a, b, c, d, e, f, g, h;
};

/// One round; `wk` is W[t] + K[t].
template <class Adds>
FILFIL_HD void sha256_round(Sha256State& s, std::uint32_t wk, std::uint32_t one) noexcept {
    const std::uint32_t sum1 = rotate_right(s.e, 6) ^ rotate_right(s.e, 11) ^ rotate_right(s.e, 25);
    const std::uint32_t choose = (s.e & s.f) ^ (~s.e & s.g);
    const std::uint32_t sum0 = rotate_right(s.a, 2) ^ rotate_right(s.a, 13) ^ rotate_right(s.a, 22);
    const std::uint32_t majority = (s.a & s.b) | (s.c & (s.a | s.b));
    const std::uint32_t t1 = Adds::add(Adds::add(Adds::add(s.h, wk, one), sum1, one), choose, one);
    s.h = s.g;
    s.g = s.f;
    s.f = s.e;
    s.e = Adds::add(s.d, t1, one);
    s.d = s.c;
    s.c = s.b;
    s.b = s.a;
    s.a = Adds::add(Adds::add(t1, sum0, one), majority, one);
}

/// W[t] from the sixteen words before it, in place: `w` is a ring.
template <class Adds>
FILFIL_HD void next_schedule_word(std::uint32_t (&w)[16], unsigned t, std::uint32_t one) noexcept {
    const std::uint32_t x = w[(t + 1) & 15];
    const std::uint32_t y = w[(t + 14) & 15];
    const std::uint32_t s0 = rotate_right(x, 7) ^ rotate_right(x, 18) ^ (x >> 3);
    const std::uint32_t s1 = rotate_right(y, 17) ^ rotate_right(y, 19) ^ (y >> 10);
    w[t & 15] = Adds::add(Adds::add(w[t & 15], s0, one), Adds::add(w[(t + 9) & 15], s1, one), one);
}

/// SHA-256 of 64 bytes with the two top bits of the last byte cleared.
/// @param w the message's sixteen big-endian words; overwritten
/// @param one the number 1, from where the compiler cannot see that it is
template <class Variant>
FILFIL_HD NodeWords hash_node(std::uint32_t (&w)[16], std::uint32_t one) noexcept {
    using Adds = typename Variant::Adds;
    // Local copies: device code cannot refer to a host's namespace-scope array.
    constexpr auto k = commp::sha256_k;
    constexpr auto padding_wk = commp::sha256_padding_wk;
    constexpr auto iv = commp::sha256_iv;

    Sha256State s{iv[0], iv[1], iv[2], iv[3], iv[4], iv[5], iv[6], iv[7]};
    if constexpr (Variant::rolled) {
        FILFIL_NO_UNROLL for (unsigned turn = 0; turn < 4; ++turn) {
            FILFIL_UNROLL for (unsigned t = 0; t < 16; ++t)
                sha256_round<Adds>(s, Adds::add(w[t], looped_k[turn * 16 + t], one), one);
            if (turn == 3) break;
            FILFIL_UNROLL for (unsigned t = 0; t < 16; ++t) next_schedule_word<Adds>(w, t, one);
        }
    } else {
        FILFIL_UNROLL for (unsigned t = 0; t < 64; ++t) {
            if (t >= 16) next_schedule_word<Adds>(w, t, one);
            sha256_round<Adds>(s, Adds::add(w[t & 15], k[t], one), one);
        }
    }
    const Sha256State middle{s.a + iv[0], s.b + iv[1], s.c + iv[2], s.d + iv[3],
                             s.e + iv[4], s.f + iv[5], s.g + iv[6], s.h + iv[7]};
    s = middle;
    if constexpr (Variant::rolled) {
        FILFIL_NO_UNROLL for (unsigned turn = 0; turn < 4; ++turn) {
            FILFIL_UNROLL for (unsigned t = 0; t < 16; ++t) sha256_round<Adds>(s, looped_padding_wk[turn * 16 + t], one);
        }
    } else {
        FILFIL_UNROLL for (unsigned t = 0; t < 64; ++t) sha256_round<Adds>(s, padding_wk[t], one);
    }
    return {{s.a + middle.a, s.b + middle.b, s.c + middle.c, s.d + middle.d, s.e + middle.e, s.f + middle.f,
             s.g + middle.g, (s.h + middle.h) & commp::trunc254_word7}};
}

/// The node over two children.
template <class Variant>
FILFIL_HD NodeWords hash_children(const NodeWords& left, const NodeWords& right, std::uint32_t one) noexcept {
    std::uint32_t w[16];
    FILFIL_UNROLL for (unsigned i = 0; i < 8; ++i) {
        w[i] = left.word[i];
        w[8 + i] = right.word[i];
    }
    return hash_node<Variant>(w, one);
}

}    // namespace filfil::gpu
