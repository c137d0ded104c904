// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"

namespace filfil::service {

void add_api(rpc::Server& server, House& house) {
    add_status_api(server, house);
    add_event_api(server, house);
    add_snapshot_api(server, house);
    add_verify_api(server, house);
    add_hold_api(server, house);
    add_schedule_api(server, house);
    add_job_api(server, house);
    add_config_api(server, house);
    add_upkeep_api(server, house);
    add_window_api(server, house);
    add_contract_api(server, house);
    add_provider_api(server, house);
    add_operator_api(server, house);
    add_deploy_api(server, house);
    add_owner_api(server, house);
    add_payout_api(server, house);
    add_contract_event_api(server, house);
    add_deal_api(server, house);
    add_preflight_api(server, house);
    add_holder_api(server, house);
    add_reputation_api(server, house);
    add_retrieval_test_api(server, house);
}

}    // namespace filfil::service
