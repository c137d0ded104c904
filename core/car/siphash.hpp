// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <compare>
#include <cstdint>

namespace filfil::car {

/// 128 bits, as a key and as a hash.
struct Word128 {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    auto operator<=>(const Word128&) const = default;
};

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein; the reference implementation's SIPHASH-128). Who does
/// not know the key cannot make two inputs collide.
Word128 siphash_128(Word128 key, ByteView data) noexcept;

}    // namespace filfil::car
