// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/u256.hpp"
#include "service/incentive/spending.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace filfil::service {

/// What an operator wants to be paid for.
struct StagingWanted {
    Epoch epoch;                                ///< a slot's target
    std::optional<incentive::U256> reward{};    ///< attoFIL for each replica; nothing: that of the slot staged last
    bool alternative = false;                   ///< beside what is staged already
};

/// The hash of a tipset's key that is staged: BLAKE2b-256 of the binary CIDs.
std::array<std::byte, 32> tipset_hash(const chain::TipsetKey& key);

/// What stage() is called with. @param snapshot whose recipe hash is the round's
/// @return Error::internal for pieces that are none
Result<contract::StageArgs> stage_args(std::uint32_t slot, const journal::SnapshotRecord& snapshot,
                                       const incentive::U256& reward);

/// Finds the slot of this round or the next whose target is `epoch`. @param next_start the epoch at which the next
/// round begins; its slots' lengths and leads are those of `round` until changed parameters apply, and slotWindow() is
/// the judge of it
/// @return Error::not_found names the targets that are nearest
Result<std::uint32_t> slot_with_target(const contract::Round& round, Epoch epoch);

/// Takes the snapshot of a slot's target once that is final, or uses the one that was taken, and commits to it on
/// chain, once: found staged already, it says so. @param job is ended with {"slot", "epoch", "tipset", "pieces",
/// "reward", "already_staged", "hash", "block", …}
void incentivize(House& house, const StagingWanted& wanted, const std::shared_ptr<SpendingJob>& job);

}    // namespace filfil::service
