// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace filfil {

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t MiB = 1024 * KiB;
inline constexpr std::uint64_t GiB = 1024 * MiB;

/// A chain epoch: number of 30-second rounds since genesis (mainnet); negative values do not occur on a chain.
struct Epoch {
    std::int64_t value = 0;
    auto operator<=>(const Epoch&) const = default;
};

/// Reads a size: a decimal number, optionally with a fraction, and an optional unit B, KiB, MiB, GiB, TiB (powers of
/// 1024), kB, MB, GB, TB (powers of 1000), or K, M, G, T (powers of 1024). Case matters only between kB and KiB.
/// @return bytes; Error::invalid_argument names the text and an example.
Result<std::uint64_t> parse_size(std::string_view text);

/// "32GiB" where KiB or a larger unit divides the size and "127B" below 1 KiB; else text like "1.50 GiB", rounded to
/// three significant digits. The forms without a space read back exactly with parse_size.
std::string format_size(std::uint64_t bytes);

/// Seconds as people read them: "0.52 s", "4 min 07 s", "2 h 05 min".
std::string format_duration(double seconds);

}    // namespace filfil
