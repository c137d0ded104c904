// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/receipt_table.hpp"

#include "journal/row_reader.hpp"

namespace filfil::journal {

Result<std::optional<ReceiptRecord>> ReceiptTable::get(const ipld::Digest256& key) {
    FILFIL_TRY(Statement query,
               m_database.prepare("SELECT key, task, description, result, device, seconds, made_at FROM receipts "
                                  "WHERE key = :key"));
    FILFIL_TRY(const bool row, query.blob(key).step());
    if (!row) return std::optional<ReceiptRecord>();
    RowReader reader(query);
    ReceiptRecord out;
    out.key = reader.digest();
    out.task = reader.text();
    out.description = reader.blob();
    out.result = reader.blob();
    out.device = reader.text();
    out.seconds = reader.real();
    out.made_at = Clock::Duration(reader.integer());
    FILFIL_CHECK(reader.finish(m_database, "receipt " + to_hex(key)));
    return std::optional(std::move(out));
}

Result<void> ReceiptTable::put(const ReceiptRecord& receipt) {
    FILFIL_TRY(Statement insert,
               m_database.prepare("INSERT INTO receipts (key, task, description, result, device, seconds, made_at) "
                                  "VALUES (:key, :task, :description, :result, :device, :seconds, :made_at) "
                                  "ON CONFLICT (key) DO NOTHING"));
    return insert.blob(receipt.key)
        .text(receipt.task)
        .blob(receipt.description)
        .blob(receipt.result)
        .text(receipt.device)
        .real(receipt.seconds)
        .integer(receipt.made_at.count())
        .run();
}

}    // namespace filfil::journal
