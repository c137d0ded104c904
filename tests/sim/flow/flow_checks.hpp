// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "flow.hpp"
#include "journal/journal.hpp"
#include "paying_chain.hpp"
#include "shop.hpp"
#include "weather.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace filfil::sim {

/// What people asked of deals.
struct Asked {
    std::set<std::int64_t> cancelled;                 ///< deals
    std::map<std::int64_t, std::uint64_t> retried;    ///< deals, and how often
    std::map<std::uint64_t, std::uint64_t> stored;    ///< targets of slots, and how often
};

struct FlowSeen {
    journal::Journal& journal;
    const PayingChain& paying;
    const std::vector<const Shop*>& shops;
    const Asked& asked;
    const Weather& weather;
    std::uint64_t last_open = 0;    ///< windows that open later are not looked at
};

/// A fork that wins may have a head that is so many epochs lower.
inline constexpr std::uint64_t lower_head = 4;

/// What the checks look at, and where they say what is wrong.
class FlowLook {
public:
    struct Deal {
        journal::DealRecord record;
        std::vector<journal::DealStepRecord> steps;    ///< their epochs are the chain's, not the daemon's head
        std::string name;                              ///< for sentences
    };

    FlowLook(const FlowSeen& what, FlowOutcome& into) : seen(what), out(into) {}

    /// Reads the journal. @return whether it could be read
    bool read();

    void add(bool good, const std::string& what) {
        if (!good) out.wrong.push_back(what);
    }

    [[nodiscard]] bool looked_at(const journal::DealRecord& deal) const {
        return static_cast<std::uint64_t>(deal.opens.value) <= seen.last_open;
    }
    [[nodiscard]] const Shop& shop_of(std::uint64_t miner) const;
    static std::uint64_t own_of(std::uint64_t miner) { return miner - PayingChain::first_own; }
    static PayingChain::Place place_of(const journal::DealRecord& deal) {
        return {incentive::model::PieceKey::of(static_cast<std::uint32_t>(deal.slot),
                                               static_cast<std::uint8_t>(deal.piece)),
                deal.miner};
    }
    static bool same_piece(const journal::DealRecord& a, const journal::DealRecord& b) {
        return a.miner == b.miner && a.slot == b.slot && a.piece == b.piece;
    }

    /// It was given up by what was certain then, and the contract's chain went back behind that afterwards: by more blocks
    /// than the daemon waits for. Nothing that was said can be held against what came of it.
    [[nodiscard]] bool taken_back_since(const Deal& deal) const;

    /// How many more deals of that piece people may have asked for.
    [[nodiscard]] std::uint64_t allowed(const journal::DealRecord& deal) const;

    const FlowSeen& seen;
    FlowOutcome& out;
    std::vector<Deal> deals;
};

// Each holds one thing against the others.

/// Every end of a deal, and every sentence on the way there: what was said was so.
void check_reasons(FlowLook& look);

/// Windows: where nothing was wrong long enough, each piece was paid.
void check_windows(FlowLook& look);

/// The book against the contract, epoch by epoch: what a reorganisation took is not told to be stored.
void check_book(FlowLook& look);

/// Markets: each piece is proposed once, and again only where that has failed, or people asked for it.
void check_markets(FlowLook& look);

/// The contract: what it has is known; nothing of ours took effect twice; what it paid is there, or was taken once.
void check_chain(FlowLook& look);

}    // namespace filfil::sim
