// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/narrow_kernel.hpp"
#include "commp/sha256_constants.hpp"

namespace filfil::commp {
namespace {

using State = std::array<std::uint32_t, 8>;

void rounds(State& state, const std::array<std::uint32_t, 64>& wk) noexcept {
    auto [a, b, c, d, e, f, g, h] = state;
    for (const std::uint32_t x : wk) {
        const std::uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) + x;
        const std::uint32_t t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const State ended{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state[i] += ended[i];
}

struct PortableHash {
    static void nodes(const std::byte* messages, Node* out, std::size_t count) noexcept {
        for (std::size_t n = 0; n < count; ++n) {
            std::array<std::uint32_t, 64> w;
            std::memcpy(w.data(), messages + n * 64, 64);
            for (std::size_t t = 0; t < 16; ++t) w[t] = __builtin_bswap32(w[t]);
            for (std::size_t t = 16; t < 64; ++t) {
                const std::uint32_t s0 = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ (w[t - 15] >> 3);
                const std::uint32_t s1 = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ (w[t - 2] >> 10);
                w[t] = w[t - 16] + s0 + w[t - 7] + s1;
            }
            for (std::size_t t = 0; t < 64; ++t) w[t] += sha256_k[t];
            State state = sha256_iv;
            rounds(state, w);
            rounds(state, sha256_padding_wk);
            state[7] &= trunc254_word7;
            for (std::uint32_t& word : state) word = __builtin_bswap32(word);
            std::memcpy(out[n].data(), state.data(), 32);
        }
    }
};

bool always() noexcept { return true; }

}    // namespace

const Kernel portable_kernel{"portable",
                             "plain C++, one node at a time",
                             &always,
                             1,
                             6,
                             &NarrowKernel<PortableHash>::subtrees,
                             &NarrowKernel<PortableHash>::parents};

}    // namespace filfil::commp
