// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/output.hpp"
#include "incentive/u256.hpp"

#include <compare>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace filfil::cli {

/// Sees what providers earn go by, among the contract's events as FilFil.ContractEvents and the event "contract" have
/// them. A line is {"kind", "epoch", "time", "miner", "slot", "piece", "amount", "total"}: kind "upfront" and "settled"
/// for what is earned, "withdrawn", "slashed", and "taken_back" for an earlier line whose block has left the chain;
/// total: attoFIL earned since it began to look.
class Earnings {
public:
    struct Place {
        std::uint64_t epoch = 0;
        std::uint64_t index = 0;
        auto operator<=>(const Place&) const = default;
    };

    /// @param miners as the daemon writes them. @param seen the last event that is no news
    Earnings(std::set<std::string> miners, Place seen) : m_miners(std::move(miners)), m_seen(seen) {}

    /// @param events oldest first; those up to seen() are passed over. @return new lines
    std::vector<Json> take(const Json& events);

    /// Blocks from that epoch on have left the chain. @return lines, newest first
    std::vector<Json> take_back(std::uint64_t from_epoch);

    [[nodiscard]] Place seen() const noexcept { return m_seen; }
    static Place place_of(const Json& event);

private:
    struct Told {
        Place place;
        Json line;
        incentive::U256 earned{};
    };

    std::set<std::string> m_miners;
    Place m_seen;
    incentive::U256 m_total{};
    std::deque<Told> m_told;    ///< those that may still be taken back
};

/// One line for people, of one of those.
std::string earning_text(const Json& line);

}    // namespace filfil::cli
