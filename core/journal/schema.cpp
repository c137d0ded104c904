// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/schema.hpp"

#include "journal/backup.hpp"
#include "journal/row_reader.hpp"

#include <array>
#include <string>
#include <vector>

namespace filfil::journal {
namespace {

/// Sizes are bytes, times nanoseconds since 1970, CIDs and digests their bytes; a list of CIDs has one after the other.
constexpr std::array<std::string_view, 3> steps_of_this_program = {R"sql(
CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY,
    network TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    head BLOB NOT NULL,
    recipe TEXT NOT NULL,
    recipe_hash BLOB NOT NULL CHECK (length(recipe_hash) = 32),
    roots BLOB NOT NULL,
    blocks INTEGER NOT NULL CHECK (blocks >= 0),
    car_bytes INTEGER NOT NULL CHECK (car_bytes >= 0),
    car_sha256 BLOB CHECK (length(car_sha256) = 32),
    path TEXT,
    compression TEXT NOT NULL,
    hold INTEGER CHECK (hold >= 0),
    device TEXT NOT NULL,
    layout_seconds REAL NOT NULL,
    emit_seconds REAL NOT NULL,
    taken_at INTEGER NOT NULL,
    UNIQUE (head, recipe_hash)
) STRICT;
CREATE INDEX snapshots_by_epoch ON snapshots (epoch);

CREATE TABLE pieces (
    snapshot INTEGER NOT NULL REFERENCES snapshots (id),
    number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 4294967295),
    piece_cid BLOB NOT NULL,
    piece_cid_v2 TEXT NOT NULL,
    payload_size INTEGER NOT NULL CHECK (payload_size >= 0),
    padded_size INTEGER NOT NULL CHECK (padded_size >= 0),
    body_begin INTEGER NOT NULL CHECK (body_begin >= 0),
    body_end INTEGER NOT NULL CHECK (body_end >= 0),
    path TEXT,
    PRIMARY KEY (snapshot, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX pieces_by_cid ON pieces (piece_cid);

CREATE TABLE receipts (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    task TEXT NOT NULL,
    description BLOB NOT NULL,
    result BLOB NOT NULL,
    device TEXT NOT NULL,
    seconds REAL NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE effects (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'done', 'failed')),
    request TEXT NOT NULL,
    result TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 4294967295),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX open_effects ON effects (id) WHERE state = 'intended';

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
                                                                   R"sql(
CREATE TABLE event_logs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    cursor TEXT NOT NULL
) STRICT;

CREATE TABLE events (
    log INTEGER NOT NULL REFERENCES event_logs (id),
    block INTEGER NOT NULL CHECK (block >= 0),
    number INTEGER NOT NULL CHECK (number >= 0),
    name TEXT NOT NULL,
    slot INTEGER CHECK (slot >= 0),
    miner INTEGER CHECK (miner >= 0),
    fields TEXT NOT NULL,
    PRIMARY KEY (log, block, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_miner ON events (log, miner, block, number);
CREATE INDEX events_by_slot ON events (log, slot, block, number);
)sql",
                                                                   R"sql(
CREATE TABLE deals (
    id INTEGER PRIMARY KEY,
    contract TEXT NOT NULL,
    miner INTEGER NOT NULL CHECK (miner >= 0),
    slot INTEGER NOT NULL CHECK (slot >= 0),
    piece INTEGER NOT NULL CHECK (piece BETWEEN 0 AND 4294967295),
    attempt INTEGER NOT NULL CHECK (attempt BETWEEN 0 AND 4294967295),
    market TEXT NOT NULL,
    market_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    target INTEGER NOT NULL,
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    piece_cid BLOB,
    payload_size INTEGER NOT NULL CHECK (payload_size >= 0),
    padded_size INTEGER NOT NULL CHECK (padded_size >= 0),
    snapshot INTEGER,
    sector INTEGER CHECK (sector >= 0),
    "order" TEXT NOT NULL,
    status TEXT NOT NULL,
    error TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (contract, miner, slot, piece, attempt)
) STRICT;
CREATE INDEX open_deals ON deals (id) WHERE open = 1;
CREATE INDEX deals_by_miner ON deals (miner, id);
CREATE INDEX deals_by_slot ON deals (slot, id);

CREATE TABLE deal_steps (
    deal INTEGER NOT NULL REFERENCES deals (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    epoch INTEGER,
    details TEXT NOT NULL,
    PRIMARY KEY (deal, number)
) STRICT, WITHOUT ROWID;
)sql"};

/// All that a schema is made of, as SQLite keeps it, but for what it adds itself.
Result<std::vector<std::string>> read_schema(Database& database) {
    FILFIL_TRY(Statement query, database.prepare("SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || "
                                                 "coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"));
    std::vector<std::string> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        RowReader reader(query);
        out.push_back(reader.text());
        FILFIL_CHECK(reader.finish(database, "its schema"));
        if (out.back().starts_with("table sqlite_") || out.back().starts_with("index sqlite_")) out.pop_back();
    }
}

/// That a database which went through `steps` has.
Result<std::vector<std::string>> expected_schema(SchemaSteps steps) {
    FILFIL_TRY(const std::unique_ptr<Database> database, Database::in_memory());
    for (const std::string_view step : steps) FILFIL_CHECK(database->run(std::string(step)));
    return read_schema(*database);
}

Result<std::int64_t> ask_number(Database& database, std::string_view sql) {
    FILFIL_TRY(Statement query, database.prepare(sql));
    FILFIL_TRY(const bool row, query.step());
    if (!row) return Error(ErrorCode::internal, std::string(sql) + ": gave no row");
    RowReader reader(query);
    const std::int64_t out = reader.integer();
    FILFIL_CHECK(reader.finish(database, "its header"));
    return out;
}

Error newer(const Database& database, std::int64_t version, int newest) {
    const std::string backup = find_backup(database.path(), database.vfs());
    std::string remedy = "update fil-fil";
    if (!backup.empty())
        remedy += ", or move " + database.path() + " away and copy " + backup +
                  " to its place, which knows nothing of what was done since";
    return {ErrorCode::unsupported,
            database.path() + ": was made by a newer fil-fil: its version is " + std::to_string(version) +
                ", and this program knows those up to " + std::to_string(newest),
            std::move(remedy)};
}

}    // namespace

SchemaSteps schema_steps() noexcept { return steps_of_this_program; }

Result<int> read_version(Database& database, SchemaSteps steps) {
    FILFIL_TRY(const std::int64_t application, ask_number(database, "PRAGMA application_id"));
    FILFIL_TRY(const std::int64_t version, ask_number(database, "PRAGMA user_version"));
    FILFIL_TRY(const std::int64_t objects, ask_number(database, "SELECT count(*) FROM sqlite_schema"));
    if (application == 0 && version == 0 && objects == 0) return 0;
    if (application != application_id)
        return Error(ErrorCode::corrupt, database.path() + ": is a database of another program",
                     "give fil-fil a --data folder of its own");
    const int newest = static_cast<int>(steps.size());
    if (version > newest) return newer(database, version, newest);
    if (version < 1) return database.damage("its version is " + std::to_string(version));
    const int known = static_cast<int>(version);
    FILFIL_TRY(const std::vector<std::string> expected, expected_schema(steps.first(static_cast<std::size_t>(known))));
    FILFIL_TRY(const std::vector<std::string> found, read_schema(database));
    if (found != expected) return database.damage("its tables are not those of version " + std::to_string(known));
    return known;
}

Result<void> bring_up_to_date(Database& database, int from, SchemaSteps steps) {
    // A step that makes a table anew would take the rows that refer to it along. Cannot be switched inside a
    // transaction.
    FILFIL_CHECK(database.run("PRAGMA foreign_keys = OFF"));
    FILFIL_TRY(Transaction transaction, Transaction::begin(database));
    for (const std::string_view step : steps.subspan(static_cast<std::size_t>(from)))
        FILFIL_CHECK(database.run(std::string(step)));
    FILFIL_CHECK(database.run("PRAGMA application_id = " + std::to_string(application_id) +
                              "; PRAGMA user_version = " + std::to_string(steps.size())));
    FILFIL_TRY(const std::string orphan, database.ask("PRAGMA foreign_key_check"));
    if (!orphan.empty()) return database.damage("rows of '" + orphan + "' refer to rows that are not there");
    return transaction.commit();
}

}    // namespace filfil::journal
