// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/json.hpp"
#include "service/house.hpp"

#include <cstdint>
#include <functional>

namespace filfil::service {

/// Gathers all that shows what became of a deal, from the journal and as the contract has it now: {"format", "made_at",
/// "program", "network", "contract", "deal", "steps", "order", "snapshot", "proposal", "slot", "staged_piece",
/// "holder", "location", "events"}. What cannot be had says why: {"error": {…}} in its place.
/// @param handler Error::not_found for a deal that is none
void gather_evidence(House& house, std::int64_t deal, std::function<void(Result<rpc::Json>)> handler);

}    // namespace filfil::service
