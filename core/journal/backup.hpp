// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

#include <string>

namespace filfil::journal {

/// Where the copy is put that is made before a journal is brought up from `version`: "journal.db.v1.bak".
std::string backup_name(const std::string& path, int version);

/// The newest backup beside a journal, by its name: PATH.bak, or else that of the latest version; "" where there is
/// none.
std::string find_backup(const std::string& path, const std::string& vfs);

/// Copies all of `source` to `path`, by way of PATH.part, which is synced and then put in its place.
/// @return Error::io, busy or corrupt, and `path` is as it was; Error::invalid_argument for a file of the journal
/// itself
Result<void> back_up(Database& source, const std::string& path, const SqliteOptions& options);

}    // namespace filfil::journal
