// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/profile.hpp"
#include "rpc/json.hpp"
#include "service/market/deal_entry.hpp"
#include "service/market/forecast.hpp"

#include <optional>
#include <vector>

namespace filfil::service {

struct House;

/// {"id", "miner", "slot", "round", "index", "piece", "alternative", "attempt", "market", "market_id", "stage", "open",
/// "target_epoch", "open_epoch", "open_time", "close_epoch", "close_time", "piece_cid", "piece_cid_v2", "payload_size",
/// "padded_size", "snapshot", "sector", "error", "market_says", "begun_at", "changed_at", "timeline": [{"stage", "at",
/// "epoch"}], "predicted_at", "late"}: what is not known is null; times in seconds since 1970.
rpc::Json deal_json(const journal::DealRecord& record, const std::vector<StageTime>& times,
                    const node::Profile& network, const std::optional<Clock::Duration>& predicted);

/// The same of one that is worked on.
rpc::Json deal_json(const House& house, const DealEntry& deal);

/// {"number", "kind", "name", "at", "epoch", "details"}
rpc::Json step_json(const journal::DealStepRecord& step);

}    // namespace filfil::service
