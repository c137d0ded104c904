// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/section_walk.hpp"

#include "ipld/varint.hpp"

#include <algorithm>

namespace filfil::service {

void SectionWalk::feed(ByteView bytes) noexcept {
    while (!bytes.empty() && !m_lost) {
        if (m_left > 0) {
            const std::uint64_t skipped = std::min<std::uint64_t>(m_left, bytes.size());
            bytes = bytes.subspan(static_cast<std::size_t>(skipped));
            m_left -= skipped;
            m_at += skipped;
            continue;
        }
        if (m_digits == 0) m_begin = m_at;
        const auto byte = static_cast<std::uint64_t>(bytes.front());
        m_length |= (byte & 0x7f) << (7 * m_digits);
        ++m_digits;
        ++m_at;
        bytes = bytes.subspan(1);
        if ((byte & 0x80) != 0) {
            m_lost = m_digits == ipld::max_varint_length;
            continue;
        }
        m_lost = m_length == 0;
        m_left = m_length;
        m_length = 0;
        m_digits = 0;
    }
}

}    // namespace filfil::service
