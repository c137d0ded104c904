// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/boundary_map.hpp"

#include "ipld/varint.hpp"

#include <algorithm>

namespace filfil::car {
namespace {

constexpr std::uint64_t sections_a_checkpoint = 256;

}    // namespace

void BoundaryMap::add(std::uint64_t size) {
    if (m_count % sections_a_checkpoint == 0) m_checkpoints.push_back({m_total, m_lengths.size()});
    ipld::append_varint(m_lengths, size);
    ++m_count;
    m_total += size;
}

std::uint64_t BoundaryMap::first_at(std::uint64_t offset) const noexcept {
    auto from = std::ranges::upper_bound(m_checkpoints, offset, {}, &Checkpoint::offset);
    if (from == m_checkpoints.begin()) return 0;    // there are no sections
    --from;
    std::uint64_t here = from->offset;
    std::size_t place = static_cast<std::size_t>(from->place);
    while (here < offset && place < m_lengths.size()) {
        unsigned shift = 0;
        std::uint64_t size = 0;
        std::byte byte{};
        do {
            byte = m_lengths[place++];
            size |= std::to_integer<std::uint64_t>(byte & std::byte{0x7f}) << shift;
            shift += 7;
        } while ((byte & std::byte{0x80}) != std::byte{0});
        here += size;
    }
    return here;
}

}    // namespace filfil::car
