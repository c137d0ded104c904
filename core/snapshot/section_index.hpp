// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "car/siphash.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::snapshot {

/// Where the sections of a CAR stand, by what they are: length, whole CID and data.
///
/// A section is kept as the 16 bytes of its hash under a key that nobody outside knows, so two that differ are taken
/// for the same with a probability of 10^-21 among 10^9, and nobody can aim at it. Some 30 bytes a section. Not
/// thread-safe.
class SectionIndex {
public:
    explicit SectionIndex(car::Word128 key) : m_key(key), m_slots(1024) {}

    /// Notes a section, unless the same one was noted before. At most 2^32 - 2 different ones.
    void add(ByteView section, std::uint64_t offset);

    /// Where the section was first noted, and from then on it counts as found.
    [[nodiscard]] std::optional<std::uint64_t> find(ByteView section);

    /// Different sections that were never found.
    [[nodiscard]] std::uint64_t never_found() const noexcept { return m_entries.size() - m_found; }

private:
    struct Entry {
        car::Word128 key;
        std::uint64_t offset : 63;
        std::uint64_t found : 1;
    };

    [[nodiscard]] std::size_t slot_of(const car::Word128& key) const noexcept;
    void grow();

    car::Word128 m_key;
    std::vector<Entry> m_entries;
    std::vector<std::uint32_t> m_slots;    ///< 1 + the number of an entry, or 0; a power of two
    std::uint64_t m_found = 0;
};

}    // namespace filfil::snapshot
