// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/sqlite_database.hpp"

#include <span>
#include <string_view>

namespace filfil::journal {

/// The SQL that makes a journal of version i + 1 of one of version i; version 0 is an empty file. A step that was
/// released is never changed: a new version is a new step behind it.
using SchemaSteps = std::span<const std::string_view>;

/// Those of this program: its newest version is their number.
SchemaSteps schema_steps() noexcept;

/// "FFJL", where a SQLite file says which program's it is.
inline constexpr std::int64_t application_id = 0x46464a4c;

/// The version of a journal, 0 for a new file.
/// @return Error::corrupt for a file that is no journal, or whose tables are not those of its version;
/// Error::unsupported for one that is newer than `steps`
Result<int> read_version(Database& database, SchemaSteps steps);

/// Brings a journal from version `from` to the newest, all of it or nothing.
Result<void> bring_up_to_date(Database& database, int from, SchemaSteps steps);

}    // namespace filfil::journal
