// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

namespace filfil::journal {

/// The events of outside logs. What its functions do stands at class Journal. Not thread-safe.
class EventTable {
public:
    explicit EventTable(Database& database) noexcept : m_database(database) {}

    [[nodiscard]] Result<void> change(const std::string& log, const EventChange& change);
    [[nodiscard]] Result<std::vector<EventRecord>> list(const std::string& log, const EventFilter& filter);
    [[nodiscard]] Result<std::optional<std::string>> cursor(const std::string& log);
    [[nodiscard]] Result<void> forget(const std::string& log);

private:
    Result<void> put(const std::string& log, const EventRecord& event);

    Database& m_database;
};

}    // namespace filfil::journal
