// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

namespace filfil::journal {

/// The snapshots of a journal and their pieces. What its functions do stands at class Journal. Not thread-safe.
class SnapshotTable {
public:
    explicit SnapshotTable(Database& database) noexcept : m_database(database) {}

    [[nodiscard]] Result<std::int64_t> put(const SnapshotRecord& snapshot);
    [[nodiscard]] Result<std::vector<SnapshotRecord>> list(const SnapshotFilter& filter);
    [[nodiscard]] Result<std::optional<SnapshotRecord>> get(std::int64_t id);
    [[nodiscard]] Result<std::optional<SnapshotRecord>> find(const chain::TipsetKey& head,
                                                             const ipld::Digest256& recipe_hash);
    [[nodiscard]] Result<std::vector<SnapshotRecord>> with_piece(const ipld::Cid& piece_cid);
    [[nodiscard]] Result<void> set_hold(std::int64_t id, std::optional<std::uint64_t> hold);
    [[nodiscard]] Result<void> forget_files(std::int64_t id);

private:
    [[nodiscard]] Result<std::int64_t> insert(const SnapshotRecord& snapshot);
    [[nodiscard]] Result<void> update(std::int64_t id, const SnapshotRecord& snapshot);
    [[nodiscard]] Result<void> insert_pieces(std::int64_t id, const std::vector<PieceRecord>& pieces);
    [[nodiscard]] Result<void> update_pieces(std::int64_t id, const std::vector<PieceRecord>& pieces);
    [[nodiscard]] Result<SnapshotRecord> read(const Statement& row);
    [[nodiscard]] Result<std::vector<SnapshotRecord>> read_all(Statement& query);
    [[nodiscard]] Result<std::optional<SnapshotRecord>> read_one(Statement& query);
    [[nodiscard]] Result<std::vector<PieceRecord>> read_pieces(std::int64_t id);

    Database& m_database;
};

}    // namespace filfil::journal
