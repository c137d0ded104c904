// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

namespace filfil::journal {

/// The deals, and what happened to each. What its functions do stands at class Journal. Not thread-safe.
class DealTable {
public:
    explicit DealTable(Database& database) noexcept : m_database(database) {}

    [[nodiscard]] Result<std::int64_t> put(const DealRecord& deal, const std::vector<DealStepRecord>& steps);
    [[nodiscard]] Result<std::vector<DealRecord>> list(const DealFilter& filter);
    [[nodiscard]] Result<std::optional<DealRecord>> get(std::int64_t id);
    [[nodiscard]] Result<std::vector<DealStepRecord>> steps(std::int64_t id);

private:
    [[nodiscard]] Result<std::int64_t> write(const DealRecord& deal);
    [[nodiscard]] Result<std::uint64_t> last_step(std::int64_t id);
    [[nodiscard]] Result<void> add_step(std::int64_t id, std::uint64_t number, const DealStepRecord& step);
    [[nodiscard]] Result<void> drop_old_answers(std::int64_t id);
    [[nodiscard]] Result<DealRecord> read(const Statement& row);

    Database& m_database;
};

}    // namespace filfil::journal
