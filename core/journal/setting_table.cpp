// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/setting_table.hpp"

#include "journal/row_reader.hpp"

namespace filfil::journal {

Result<std::optional<std::string>> SettingTable::get(const std::string& name) {
    FILFIL_TRY(Statement query, m_database.prepare("SELECT value FROM settings WHERE name = :name"));
    FILFIL_TRY(const bool row, query.text(name).step());
    if (!row) return std::optional<std::string>();
    RowReader reader(query);
    std::optional<std::string> out = reader.text();
    FILFIL_CHECK(reader.finish(m_database, "setting '" + name + "'"));
    return out;
}

Result<void> SettingTable::set(const std::string& name, const std::string& value) {
    FILFIL_TRY(Statement insert, m_database.prepare("INSERT INTO settings (name, value) VALUES (:name, :value) "
                                                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    return insert.text(name).text(value).run();
}

}    // namespace filfil::journal
