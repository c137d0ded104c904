// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"

namespace filfil::cli {

// The commands under `fil-fil snapshot`, each added to that group by add_snapshot_commands().

void add_snapshot_export_command(CLI::App& snapshot, Context& context);
void add_snapshot_diff_command(CLI::App& snapshot, Context& context);
void add_snapshot_apply_command(CLI::App& snapshot, Context& context);
void add_snapshot_audit_command(CLI::App& snapshot, Context& context);
void add_snapshot_simulate_command(CLI::App& snapshot, Context& context);

}    // namespace filfil::cli
