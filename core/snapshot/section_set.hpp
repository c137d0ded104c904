// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/pages.hpp"
#include "snapshot/section_ref.hpp"

#include <cstdint>

namespace filfil::snapshot {

/// A set of sections by their places: one bit for 32 bytes of arena, since no two sections begin within them. Memory
/// that is never touched is never taken.
class SectionSet {
public:
    /// @param end no section of the set ends behind it
    explicit SectionSet(ArenaOffset end)
        : m_bytes((end / granule / 64 + 1) * sizeof(std::uint64_t)),
          m_words(reinterpret_cast<std::uint64_t*>(map_pages(m_bytes, true))) {}
    ~SectionSet() {
        if (m_words != nullptr) unmap_pages(reinterpret_cast<std::byte*>(m_words), m_bytes);
    }
    SectionSet(const SectionSet&) = delete;
    SectionSet& operator=(const SectionSet&) = delete;

    /// Asks for the cache line that tells of this section.
    void prefetch(ArenaOffset section) const noexcept { __builtin_prefetch(m_words + section / granule / 64); }

    /// @return true if the section was not in the set before
    bool insert(ArenaOffset section) noexcept {
        const std::uint64_t bit = section / granule;
        std::uint64_t& word = m_words[bit / 64];
        const std::uint64_t mask = std::uint64_t{1} << bit % 64;
        const bool fresh = (word & mask) == 0;
        word |= mask;
        return fresh;
    }

    [[nodiscard]] bool contains(ArenaOffset section) const noexcept {
        const std::uint64_t bit = section / granule;
        return (m_words[bit / 64] >> bit % 64 & 1) != 0;
    }

    /// False where there was no memory; then the set must not be used.
    [[nodiscard]] bool good() const noexcept { return m_words != nullptr; }

private:
    static constexpr std::uint64_t granule = 32;

    const std::uint64_t m_bytes;
    std::uint64_t* const m_words;
};

}    // namespace filfil::snapshot
