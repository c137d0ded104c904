// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace filfil::batch {

/// One line of a manifest or receipt file. The views are valid until the next call of next().
struct Record {
    std::string_view text;       ///< without its line end (LF or CRLF)
    std::string_view raw;        ///< as it stands in the file
    std::uint64_t offset = 0;    ///< of its first byte in the file
    std::uint64_t number = 0;    ///< of its first line, from 1
    bool ended = false;          ///< false for a last record without a line end
};

/// Cuts a stream into records, holding one of them in memory at a time.
class RecordReader {
public:
    /// A receipt with the longest path and error text stays far below it, and a manifest line even more.
    static constexpr std::size_t max_record = 1 << 20;

    /// @param quoted whether a line end between double quotes belongs to the record, as in CSV
    RecordReader(ReadableFile& file, bool quoted) : m_file(file), m_quoted(quoted) {}

    /// The next record, nothing at the end. @return Error::too_large past max_record, or what reading gives
    Result<std::optional<Record>> next();

private:
    ReadableFile& m_file;
    bool m_quoted;
    Bytes m_buffer;
    std::size_t m_start = 0;    ///< of the record in the buffer
    std::size_t m_end = 0;      ///< of the bytes in the buffer
    std::uint64_t m_offset = 0;
    std::uint64_t m_number = 1;
    bool m_at_end = false;
};

}    // namespace filfil::batch
