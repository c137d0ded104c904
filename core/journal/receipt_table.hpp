// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

namespace filfil::journal {

/// The receipts of a journal. What its functions do stands at class Journal. Not thread-safe.
class ReceiptTable {
public:
    explicit ReceiptTable(Database& database) noexcept : m_database(database) {}

    [[nodiscard]] Result<std::optional<ReceiptRecord>> get(const ipld::Digest256& key);
    [[nodiscard]] Result<void> put(const ReceiptRecord& receipt);

private:
    Database& m_database;
};

}    // namespace filfil::journal
