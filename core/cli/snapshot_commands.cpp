// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/snapshot_commands.hpp"

#include "cli/add_command.hpp"
#include "cli/commands.hpp"

namespace filfil::cli {

void add_snapshot_commands(CLI::App& app, Context& context) {
    CLI::App* snapshot = add_command_group(
        app, {"snapshot", "Make chain snapshots, name their piece CIDs, and compare them",
              "Snapshots are CAR files with the headers of a chain, and the state and messages of its last epochs.",
              "  fil-fil snapshot export --from store.car --recent-stateroots 2000 --skip-old-msgs -o snapshot.car\n"
              "  fil-fil snapshot diff monday.car tuesday.car -o day.diff.car\n"
              "  fil-fil snapshot apply monday.car day.diff.car -o tuesday.car\n"});
    add_snapshot_export_command(*snapshot, context);
    add_snapshot_diff_command(*snapshot, context);
    add_snapshot_apply_command(*snapshot, context);
    add_snapshot_audit_command(*snapshot, context);
    add_snapshot_simulate_command(*snapshot, context);
}

}    // namespace filfil::cli
