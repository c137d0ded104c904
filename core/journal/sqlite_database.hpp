// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace filfil::journal {

class Database;

/// A prepared statement of a Database, lent from its cache until this object goes: one user at a time. Values are bound
/// one after the other, in the order in which their names (":key") first stand in the SQL; the first that cannot be
/// bound is what step() fails with. Not thread-safe.
class Statement {
public:
    Statement(Database& database, sqlite3_stmt* statement) noexcept : m_database(&database), m_statement(statement) {}
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;

    Statement& integer(std::int64_t value);
    Statement& size(std::uint64_t value);       ///< Error::too_large from 2^63 on
    Statement& real(double value);              ///< Error::invalid_argument for what is no number
    Statement& text(std::string_view value);    ///< Error::invalid_argument for what is no UTF-8
    Statement& blob(ByteView value);
    Statement& null();
    Statement& maybe_integer(const std::optional<std::int64_t>& value) { return value ? integer(*value) : null(); }
    Statement& maybe_size(const std::optional<std::uint64_t>& value) { return value ? size(*value) : null(); }
    Statement& maybe_text(const std::optional<std::string>& value) { return value ? text(*value) : null(); }

    /// Runs it to its next row. @return true: there is one, to be read with RowReader; false: it is done
    [[nodiscard]] Result<bool> step();

    /// Runs to its end one that gives no rows.
    [[nodiscard]] Result<void> run();

    [[nodiscard]] sqlite3_stmt* handle() const noexcept { return m_statement; }

private:
    [[nodiscard]] std::string parameter() const;
    void note(int code);
    void refuse(ErrorCode code, const std::string& why);

    Database* m_database;
    sqlite3_stmt* m_statement;
    int m_bound = 0;
    std::optional<Error> m_refused;
};

/// One connection to a SQLite file. Not thread-safe.
class Database {
public:
    /// Opens or makes the file; the first that reads or writes may still find that it is none of SQLite's, or in use.
    /// @param vfs "" for the system's
    static Result<std::unique_ptr<Database>> open(const std::string& path, const std::string& vfs);

    /// An empty one in memory.
    static Result<std::unique_ptr<Database>> in_memory();

    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return m_path; }
    [[nodiscard]] const std::string& vfs() const noexcept { return m_vfs; }
    [[nodiscard]] sqlite3* handle() const noexcept { return m_handle; }

    /// Runs SQL of one statement or more, whose rows nobody wants.
    [[nodiscard]] Result<void> run(const std::string& sql);

    /// @param sql one statement
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);

    /// The first column of the first row, as text; "" where there is no row. For pragmas.
    [[nodiscard]] Result<std::string> ask(std::string_view sql);

    [[nodiscard]] std::int64_t last_id() const noexcept;    ///< of the last row that was inserted
    [[nodiscard]] std::int64_t changed() const noexcept;    ///< rows, by the last statement

    /// What SQLite's answer to `doing` means to a user. To be called before anything else is asked of it.
    [[nodiscard]] Error error(int code, std::string_view doing) const;

    /// Error::corrupt with `what` is wrong with the file, and what can be done about it.
    [[nodiscard]] Error damage(const std::string& what) const;

private:
    Database(std::string path, std::string vfs, sqlite3* handle);
    static Result<std::unique_ptr<Database>> open_as(const std::string& path, const std::string& name,
                                                     const std::string& vfs);

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    std::string m_path;
    std::string m_vfs;
    sqlite3* m_handle;
    std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> m_statements;
};

/// All that is written in its lifetime is there after commit(), or nothing of it. One at a time a Database.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;

    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database& database) noexcept : m_database(&database) {}

    Database* m_database;
};

}    // namespace filfil::journal
