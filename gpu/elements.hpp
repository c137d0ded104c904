// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/host_device.hpp"

namespace filfil::gpu {

/// Fr32 as a matter of addresses: payload is one little-endian stream of bits, and element n is its bits 254·n to
/// 254·n + 253 under two zero bits. So no padded copy is ever made. Source: rust-fil-proofs fr32/src/padding.rs.
inline constexpr unsigned element_bits = 254;

/// Reads the element that begins at bit `bit` of `words` as eight big-endian words of a SHA-256 message.
/// Reads nine words: up to 34 bits beyond the element's last.
FILFIL_HD void load_element(const std::uint32_t* words, std::uint32_t bit, std::uint32_t* message) noexcept {
    const std::uint32_t* from = words + (bit >> 5);
    const unsigned shift = bit & 31;
    std::uint32_t low = from[0];
    FILFIL_UNROLL for (unsigned i = 0; i < 8; ++i) {
        const std::uint32_t high = from[i + 1];
        message[i] = swap_bytes(funnel_right(low, high, shift));
        low = high;
    }
    // Bits 254 and 255: the two top bits of the last byte, which is the lowest of a big-endian word.
    message[7] &= 0xffffff3f;
}

/// The two elements that leaf pair `pair` of a run of quads hashes. @param bit of the run's first byte in `words`
FILFIL_HD void load_pair(const std::uint32_t* words, std::uint32_t bit, std::uint32_t pair,
                         std::uint32_t (&message)[16]) noexcept {
    const std::uint32_t first = bit + pair * (2 * element_bits);
    load_element(words, first, message);
    load_element(words, first + element_bits, message + 8);
}

}    // namespace filfil::gpu
