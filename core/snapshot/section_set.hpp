// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/section_ref.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace filfil::snapshot {

/// A set of sections by their places: one bit for 32 bytes of arena, since no two sections begin within them. Memory
/// that is never touched is never taken.
class SectionSet {
public:
    /// @param end no section of the set ends behind it
    explicit SectionSet(ArenaOffset end)
        : m_words(static_cast<std::uint64_t*>(std::calloc(end / granule / 64 + 1, 8))) {}

    /// @return true if the section was not in the set before
    bool insert(ArenaOffset section) noexcept {
        const std::uint64_t bit = section / granule;
        std::uint64_t& word = m_words.get()[bit / 64];
        const std::uint64_t mask = std::uint64_t{1} << bit % 64;
        const bool fresh = (word & mask) == 0;
        word |= mask;
        return fresh;
    }

    /// False where there was no memory; then the set must not be used.
    [[nodiscard]] bool good() const noexcept { return m_words != nullptr; }

private:
    static constexpr std::uint64_t granule = 32;

    struct Free {
        void operator()(std::uint64_t* words) const noexcept {
            std::free(words);
        }    // NOLINT(cppcoreguidelines-no-malloc)
    };
    std::unique_ptr<std::uint64_t, Free> m_words;
};

}    // namespace filfil::snapshot
