// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::sim {

/// What became of a seed.
struct FlowOutcome {
    std::vector<std::string> wrong;    ///< each a sentence; empty: all was right
    std::uint64_t trace_hash = 0;      ///< of everything that happened, in order: the same for the same seed
    std::uint64_t crashes = 0;
    std::uint64_t kills = 0;
    std::uint64_t reorged = 0;    ///< blocks of the contract's chain that were taken back
    std::uint64_t slots = 0;      ///< windows of own providers that were looked at
    std::uint64_t staged = 0;     ///< of them, those of which something was staged
    std::uint64_t deals = 0;      ///< in the journal
    std::uint64_t paid = 0;
    std::uint64_t missed = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t owed = 0;         ///< deals of windows that were left in peace long enough: each had to be paid
    std::uint64_t reasons = 0;      ///< sentences of deals that were held against what was done to them
    std::uint64_t went_back = 0;    ///< deals that a reorganisation took back from notified
};

/// Runs one seed: a daemon of two providers, each with a market of another kind, that is the snapshots' operator too,
/// beside a devnet and the contract's chain. Slots are staged, stored, proven and paid while all goes wrong that the
/// seed decides; then everything heals, and each deal has to have come to its end, for a true reason.
/// @param hasher runs jobs where they are submitted @param trace prints what happens to standard error
FlowOutcome run_flow(std::uint64_t seed, commp::Backend& hasher, bool trace);

}    // namespace filfil::sim
