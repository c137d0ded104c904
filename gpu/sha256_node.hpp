// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/sha256_constants.hpp"
#include "gpu/host_device.hpp"

namespace filfil::gpu {

/// A tree node as the card keeps it: SHA-256's eight words as numbers. A commp::Node has their bytes, big-endian.
struct alignas(16) NodeWords {
    std::uint32_t word[8];
};

/// Factors whose values the compiler must not know: it would make shifts and plain adds of them again.
struct Factors {
    std::uint32_t one = 1;
    std::uint32_t right_3 = 1U << 29;    ///< the upper half of a product with it is the number shifted right by 3
    std::uint32_t right_10 = 1U << 22;
    std::uint32_t rotate_25 = 1U << 7;    ///< both halves of a product with it together are the number rotated by 25
};

/// The upper half of a product.
FILFIL_HD std::uint32_t multiply_high(std::uint32_t a, std::uint32_t b) noexcept {
#ifdef __CUDA_ARCH__
    return __umulhi(a, b);
#else
    return static_cast<std::uint32_t>(std::uint64_t{a} * b >> 32);
#endif
}

/// All on the integer pipe, as the compiler likes it: three operands an add.
struct AluPipe {
    FILFIL_HD static std::uint32_t add(std::uint32_t a, std::uint32_t b, const Factors&) noexcept { return a + b; }
    FILFIL_HD static std::uint32_t right_3(std::uint32_t x, const Factors&) noexcept { return x >> 3; }
    FILFIL_HD static std::uint32_t right_10(std::uint32_t x, const Factors&) noexcept { return x >> 10; }
    FILFIL_HD static std::uint32_t rotate_25(std::uint32_t x, unsigned, const Factors&) noexcept {
        return rotate_right(x, 25);
    }
};

/// Adds as multiply-adds: they go to the FMA pipe, which is idle beside the rotates and logic that only the integer
/// pipe can do.
struct FmaAdds : AluPipe {
    FILFIL_HD static std::uint32_t add(std::uint32_t a, std::uint32_t b, const Factors& f) noexcept {
        return a * f.one + b;
    }
};

/// The schedule's shifts, too, as upper halves of products.
struct FmaShifts : FmaAdds {
    FILFIL_HD static std::uint32_t right_3(std::uint32_t x, const Factors& f) noexcept {
        return multiply_high(x, f.right_3);
    }
    FILFIL_HD static std::uint32_t right_10(std::uint32_t x, const Factors& f) noexcept {
        return multiply_high(x, f.right_10);
    }
};

/// And one rotate of every second round: two multiply-adds for one operation of the integer pipe.
struct FmaRotates : FmaShifts {
    FILFIL_HD static std::uint32_t rotate_25(std::uint32_t x, unsigned round, const Factors& f) noexcept {
        if (round % 2 == 0) return rotate_right(x, 25);
        return x * f.rotate_25 + multiply_high(x, f.rotate_25);
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

/// One way to write the node hash: which operations go to which pipe, and whether the 64 rounds of a compression stand
/// there one by one or as four turns of sixteen. They differ in speed only; which is fastest depends on the card (its
/// pipes, its instruction cache), so the card is asked.
template <class Pipes_, bool rolled_>
struct NodeVariant {
    using Pipes = Pipes_;
    static constexpr bool rolled = rolled_;
};

/// State of a compression after some rounds.
struct Sha256State {
    std::uint32_t a, b, c, d, e, f, g, h;
};

/// Round t; `wk` is W[t] + K[t].
template <class Pipes>
FILFIL_HD void sha256_round(Sha256State& s, unsigned t, std::uint32_t wk, const Factors& f) noexcept {
    const std::uint32_t sum1 = rotate_right(s.e, 6) ^ rotate_right(s.e, 11) ^ Pipes::rotate_25(s.e, t, f);
    const std::uint32_t choose = (s.e & s.f) ^ (~s.e & s.g);
    const std::uint32_t sum0 = rotate_right(s.a, 2) ^ rotate_right(s.a, 13) ^ rotate_right(s.a, 22);
    const std::uint32_t majority = (s.a & s.b) | (s.c & (s.a | s.b));
    const std::uint32_t t1 = Pipes::add(Pipes::add(Pipes::add(s.h, wk, f), sum1, f), choose, f);
    s.h = s.g;
    s.g = s.f;
    s.f = s.e;
    s.e = Pipes::add(s.d, t1, f);
    s.d = s.c;
    s.c = s.b;
    s.b = s.a;
    s.a = Pipes::add(Pipes::add(t1, sum0, f), majority, f);
}

/// W[t] from the sixteen words before it, in place: `w` is a ring.
template <class Pipes>
FILFIL_HD void next_schedule_word(std::uint32_t (&w)[16], unsigned t, const Factors& f) noexcept {
    const std::uint32_t x = w[(t + 1) & 15];
    const std::uint32_t y = w[(t + 14) & 15];
    const std::uint32_t s0 = rotate_right(x, 7) ^ rotate_right(x, 18) ^ Pipes::right_3(x, f);
    const std::uint32_t s1 = rotate_right(y, 17) ^ rotate_right(y, 19) ^ Pipes::right_10(y, f);
    w[t & 15] = Pipes::add(Pipes::add(w[t & 15], s0, f), Pipes::add(w[(t + 9) & 15], s1, f), f);
}

/// SHA-256 of 64 bytes with the two top bits of the last byte cleared.
/// @param w the message's sixteen big-endian words; overwritten
/// @param f from where the compiler cannot see its values, where the variant wants it so
template <class Variant>
FILFIL_HD NodeWords hash_node(std::uint32_t (&w)[16], const Factors& f) noexcept {
    using Pipes = typename Variant::Pipes;
    // Local copies: device code cannot refer to a host's namespace-scope array.
    constexpr auto k = commp::sha256_k;
    constexpr auto padding_wk = commp::sha256_padding_wk;
    constexpr auto iv = commp::sha256_iv;

    Sha256State s{iv[0], iv[1], iv[2], iv[3], iv[4], iv[5], iv[6], iv[7]};
    if constexpr (Variant::rolled) {
        FILFIL_NO_UNROLL for (unsigned turn = 0; turn < 4; ++turn) {
            FILFIL_UNROLL for (unsigned t = 0; t < 16; ++t)
                sha256_round<Pipes>(s, t, Pipes::add(w[t], looped_k[turn * 16 + t], f), f);
            if (turn == 3) break;
            FILFIL_UNROLL for (unsigned t = 0; t < 16; ++t) next_schedule_word<Pipes>(w, t, f);
        }
    } else {
        FILFIL_UNROLL for (unsigned t = 0; t < 64; ++t) {
            if (t >= 16) next_schedule_word<Pipes>(w, t, f);
            sha256_round<Pipes>(s, t, Pipes::add(w[t & 15], k[t], f), f);
        }
    }
    const Sha256State middle{s.a + iv[0], s.b + iv[1], s.c + iv[2], s.d + iv[3],
                             s.e + iv[4], s.f + iv[5], s.g + iv[6], s.h + iv[7]};
    s = middle;
    if constexpr (Variant::rolled) {
        FILFIL_NO_UNROLL for (unsigned turn = 0; turn < 4; ++turn) {
            FILFIL_UNROLL for (unsigned t = 0; t < 16; ++t)
                sha256_round<Pipes>(s, t, looped_padding_wk[turn * 16 + t], f);
        }
    } else {
        FILFIL_UNROLL for (unsigned t = 0; t < 64; ++t) sha256_round<Pipes>(s, t, padding_wk[t], f);
    }
    return {{s.a + middle.a, s.b + middle.b, s.c + middle.c, s.d + middle.d, s.e + middle.e, s.f + middle.f,
             s.g + middle.g, (s.h + middle.h) & commp::trunc254_word7}};
}

/// The message of the node over two children.
FILFIL_HD void load_children(const NodeWords& left, const NodeWords& right, std::uint32_t (&w)[16]) noexcept {
    FILFIL_UNROLL for (unsigned i = 0; i < 8; ++i) {
        w[i] = left.word[i];
        w[8 + i] = right.word[i];
    }
}

/// The node over two children.
template <class Variant>
FILFIL_HD NodeWords hash_children(const NodeWords& left, const NodeWords& right, const Factors& f) noexcept {
    std::uint32_t w[16];
    load_children(left, right, w);
    return hash_node<Variant>(w, f);
}

}    // namespace filfil::gpu
