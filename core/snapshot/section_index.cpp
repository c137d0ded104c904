// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/section_index.hpp"

#include <utility>

namespace filfil::snapshot {

/// The slot that holds the key, or the empty one where it belongs.
std::size_t SectionIndex::slot_of(const car::Word128& key) const noexcept {
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = static_cast<std::size_t>(key.low) & mask;
    while (m_slots[slot] != 0 && m_entries[m_slots[slot] - 1].key != key) slot = (slot + 1) & mask;
    return slot;
}

void SectionIndex::add(ByteView section, std::uint64_t offset) {
    const car::Word128 key = car::siphash_128(m_key, section);
    const std::size_t slot = slot_of(key);
    if (m_slots[slot] != 0) return;
    m_entries.push_back({key, offset & ~(std::uint64_t{1} << 63), 0});
    m_slots[slot] = static_cast<std::uint32_t>(m_entries.size());
    if (m_entries.size() > m_slots.size() / 3 * 2) grow();
}

std::optional<std::uint64_t> SectionIndex::find(ByteView section) {
    const std::uint32_t number = m_slots[slot_of(car::siphash_128(m_key, section))];
    if (number == 0) return std::nullopt;
    Entry& entry = m_entries[number - 1];
    if (entry.found == 0) ++m_found;
    entry.found = 1;
    return std::uint64_t{entry.offset};
}

void SectionIndex::grow() {
    m_slots = std::vector<std::uint32_t>(m_slots.size() * 2);
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        m_slots[slot_of(m_entries[i].key)] = static_cast<std::uint32_t>(i + 1);
}

}    // namespace filfil::snapshot
