// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/commands.hpp"

namespace filfil::cli {

void add_commands(CLI::App& app, Context& context) {
    add_commp_command(app, context);
    add_piece_cid_command(app, context);
    add_verify_command(app, context);
    add_batch_command(app, context);
    add_devices_command(app, context);
    add_car_commands(app, context);
    add_snapshot_commands(app, context);
#ifdef FILFIL_DAEMON
    add_daemon_command(app, context);
    add_status_command(app, context);
    add_take_snapshot_command(app, context);
    add_log_command(app, context);
    add_config_commands(app, context);
    add_windows_commands(app, context);
    add_provider_commands(app, context);
    add_preflight_command(app, context);
    add_store_command(app, context);
    add_deals_commands(app, context);
    add_payouts_command(app, context);
    add_fetch_command(app, context);
    add_reputation_commands(app, context);
    add_claim_command(app, context);
    add_policy_command(app, context);
    add_operator_commands(app, context);
    add_fund_command(app, context);
    add_contract_commands(app, context);
#endif
#ifdef FILFIL_DEVNET
    add_devnet_command(app, context);
#endif
}

}    // namespace filfil::cli
