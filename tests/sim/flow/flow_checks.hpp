// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "flow.hpp"
#include "journal/journal.hpp"
#include "paying_chain.hpp"
#include "shop.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace filfil::sim {

/// What people asked of deals.
struct Asked {
    std::set<std::int64_t> cancelled;    ///< deals
    std::uint64_t retries = 0;           ///< that may have made another deal of a piece
};

/// What was wrong in which epoch.
struct Weather {
    enum : unsigned { daemon = 1, disk = 2, node = 4, network = 8, contract = 16, reorg = 32, first_market = 64 };
    static unsigned market(std::uint64_t miner) { return first_market << (miner - PayingChain::first_own); }

    std::map<std::uint64_t, unsigned> at;

    /// All that was wrong in [from, to).
    [[nodiscard]] unsigned between(std::uint64_t from, std::uint64_t to) const;

    /// The longest time in [from, to) without anything wrong, in epochs, for that provider.
    [[nodiscard]] std::uint64_t longest_calm(std::uint64_t from, std::uint64_t to, std::uint64_t miner) const;
};

struct FlowSeen {
    journal::Journal& journal;
    const PayingChain& paying;
    const std::vector<const Shop*>& shops;
    const Asked& asked;
    const Weather& weather;
    std::uint64_t last_open = 0;    ///< windows that open later are not looked at
};

/// Holds the journal, the contract and the markets against one another, when all is over.
void check_flow(const FlowSeen& seen, FlowOutcome& out);

}    // namespace filfil::sim
