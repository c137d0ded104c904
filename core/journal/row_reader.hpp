// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"
#include "ipld/digest.hpp"
#include "journal/sqlite_database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace filfil::journal {

/// Reads the columns of a statement's row, one after the other, and believes none of them: the first that is not what
/// it should be is kept, and what is read from then on is empty. Not thread-safe.
class RowReader {
public:
    explicit RowReader(const Statement& statement) noexcept : m_statement(statement.handle()) {}

    std::int64_t integer();
    std::uint64_t size();      ///< not negative
    std::uint32_t number();    ///< of 32 bits
    double real();             ///< finite
    std::string text();        ///< UTF-8
    Bytes blob();
    ipld::Digest256 digest();
    ipld::Cid cid();
    std::vector<ipld::Cid> cids();    ///< one after the other
    std::optional<std::int64_t> maybe_integer();
    std::optional<std::uint64_t> maybe_size();
    std::optional<std::string> maybe_text();
    std::optional<ipld::Digest256> maybe_digest();
    std::optional<ipld::Cid> maybe_cid();

    /// To be called behind the last column. @return Error::corrupt naming the row
    [[nodiscard]] Result<void> finish(const Database& database, const std::string& row) const;

private:
    bool take(int type);
    [[nodiscard]] bool is_null() const;
    [[nodiscard]] ByteView bytes() const;
    void refuse(const std::string& why);

    sqlite3_stmt* m_statement;
    int m_column = -1;    ///< read last
    std::optional<std::string> m_wrong;
};

/// CIDs one after the other, as RowReader::cids() reads them.
Bytes bytes_of_cids(const std::vector<ipld::Cid>& cids);

}    // namespace filfil::journal
