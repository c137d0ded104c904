// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace filfil::incentive {

/// The interface of the contract that this program speaks: what its version() answers.
inline constexpr std::uint64_t interface_version = 1;

/// IFilFil.Standing.
enum class Standing : std::uint8_t { none, active, leaving, left, removed };

/// IFilFil.Held.
enum class Held : std::uint8_t { none, published, active, done, dead };

/// "active"; "?" for a number that is none of them.
std::string_view name_of(Standing standing) noexcept;
std::string_view name_of(Held held) noexcept;

// Slot = round << 16 | index in the round. Deal = slot << 8 | piece. Piece = index, with 0x80 for the alternative's.
constexpr std::uint32_t slot_of(std::uint16_t round, std::uint16_t index) noexcept {
    return static_cast<std::uint32_t>(round) << 16 | index;
}
constexpr std::uint16_t round_of(std::uint32_t slot) noexcept { return static_cast<std::uint16_t>(slot >> 16); }
constexpr std::uint16_t index_of(std::uint32_t slot) noexcept { return static_cast<std::uint16_t>(slot); }
constexpr std::uint64_t deal_of(std::uint32_t slot, std::uint8_t piece) noexcept {
    return std::uint64_t{slot} << 8 | piece;
}
constexpr std::uint8_t alternative_bit = 0x80;

}    // namespace filfil::incentive
