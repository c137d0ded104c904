// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal.hpp"

#include <cstdio>
#include <cstdlib>

namespace filfil::fuzz {

/// Stops the fuzzer with a finding where `held` is false.
inline void require(bool held, const char* what) {
    if (held) return;
    std::fprintf(stderr, "finding: not true that %s\n", what);
    std::abort();
}

/// What holds for every status that a market's answer was read as.
inline void require_whole(const market::DealStatus& status) {
    using market::DealState;
    require(status.said.size() < 8192, "a market's words are cut");
    if (status.state == DealState::failed || status.state == DealState::paused)
        require(status.why && !status.why->sentence.empty() && !status.why->remedy.empty(),
                "what has failed has a reason and a remedy");
    const auto again = market::parse_deal_status(market::json_of(status));
    require(again.ok() && *again == status, "a status reads back");
}

}    // namespace filfil::fuzz
