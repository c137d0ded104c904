// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

namespace filfil::journal {

/// The effects of a journal. What its functions do stands at class Journal. Not thread-safe.
class EffectTable {
public:
    explicit EffectTable(Database& database) noexcept : m_database(database) {}

    [[nodiscard]] Result<std::optional<EffectRecord>> intend(const std::string& key, const std::string& kind,
                                                             const std::string& request, Clock::Duration now);
    [[nodiscard]] Result<void> finish(const std::string& key, EffectRecord::State state, const std::string& result,
                                      Clock::Duration now);
    [[nodiscard]] Result<std::optional<EffectRecord>> get(const std::string& key);
    [[nodiscard]] Result<std::vector<EffectRecord>> open();

private:
    [[nodiscard]] Result<EffectRecord> read(const Statement& row);

    Database& m_database;
};

}    // namespace filfil::journal
