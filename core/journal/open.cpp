// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/open.hpp"

#include "journal/backup.hpp"
#include "journal/sqlite_journal.hpp"

#include <utility>

namespace filfil::journal {
namespace {

/// Whose it is and which version, of a file that may hold anything.
Result<int> identify(Database& database, SchemaSteps steps) {
    auto version = read_version(database, steps);
    // A file can be wrong in ways for which SQLite has no code of its own, such as a format of the future.
    if (!version.ok() && version.error().code == ErrorCode::internal) return database.damage(version.error().message);
    return version;
}

Result<void> check_pages(Database& database) {
    FILFIL_TRY(const std::string found, database.ask("PRAGMA quick_check(1)"));
    if (found != "ok") return database.damage(found);
    return {};
}

/// From here on the file is written to.
Result<void> set_up(Database& database) {
    FILFIL_TRY(const std::string mode, database.ask("PRAGMA journal_mode = WAL"));
    if (mode != "wal")
        return Error(ErrorCode::io, database.path() + ": cannot keep a write-ahead log beside it",
                     "put the data folder on a local disk");
    return database.run("PRAGMA synchronous = FULL");
}

}    // namespace

Result<std::unique_ptr<Database>> open_database(const std::string& path, const SqliteOptions& options,
                                                SchemaSteps steps) {
    FILFIL_TRY(std::unique_ptr<Database> database, Database::open(path, options.vfs));
    // Before anything is read: a write-ahead log whose only user is this one needs no shared memory.
    FILFIL_CHECK(database->ask("PRAGMA locking_mode = EXCLUSIVE"));
    FILFIL_TRY(const int version, identify(*database, steps));
    if (version > 0) FILFIL_CHECK(check_pages(*database));
    FILFIL_CHECK(set_up(*database));
    if (version < static_cast<int>(steps.size())) {
        if (version > 0) FILFIL_CHECK(back_up(*database, backup_name(path, version), options));
        FILFIL_CHECK(bring_up_to_date(*database, version, steps));
    }
    FILFIL_CHECK(database->run("PRAGMA foreign_keys = ON"));
    return database;
}

Result<std::unique_ptr<Journal>> open_sqlite_journal(const std::string& path, const Clock& clock,
                                                     const SqliteOptions& options) {
    FILFIL_TRY(std::unique_ptr<Database> database, open_database(path, options, schema_steps()));
    return std::unique_ptr<Journal>(std::make_unique<SqliteJournal>(std::move(database), clock, options));
}

}    // namespace filfil::journal
