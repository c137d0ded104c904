// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"

namespace filfil::cli {

// Each function here adds one command, or one family of commands, to the application. A new one needs its line here,
// its line in commands.cpp and its source in CMakeLists.txt.

void add_commp_command(CLI::App& app, Context& context);
void add_piece_cid_command(CLI::App& app, Context& context);
void add_verify_command(CLI::App& app, Context& context);
void add_batch_command(CLI::App& app, Context& context);
void add_devices_command(CLI::App& app, Context& context);
void add_car_commands(CLI::App& app, Context& context);
void add_snapshot_commands(CLI::App& app, Context& context);
void add_daemon_command(CLI::App& app, Context& context);
void add_status_command(CLI::App& app, Context& context);
void add_take_snapshot_command(CLI::App& app, Context& context);
void add_log_command(CLI::App& app, Context& context);
void add_config_commands(CLI::App& app, Context& context);
void add_windows_commands(CLI::App& app, Context& context);
void add_provider_commands(CLI::App& app, Context& context);
void add_payouts_command(CLI::App& app, Context& context);
void add_fetch_command(CLI::App& app, Context& context);
void add_reputation_commands(CLI::App& app, Context& context);
void add_claim_command(CLI::App& app, Context& context);
void add_preflight_command(CLI::App& app, Context& context);
void add_store_command(CLI::App& app, Context& context);
void add_deals_commands(CLI::App& app, Context& context);
void add_policy_command(CLI::App& app, Context& context);
void add_operator_commands(CLI::App& app, Context& context);
void add_fund_command(CLI::App& app, Context& context);
void add_contract_commands(CLI::App& app, Context& context);
void add_devnet_command(CLI::App& app, Context& context);    ///< not in a build without sockets

/// What the contract's owner and guardian do, among the operator's commands.
void add_owner_commands(CLI::App& operators, Context& context);

/// What the contract told, among the contract's commands.
void add_contract_events_command(CLI::App& group, Context& context);

/// Adds all of them, in the order in which --help lists them.
void add_commands(CLI::App& app, Context& context);

}    // namespace filfil::cli
