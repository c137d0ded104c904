// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace filfil::commp {

static_assert(std::endian::native == std::endian::little, "the kernels read payload as little-endian words");

/// Expands one quad: 127 payload bytes become four elements of 32 bytes, each 254 bits of the payload (read as one
/// little-endian bit stream) under two zero bits. Reads exactly 127 bytes. Source: rust-fil-proofs fr32/src/padding.rs.
/// Always inlined: files compiled for different instruction sets must not share one copy of it.
[[gnu::always_inline]] inline void pad_quad(const std::byte* payload, std::uint64_t (&elements)[16]) noexcept {
    constexpr std::uint64_t low_62 = ~std::uint64_t{0} >> 2;
    std::uint64_t q[16];
    std::memcpy(q, payload, 120);
    std::memcpy(&q[15], payload + 119, 8);
    q[15] >>= 8;
    for (int i = 0; i < 4; ++i) elements[i] = q[i];
    for (int i = 4; i < 8; ++i) elements[i] = q[i] << 2 | q[i - 1] >> 62;
    for (int i = 8; i < 12; ++i) elements[i] = q[i] << 4 | q[i - 1] >> 60;
    for (int i = 12; i < 16; ++i) elements[i] = q[i] << 6 | q[i - 1] >> 58;
    for (int i = 3; i < 16; i += 4) elements[i] &= low_62;
}

}    // namespace filfil::commp
