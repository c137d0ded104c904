// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/snapshot_table.hpp"

#include "journal/row_reader.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace filfil::journal {
namespace {

/// @param rest what follows the table's name
std::string select_snapshots(std::string_view rest) {
    return "SELECT id, network, epoch, head, recipe, recipe_hash, roots, blocks, car_bytes, car_sha256, path, "
           "compression, hold, device, layout_seconds, emit_seconds, taken_at FROM snapshots " +
           std::string(rest);
}

bool has_empty(const std::vector<ipld::Cid>& cids) { return std::ranges::any_of(cids, &ipld::Cid::empty); }

/// What cannot be written so that it reads back the same, and what the columns cannot refuse.
Result<void> check(const SnapshotRecord& snapshot) {
    const auto wrong = [](const std::string& why) {
        return Error(ErrorCode::invalid_argument, "a snapshot cannot be put in the journal: " + why);
    };
    if (snapshot.head.empty()) return wrong("its head names no block");
    if (has_empty(snapshot.head) || has_empty(snapshot.roots)) return wrong("a CID of its head or roots is empty");
    for (std::size_t i = 0; i < snapshot.pieces.size(); ++i) {
        if (snapshot.pieces[i].piece_cid.empty()) return wrong("the CID of a piece is empty");
        if (i > 0 && snapshot.pieces[i].number <= snapshot.pieces[i - 1].number)
            return wrong("its pieces are not in the order of their numbers");
    }
    return {};
}

bool same_piece(const PieceRecord& a, const PieceRecord& b) {
    return a.number == b.number && a.piece_cid == b.piece_cid && a.piece_cid_v2 == b.piece_cid_v2 &&
           a.payload_size == b.payload_size && a.padded_size == b.padded_size && a.body_begin == b.body_begin &&
           a.body_end == b.body_end;
}

/// What two records of one (head, recipe) differ in that head and recipe decide; "" for nothing. What one of them does
/// not know is no difference.
std::string_view difference(const SnapshotRecord& a, const SnapshotRecord& b) {
    if (a.network != b.network) return "network";
    if (a.epoch != b.epoch) return "epoch";
    if (a.recipe != b.recipe) return "text of the recipe";
    if (a.roots != b.roots) return "roots";
    if (a.blocks != b.blocks) return "number of blocks";
    if (a.car_bytes != b.car_bytes) return "size";
    if (a.car_sha256 && b.car_sha256 && a.car_sha256 != b.car_sha256) return "SHA-256";
    if (!a.pieces.empty() && !b.pieces.empty() && !std::ranges::equal(a.pieces, b.pieces, same_piece)) return "pieces";
    return {};
}

Error no_such(const Database& database, std::int64_t id) {
    return {ErrorCode::not_found, database.path() + ": there is no snapshot " + std::to_string(id)};
}

}    // namespace

Result<std::int64_t> SnapshotTable::put(const SnapshotRecord& snapshot) {
    FILFIL_CHECK(check(snapshot));
    FILFIL_TRY(Transaction transaction, Transaction::begin(m_database));
    FILFIL_TRY(const std::optional<SnapshotRecord> before, find(snapshot.head, snapshot.recipe_hash));
    std::int64_t id = 0;
    if (before) {
        id = before->id;
        if (const std::string_view what = difference(*before, snapshot); !what.empty())
            return Error(ErrorCode::mismatch,
                         m_database.path() + ": snapshot " + std::to_string(id) +
                             " of the same head and recipe has another " + std::string(what),
                         "run 'fil-fil snapshot audit' on the store that one of them was taken of");
        FILFIL_CHECK(update(id, snapshot));
        FILFIL_CHECK(before->pieces.empty() ? insert_pieces(id, snapshot.pieces) : update_pieces(id, snapshot.pieces));
    } else {
        FILFIL_TRY(id, insert(snapshot));
        FILFIL_CHECK(insert_pieces(id, snapshot.pieces));
    }
    FILFIL_CHECK(transaction.commit());
    return id;
}

Result<std::int64_t> SnapshotTable::insert(const SnapshotRecord& snapshot) {
    FILFIL_TRY(
        Statement insert,
        m_database.prepare("INSERT INTO snapshots (network, epoch, head, recipe, recipe_hash, roots, blocks, "
                           "car_bytes, car_sha256, path, compression, hold, device, layout_seconds, emit_seconds, "
                           "taken_at) VALUES (:network, :epoch, :head, :recipe, :recipe_hash, :roots, :blocks, "
                           ":car_bytes, :car_sha256, :path, :compression, :hold, :device, :layout_seconds, "
                           ":emit_seconds, :taken_at)"));
    insert.text(snapshot.network)
        .integer(snapshot.epoch.value)
        .blob(bytes_of_cids(snapshot.head))
        .text(snapshot.recipe)
        .blob(snapshot.recipe_hash)
        .blob(bytes_of_cids(snapshot.roots))
        .size(snapshot.blocks)
        .size(snapshot.car_bytes);
    if (snapshot.car_sha256)
        insert.blob(*snapshot.car_sha256);
    else
        insert.null();
    insert.maybe_text(snapshot.path)
        .text(snapshot.compression)
        .maybe_size(snapshot.hold)
        .text(snapshot.device)
        .real(snapshot.layout_seconds)
        .real(snapshot.emit_seconds)
        .integer(snapshot.taken_at.count());
    FILFIL_CHECK(insert.run());
    return m_database.last_id();
}

Result<void> SnapshotTable::update(std::int64_t id, const SnapshotRecord& snapshot) {
    FILFIL_TRY(Statement update,
               m_database.prepare("UPDATE snapshots SET car_sha256 = coalesce(:car_sha256, car_sha256), path = :path, "
                                  "compression = :compression, hold = :hold, device = :device, "
                                  "layout_seconds = :layout_seconds, emit_seconds = :emit_seconds, "
                                  "taken_at = :taken_at WHERE id = :id"));
    if (snapshot.car_sha256)
        update.blob(*snapshot.car_sha256);
    else
        update.null();
    return update.maybe_text(snapshot.path)
        .text(snapshot.compression)
        .maybe_size(snapshot.hold)
        .text(snapshot.device)
        .real(snapshot.layout_seconds)
        .real(snapshot.emit_seconds)
        .integer(snapshot.taken_at.count())
        .integer(id)
        .run();
}

Result<void> SnapshotTable::insert_pieces(std::int64_t id, const std::vector<PieceRecord>& pieces) {
    for (const PieceRecord& piece : pieces) {
        FILFIL_TRY(Statement insert,
                   m_database.prepare("INSERT INTO pieces (snapshot, number, piece_cid, piece_cid_v2, payload_size, "
                                      "padded_size, body_begin, body_end, path) VALUES (:snapshot, :number, "
                                      ":piece_cid, :piece_cid_v2, :payload_size, :padded_size, :body_begin, "
                                      ":body_end, :path)"));
        FILFIL_CHECK(insert.integer(id)
                         .size(piece.number)
                         .blob(piece.piece_cid.bytes())
                         .text(piece.piece_cid_v2)
                         .size(piece.payload_size)
                         .size(piece.padded_size)
                         .size(piece.body_begin)
                         .size(piece.body_end)
                         .maybe_text(piece.path)
                         .run());
    }
    return {};
}

Result<void> SnapshotTable::update_pieces(std::int64_t id, const std::vector<PieceRecord>& pieces) {
    for (const PieceRecord& piece : pieces) {
        FILFIL_TRY(Statement update, m_database.prepare("UPDATE pieces SET path = :path WHERE snapshot = :snapshot "
                                                        "AND number = :number"));
        FILFIL_CHECK(update.maybe_text(piece.path).integer(id).size(piece.number).run());
    }
    return {};
}

Result<std::vector<SnapshotRecord>> SnapshotTable::list(const SnapshotFilter& filter) {
    std::string where = "WHERE true";
    if (filter.epoch) where += " AND epoch = :epoch";
    if (filter.before_id) where += " AND id < :before_id";
    FILFIL_TRY(Statement query, m_database.prepare(select_snapshots(where + " ORDER BY id DESC LIMIT :limit")));
    if (filter.epoch) query.integer(filter.epoch->value);
    if (filter.before_id) query.integer(*filter.before_id);
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    query.size(std::min(filter.limit, most));
    return read_all(query);
}

Result<std::optional<SnapshotRecord>> SnapshotTable::get(std::int64_t id) {
    FILFIL_TRY(Statement query, m_database.prepare(select_snapshots("WHERE id = :id")));
    return read_one(query.integer(id));
}

Result<std::optional<SnapshotRecord>> SnapshotTable::find(const chain::TipsetKey& head,
                                                          const ipld::Digest256& recipe_hash) {
    FILFIL_TRY(Statement query,
               m_database.prepare(select_snapshots("WHERE head = :head AND recipe_hash = :recipe_hash")));
    return read_one(query.blob(bytes_of_cids(head)).blob(recipe_hash));
}

Result<std::vector<SnapshotRecord>> SnapshotTable::with_piece(const ipld::Cid& piece_cid) {
    FILFIL_TRY(Statement query, m_database.prepare(select_snapshots("WHERE id IN (SELECT snapshot FROM pieces "
                                                                    "WHERE piece_cid = :piece_cid) ORDER BY id DESC")));
    return read_all(query.blob(piece_cid.bytes()));
}

Result<void> SnapshotTable::set_hold(std::int64_t id, std::optional<std::uint64_t> hold) {
    FILFIL_TRY(Statement update, m_database.prepare("UPDATE snapshots SET hold = :hold WHERE id = :id"));
    FILFIL_CHECK(update.maybe_size(hold).integer(id).run());
    if (m_database.changed() == 0) return no_such(m_database, id);
    return {};
}

Result<void> SnapshotTable::forget_files(std::int64_t id) {
    FILFIL_TRY(Transaction transaction, Transaction::begin(m_database));
    FILFIL_TRY(Statement whole,
               m_database.prepare("UPDATE snapshots SET path = NULL, compression = 'none' WHERE id = :id"));
    FILFIL_CHECK(whole.integer(id).run());
    if (m_database.changed() == 0) return no_such(m_database, id);
    FILFIL_TRY(Statement pieces, m_database.prepare("UPDATE pieces SET path = NULL WHERE snapshot = :snapshot"));
    FILFIL_CHECK(pieces.integer(id).run());
    return transaction.commit();
}

Result<SnapshotRecord> SnapshotTable::read(const Statement& row) {
    RowReader reader(row);
    SnapshotRecord out;
    out.id = reader.integer();
    out.network = reader.text();
    out.epoch.value = reader.integer();
    out.head = reader.cids();
    out.recipe = reader.text();
    out.recipe_hash = reader.digest();
    out.roots = reader.cids();
    out.blocks = reader.size();
    out.car_bytes = reader.size();
    out.car_sha256 = reader.maybe_digest();
    out.path = reader.maybe_text();
    out.compression = reader.text();
    out.hold = reader.maybe_size();
    out.device = reader.text();
    out.layout_seconds = reader.real();
    out.emit_seconds = reader.real();
    out.taken_at = Clock::Duration(reader.integer());
    FILFIL_CHECK(reader.finish(m_database, "row " + std::to_string(out.id) + " of snapshots"));
    FILFIL_TRY(out.pieces, read_pieces(out.id));
    return out;
}

Result<std::vector<SnapshotRecord>> SnapshotTable::read_all(Statement& query) {
    std::vector<SnapshotRecord> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        FILFIL_TRY(SnapshotRecord snapshot, read(query));
        out.push_back(std::move(snapshot));
    }
}

Result<std::optional<SnapshotRecord>> SnapshotTable::read_one(Statement& query) {
    FILFIL_TRY(const bool row, query.step());
    if (!row) return std::optional<SnapshotRecord>();
    FILFIL_TRY(SnapshotRecord snapshot, read(query));
    return std::optional(std::move(snapshot));
}

Result<std::vector<PieceRecord>> SnapshotTable::read_pieces(std::int64_t id) {
    FILFIL_TRY(Statement query,
               m_database.prepare("SELECT number, piece_cid, piece_cid_v2, payload_size, padded_size, body_begin, "
                                  "body_end, path FROM pieces WHERE snapshot = :snapshot ORDER BY number"));
    query.integer(id);
    std::vector<PieceRecord> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        RowReader reader(query);
        PieceRecord piece;
        piece.number = reader.number();
        piece.piece_cid = reader.cid();
        piece.piece_cid_v2 = reader.text();
        piece.payload_size = reader.size();
        piece.padded_size = reader.size();
        piece.body_begin = reader.size();
        piece.body_end = reader.size();
        piece.path = reader.maybe_text();
        FILFIL_CHECK(reader.finish(
            m_database, "row " + std::to_string(piece.number) + " of the pieces of snapshot " + std::to_string(id)));
        out.push_back(std::move(piece));
    }
}

}    // namespace filfil::journal
