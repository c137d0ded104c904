// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace filfil::service {

/// Where a piece of a slot's snapshot is on its way into a sector, in the order in which that goes.
enum class DealStage : std::uint8_t {
    planned,       ///< its window is ahead, or nothing is staged yet
    snapshot,      ///< the snapshot is being taken
    commp,         ///< its commitments are held against the staged ones
    proposing,     ///< it is given to the market
    proposed,      ///< the market has it, and waits for its bytes or its turn
    fetching,      ///< the market fetches or checks the bytes
    publishing,    ///< it waits to be published in f05
    sealing,       ///< it is in a sector that is not proven
    proven,        ///< on chain; the contract does not say so yet
    notified,      ///< the contract has the piece as stored
    paid,          ///< and has credited the first share. The end
    missed,        ///< the window is over, and the contract does not have it
    failed,
    cancelled,
};

/// "planned", "snapshot", …
std::string_view name_of(DealStage stage) noexcept;

/// @return nothing for a name that is none
std::optional<DealStage> deal_stage_of(std::string_view name) noexcept;

/// Whether nothing more is to happen: paid, missed, failed or cancelled.
bool is_end(DealStage stage) noexcept;

/// The stage that goes with what a market says of a deal. @return nothing where the market says no more than was known:
/// unknown, paused
std::optional<DealStage> stage_of(market::DealState state) noexcept;

}    // namespace filfil::service
