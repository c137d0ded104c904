// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/sqlite_database.hpp"

#include "ipld/utf8.hpp"
#include "journal/backup.hpp"

#include <sqlite3.h>

#include <array>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

namespace filfil::journal {
namespace {

/// More than any row of a journal has; what a hostile file can make SQLite take in one piece.
constexpr int longest_value = 16 * 1024 * 1024;

struct Limit {
    int what;
    int value;
};
constexpr std::array limits = {Limit{SQLITE_LIMIT_LENGTH, longest_value}, Limit{SQLITE_LIMIT_SQL_LENGTH, 100'000},
                               Limit{SQLITE_LIMIT_EXPR_DEPTH, 32},        Limit{SQLITE_LIMIT_COMPOUND_SELECT, 3},
                               Limit{SQLITE_LIMIT_VDBE_OP, 25'000},       Limit{SQLITE_LIMIT_ATTACHED, 0},
                               Limit{SQLITE_LIMIT_TRIGGER_DEPTH, 1}};

/// What of a file's schema must never run: it is data until it was compared with the journal's own.
constexpr std::array switches = {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                 std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                 std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                 std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}};

/// SQLite gives names that begin so a meaning of their own.
std::string plain_name(const std::string& path) {
    return path.starts_with(":") || path.starts_with("file:") ? "./" + path : path;
}

}    // namespace

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database),
      m_statement(std::exchange(other.m_statement, nullptr)),
      m_bound(other.m_bound),
      m_refused(std::move(other.m_refused)) {}

Statement::~Statement() {
    if (m_statement == nullptr) return;
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
}

std::string Statement::parameter() const {
    const char* name = sqlite3_bind_parameter_name(m_statement, m_bound + 1);
    return name == nullptr ? "value " + std::to_string(m_bound + 1) : std::string(name + 1);
}

void Statement::refuse(ErrorCode code, const std::string& why) {
    if (!m_refused) m_refused = Error(code, m_database->path() + ": cannot write '" + parameter() + "': " + why);
    ++m_bound;
}

void Statement::note(int code) {
    if (code != SQLITE_OK && !m_refused) m_refused = m_database->error(code, "write '" + parameter() + "'");
    ++m_bound;
}

Statement& Statement::integer(std::int64_t value) {
    note(sqlite3_bind_int64(m_statement, m_bound + 1, value));
    return *this;
}

Statement& Statement::size(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return integer(static_cast<std::int64_t>(value));
    refuse(ErrorCode::too_large, std::to_string(value) + " is 2^63 or more");
    return *this;
}

Statement& Statement::real(double value) {
    if (std::isfinite(value))
        note(sqlite3_bind_double(m_statement, m_bound + 1, value));
    else
        refuse(ErrorCode::invalid_argument, "it is no finite number");
    return *this;
}

Statement& Statement::text(std::string_view value) {
    if (ipld::is_utf8(value))
        note(sqlite3_bind_text64(m_statement, m_bound + 1, value.empty() ? "" : value.data(), value.size(),
                                 SQLITE_TRANSIENT, SQLITE_UTF8));
    else
        refuse(ErrorCode::invalid_argument, "it is no UTF-8 text");
    return *this;
}

Statement& Statement::blob(ByteView value) {
    // A null pointer would be bound as NULL.
    note(value.empty() ? sqlite3_bind_zeroblob(m_statement, m_bound + 1, 0)
                       : sqlite3_bind_blob64(m_statement, m_bound + 1, value.data(), value.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::null() {
    note(sqlite3_bind_null(m_statement, m_bound + 1));
    return *this;
}

Result<bool> Statement::step() {
    if (m_refused) return *m_refused;
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    std::optional<Error> failed;
    if (code != SQLITE_DONE)
        failed = m_database->error(code, sqlite3_stmt_readonly(m_statement) != 0 ? "read" : "write");
    sqlite3_reset(m_statement);
    if (failed) return *std::move(failed);
    return false;
}

Result<void> Statement::run() {
    FILFIL_TRY(const bool row, step());
    if (row) return Error(ErrorCode::internal, "a statement that was to give no rows gave one");
    return {};
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Database::Database(std::string path, std::string vfs, sqlite3* handle)
    : m_path(std::move(path)), m_vfs(std::move(vfs)), m_handle(handle) {}

Database::~Database() {
    m_statements.clear();
    sqlite3_close_v2(m_handle);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, const std::string& vfs) {
    if (path.empty() || path.find('\0') != std::string::npos)
        return Error(ErrorCode::invalid_argument, "the journal's path is empty or has a zero byte",
                     "give the path of a file");
    return open_as(path, plain_name(path), vfs);
}

Result<std::unique_ptr<Database>> Database::in_memory() { return open_as("memory", ":memory:", {}); }

Result<std::unique_ptr<Database>> Database::open_as(const std::string& path, const std::string& name,
                                                    const std::string& vfs) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        name.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        vfs.empty() ? nullptr : vfs.c_str());
    if (handle == nullptr) return Error(ErrorCode::io, path + ": cannot open: out of memory");
    std::unique_ptr<Database> out(new Database(path, vfs, handle));
    if (code != SQLITE_OK) return out->error(code, "open");
    for (const auto& [what, value] : limits) sqlite3_limit(handle, what, value);
    for (const auto& [what, value] : switches) sqlite3_db_config(handle, what, value, nullptr);
    // Some systems build a SQLite that would put what it sorts in files.
    FILFIL_CHECK(out->run("PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON"));
    return out;
}

Result<void> Database::run(const std::string& sql) {
    const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error(code, "read or write");
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    const auto found = m_statements.find(sql);
    if (found != m_statements.end()) return Statement(*this, found->second.get());
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) return error(code, "read");
    m_statements[std::string(sql)].reset(statement);
    return Statement(*this, statement);
}

Result<std::string> Database::ask(std::string_view sql) {
    FILFIL_TRY(Statement statement, prepare(sql));
    FILFIL_TRY(const bool row, statement.step());
    if (!row) return std::string();
    const auto* text = sqlite3_column_text(statement.handle(), 0);
    if (text == nullptr) return std::string();
    return std::string(reinterpret_cast<const char*>(text),
                       static_cast<std::size_t>(sqlite3_column_bytes(statement.handle(), 0)));
}

std::int64_t Database::last_id() const noexcept { return sqlite3_last_insert_rowid(m_handle); }

std::int64_t Database::changed() const noexcept { return sqlite3_changes64(m_handle); }

Error Database::error(int code, std::string_view doing) const {
    std::string why = sqlite3_errmsg(m_handle);
    const int kind = code & 0xff;
    const int number = sqlite3_system_errno(m_handle);
    if (number != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL))
        why += " (" + std::generic_category().message(number) + ")";
    const std::string what = m_path + ": cannot " + std::string(doing) + ": ";
    switch (kind) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::busy, m_path + ": another program has it open",
                    "another fil-fil daemon uses this journal: stop it, or give this one another --data folder"};
        case SQLITE_FULL:
            return {ErrorCode::io, what + "No space left on device", "free some space on the disk of the journal"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return damage(why);
        case SQLITE_CONSTRAINT: return damage("its tables do not agree with each other (" + why + ")");
        case SQLITE_READONLY:
            return {ErrorCode::io, what + why, "let this user write to the file and to the folder it is in"};
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {ErrorCode::io, what + why,
                    "check that its folder is there and that this user may write to the folder and to the file"};
        case SQLITE_IOERR: return {ErrorCode::io, what + why, "check the disk: the kernel log says more"};
        case SQLITE_NOMEM: return {ErrorCode::io, what + why, "free some memory"};
        case SQLITE_TOOBIG: return {ErrorCode::too_large, what + why};
        default: return {ErrorCode::internal, what + why + " (SQLite code " + std::to_string(code) + ")"};
    }
}

Error Database::damage(const std::string& what) const {
    // A log that is left beside another file than its own would be played into it.
    const std::string away = "stop fil-fil, move " + m_path + " and " + m_path + "-wal (where there is one) away";
    const std::string backup = find_backup(m_path, m_vfs);
    const std::string then = backup.empty()
                                 ? ", and put a backup in its place; without one, fil-fil begins an empty journal"
                                 : ", and copy its newest backup, " + backup + ", to its place";
    return {ErrorCode::corrupt, m_path + ": is no journal, or is damaged: " + what, away + then};
}

Result<Transaction> Transaction::begin(Database& database) {
    FILFIL_CHECK(database.run("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::~Transaction() {
    // SQLite has ended it itself after some errors.
    if (m_database != nullptr && sqlite3_get_autocommit(m_database->handle()) == 0) (void)m_database->run("ROLLBACK");
}

Result<void> Transaction::commit() {
    FILFIL_CHECK(m_database->run("COMMIT"));
    m_database = nullptr;
    return {};
}

}    // namespace filfil::journal
