// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/row_reader.hpp"

#include "ipld/utf8.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

namespace filfil::journal {
namespace {

std::string_view name_of_type(int type) noexcept {
    switch (type) {
        case SQLITE_INTEGER: return "an integer";
        case SQLITE_FLOAT: return "a real number";
        case SQLITE_TEXT: return "text";
        case SQLITE_BLOB: return "bytes";
        default: return "nothing";
    }
}

}    // namespace

void RowReader::refuse(const std::string& why) {
    if (!m_wrong) m_wrong = "column '" + std::string(sqlite3_column_name(m_statement, m_column)) + "' " + why;
}

/// Goes on to the next column. @return false where it has another type, or where one before it was wrong
bool RowReader::take(int type) {
    ++m_column;
    if (m_wrong) return false;
    const int found = sqlite3_column_type(m_statement, m_column);
    if (found == type) return true;
    refuse("holds " + std::string(name_of_type(found)) + " instead of " + std::string(name_of_type(type)));
    return false;
}

bool RowReader::is_null() const { return sqlite3_column_type(m_statement, m_column + 1) == SQLITE_NULL; }

ByteView RowReader::bytes() const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, m_column));
    const int size = sqlite3_column_bytes(m_statement, m_column);
    if (data == nullptr || size <= 0) return {};
    return {data, static_cast<std::size_t>(size)};
}

std::int64_t RowReader::integer() { return take(SQLITE_INTEGER) ? sqlite3_column_int64(m_statement, m_column) : 0; }

std::uint64_t RowReader::size() {
    const std::int64_t value = integer();
    if (value >= 0) return static_cast<std::uint64_t>(value);
    refuse("is negative: " + std::to_string(value));
    return 0;
}

std::uint32_t RowReader::number() {
    const std::uint64_t value = size();
    if (value <= std::numeric_limits<std::uint32_t>::max()) return static_cast<std::uint32_t>(value);
    refuse("is too large: " + std::to_string(value));
    return 0;
}

double RowReader::real() {
    const double value = take(SQLITE_FLOAT) ? sqlite3_column_double(m_statement, m_column) : 0;
    if (std::isfinite(value)) return value;
    refuse("is no finite number");
    return 0;
}

std::string RowReader::text() {
    if (!take(SQLITE_TEXT)) return {};
    // Asked for first: where the file's texts are UTF-16, this is what makes UTF-8 of them.
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, m_column));
    const int size = sqlite3_column_bytes(m_statement, m_column);
    if (data == nullptr || size <= 0) return {};
    std::string out(data, static_cast<std::size_t>(size));
    if (ipld::is_utf8(out)) return out;
    refuse("is no UTF-8 text");
    return {};
}

Bytes RowReader::blob() {
    if (!take(SQLITE_BLOB)) return {};
    return to_bytes(bytes());
}

ipld::Digest256 RowReader::digest() {
    ipld::Digest256 out{};
    if (!take(SQLITE_BLOB)) return out;
    const ByteView from = bytes();
    if (from.size() == out.size())
        std::ranges::copy(from, out.begin());
    else
        refuse("has " + std::to_string(from.size()) + " bytes instead of " + std::to_string(out.size()));
    return out;
}

ipld::Cid RowReader::cid() {
    if (!take(SQLITE_BLOB)) return {};
    auto out = ipld::Cid::from_bytes(bytes());
    if (out.ok()) return *std::move(out);
    refuse("is no CID: " + out.error().message);
    return {};
}

std::vector<ipld::Cid> RowReader::cids() {
    std::vector<ipld::Cid> out;
    if (!take(SQLITE_BLOB)) return out;
    for (ByteView rest = bytes(); !rest.empty(); rest = rest.subspan(out.back().bytes().size())) {
        auto one = ipld::Cid::read(rest);
        if (!one.ok()) {
            refuse("is no list of CIDs: " + one.error().message);
            return {};
        }
        out.push_back(*std::move(one));
    }
    return out;
}

std::optional<std::int64_t> RowReader::maybe_integer() {
    if (!is_null()) return integer();
    ++m_column;
    return std::nullopt;
}

std::optional<std::uint64_t> RowReader::maybe_size() {
    if (!is_null()) return size();
    ++m_column;
    return std::nullopt;
}

std::optional<std::string> RowReader::maybe_text() {
    if (!is_null()) return text();
    ++m_column;
    return std::nullopt;
}

std::optional<ipld::Digest256> RowReader::maybe_digest() {
    if (!is_null()) return digest();
    ++m_column;
    return std::nullopt;
}

std::optional<ipld::Cid> RowReader::maybe_cid() {
    if (!is_null()) return cid();
    ++m_column;
    return std::nullopt;
}

Result<void> RowReader::finish(const Database& database, const std::string& row) const {
    if (!m_wrong) return {};
    return database.damage(row + " cannot be read: " + *m_wrong);
}

Bytes bytes_of_cids(const std::vector<ipld::Cid>& cids) {
    Bytes out;
    for (const ipld::Cid& cid : cids) out.insert(out.end(), cid.bytes().begin(), cid.bytes().end());
    return out;
}

}    // namespace filfil::journal
