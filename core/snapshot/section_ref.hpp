// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"

#include <cstdint>

namespace filfil::snapshot {

/// Where a section begins in the arena: a multiple of 8, below 2^42. 0 names none.
using ArenaOffset = std::uint64_t;

inline constexpr unsigned arena_offset_bits = 39;    ///< of an offset divided by 8
inline constexpr std::uint64_t arena_offset_mask = (std::uint64_t{1} << arena_offset_bits) - 1;

/// The largest section the arena takes, varint included: what a SectionRef can say.
inline constexpr std::uint64_t max_section_bytes = (std::uint64_t{1} << 24) - 1;

/// A section in the arena and its length, in 8 bytes: a layout has one for every block.
class SectionRef {
public:
    constexpr SectionRef() = default;
    constexpr SectionRef(ArenaOffset offset, std::uint64_t size) noexcept
        : m_bits(offset / 8 | size << arena_offset_bits) {}

    [[nodiscard]] constexpr ArenaOffset offset() const noexcept { return (m_bits & arena_offset_mask) * 8; }
    [[nodiscard]] constexpr std::uint64_t size() const noexcept { return m_bits >> arena_offset_bits; }
    [[nodiscard]] constexpr bool empty() const noexcept { return m_bits == 0; }
    bool operator==(const SectionRef&) const = default;

private:
    std::uint64_t m_bits = 0;
};

}    // namespace filfil::snapshot
