// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/layout.hpp"

#include "car/header.hpp"

#include <algorithm>
#include <cstring>

namespace filfil::snapshot {

Layout::Layout(const BlockStore& store, chain::TipsetKey head, Epoch epoch, std::vector<SectionRef> sections,
               std::shared_ptr<void> keep)
    : m_store(store),
      m_head(std::move(head)),
      m_epoch(epoch),
      m_header(car::encode_header(m_head)),
      m_sections(std::move(sections)),
      m_keep(std::move(keep)) {
    m_offsets.reserve(m_sections.size() / stride + 1);
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        if (i % stride == 0) m_offsets.push_back(m_body_size);
        m_body_size += m_sections[i].size();
    }
}

Layout::Place Layout::place_of(std::uint64_t offset) const noexcept {
    const auto behind = std::ranges::upper_bound(m_offsets, offset);
    const auto noted = static_cast<std::uint64_t>(behind - m_offsets.begin()) - 1;
    Place out{noted * stride, m_offsets[noted]};
    while (out.section + 1 < m_sections.size() && out.offset + m_sections[out.section].size() <= offset)
        out.offset += m_sections[out.section++].size();
    return out;
}

Result<std::uint64_t> Layout::boundary_at(std::uint64_t offset) const {
    if (offset > m_body_size)
        return Error(ErrorCode::invalid_argument,
                     "byte " + std::to_string(offset) + " is behind the end of the snapshot");
    if (offset == m_body_size) return offset;
    const Place place = place_of(offset);
    return place.offset == offset ? offset : place.offset + m_sections[place.section].size();
}

Result<void> Layout::read(std::uint64_t offset, ByteSpan out) const {
    if (offset > m_body_size || out.size() > m_body_size - offset)
        return Error(ErrorCode::invalid_argument, "bytes " + std::to_string(offset) + " to " +
                                                      std::to_string(offset + out.size()) +
                                                      " are not all in the snapshot");
    if (out.empty()) return {};
    const Arena& arena = m_store.arena();
    // Sections lie scattered and are too short for the hardware to see where they go on: all lines of one to come are
    // asked for while this one is copied. Of a large one the first are enough.
    constexpr std::uint64_t prefetched = 4096;
    constexpr std::uint64_t ahead = 2;
    const Place place = place_of(offset);
    std::uint64_t number = place.section;
    std::uint64_t skip = offset - place.offset;
    std::byte* to = out.data();
    std::byte* const end = to + out.size();
    while (to < end) {
        if (number + ahead < m_sections.size()) {
            const SectionRef later = m_sections[number + ahead];
            const std::byte* next = arena.at(later.offset());
            const std::byte* const stop = next + std::min<std::uint64_t>(later.size(), prefetched);
            for (; next < stop; next += 64) __builtin_prefetch(next);
        }
        const SectionRef section = m_sections[number++];
        const std::size_t size = std::min<std::size_t>(section.size() - skip, static_cast<std::size_t>(end - to));
        std::memcpy(to, arena.at(section.offset()) + skip, size);
        to += size;
        skip = 0;
    }
    return {};
}

}    // namespace filfil::snapshot
