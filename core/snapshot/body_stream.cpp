// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/body_stream.hpp"

#include <algorithm>

namespace filfil::snapshot {

Result<bool> BodyStream::fill() {
    if (m_byte < m_batch.bytes().size()) return true;
    if (m_stop.stop_requested())
        return Error(ErrorCode::cancelled, m_reader.name() + ": stopped before its end was read");
    m_section = 0;
    m_byte = 0;
    return m_reader.read(m_batch);
}

Result<std::optional<car::Section>> BodyStream::next() {
    FILFIL_TRY(const bool more, fill());
    if (!more) return std::optional<car::Section>{};
    const car::Section section = m_batch.sections()[m_section++];
    m_byte += section.bytes.size();
    return std::optional(section);
}

Result<ByteView> BodyStream::take(std::uint64_t most) {
    FILFIL_TRY(const bool more, fill());
    if (!more) return ByteView();
    const ByteView rest = m_batch.bytes().subspan(m_byte);
    const ByteView taken = rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(most, rest.size())));
    m_byte += taken.size();
    return taken;
}

}    // namespace filfil::snapshot
