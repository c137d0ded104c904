// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/incentive/spending.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace filfil::service {

/// What is to be claimed.
struct ClaimWanted {
    std::vector<std::uint64_t> miners;
    bool all = false;        ///< also what is worth less than the gas that it costs
    bool dry_run = false;    ///< nothing is sent
};

/// Activates deals that can be, settles what is due for every piece that the miners hold, then withdraws what they have
/// to their owners. What cannot be done is told with its piece, and stops nothing else. @param job is ended with
/// {"dry_run", "items", "held", "due", "to_come", "withdrawn", "cost", "failed"}: see docs/api.md
void claim(House& house, const ClaimWanted& wanted, const std::shared_ptr<SpendingJob>& job);

}    // namespace filfil::service
