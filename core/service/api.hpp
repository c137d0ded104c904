// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/api_params.hpp"
#include "service/house.hpp"

namespace filfil::service {

/// All methods "FilFil.…" of the daemon's API. docs/api.md has an example of each. @param house must outlive the server
void add_api(rpc::Server& server, House& house);

// The parts of it, a file each.
void add_status_api(rpc::Server& server, House& house);
void add_event_api(rpc::Server& server, House& house);
void add_snapshot_api(rpc::Server& server, House& house);
void add_verify_api(rpc::Server& server, House& house);
void add_hold_api(rpc::Server& server, House& house);
void add_schedule_api(rpc::Server& server, House& house);
void add_job_api(rpc::Server& server, House& house);
void add_config_api(rpc::Server& server, House& house);
void add_upkeep_api(rpc::Server& server, House& house);
void add_window_api(rpc::Server& server, House& house);
void add_contract_api(rpc::Server& server, House& house);
void add_provider_api(rpc::Server& server, House& house);
void add_operator_api(rpc::Server& server, House& house);
void add_deploy_api(rpc::Server& server, House& house);
void add_owner_api(rpc::Server& server, House& house);
void add_payout_api(rpc::Server& server, House& house);
void add_contract_event_api(rpc::Server& server, House& house);
void add_deal_api(rpc::Server& server, House& house);
void add_preflight_api(rpc::Server& server, House& house);
void add_holder_api(rpc::Server& server, House& house);
void add_reputation_api(rpc::Server& server, House& house);
void add_retrieval_test_api(rpc::Server& server, House& house);

/// All settings with what they are: FilFil.Config, and a part of FilFil.State.
rpc::Json settings_json(const House& house);

}    // namespace filfil::service
