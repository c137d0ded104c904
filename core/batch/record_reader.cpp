// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/record_reader.hpp"

#include <algorithm>
#include <cstring>

namespace filfil::batch {

Result<std::optional<Record>> RecordReader::next() {
    constexpr std::size_t step = 64 * 1024;
    std::size_t at = m_start;
    bool inside_quotes = false;
    std::uint64_t lines = 0;
    bool ended = false;
    for (;;) {
        for (; at < m_end && !ended; ++at) {
            const auto byte = static_cast<char>(m_buffer[at]);
            if (byte == '\n') {
                ++lines;
                ended = !inside_quotes;
            } else if (byte == '"' && m_quoted) {
                inside_quotes = !inside_quotes;
            }
        }
        if (ended || m_at_end) break;
        if (m_end - m_start > max_record)
            return Error(ErrorCode::too_large, m_file.name() + ": line " + std::to_string(m_number) +
                                                   " is longer than " + std::to_string(max_record) + " bytes");
        if (m_start > 0) {
            std::memmove(m_buffer.data(), m_buffer.data() + m_start, m_end - m_start);
            at -= m_start;
            m_end -= m_start;
            m_start = 0;
        }
        m_buffer.resize(std::max(m_buffer.size(), m_end + step));
        FILFIL_TRY(const std::size_t got, m_file.read(ByteSpan(m_buffer).subspan(m_end, step)));
        m_end += got;
        m_at_end = got < step;
    }
    if (at == m_start) return std::optional<Record>();

    Record record;
    record.raw = chars_of(ByteView(m_buffer).subspan(m_start, at - m_start));
    record.text = record.raw;
    if (ended) record.text.remove_suffix(record.text.ends_with("\r\n") ? 2 : 1);
    record.offset = m_offset;
    record.number = m_number;
    record.ended = ended;
    m_offset += at - m_start;
    m_number += lines;
    m_start = at;
    return std::optional<Record>(record);
}

}    // namespace filfil::batch
