// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/schema.hpp"

#include <memory>
#include <string>

namespace filfil::journal {

/// The connection that a journal lives on: in use by nobody else, sound, of the newest version of `steps`. What
/// open_sqlite_journal stands on; the steps are given so that tests can have others.
Result<std::unique_ptr<Database>> open_database(const std::string& path, const SqliteOptions& options,
                                                SchemaSteps steps);

}    // namespace filfil::journal
