// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/sqlite_database.hpp"

namespace filfil::journal {

/// The settings of a journal. What its functions do stands at class Journal. Not thread-safe.
class SettingTable {
public:
    explicit SettingTable(Database& database) noexcept : m_database(database) {}

    [[nodiscard]] Result<std::optional<std::string>> get(const std::string& name);
    [[nodiscard]] Result<void> set(const std::string& name, const std::string& value);

private:
    Database& m_database;
};

}    // namespace filfil::journal
