// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::sim {

/// What became of a seed.
struct Outcome {
    std::vector<std::string> wrong;    ///< each a sentence; empty: all was right
    std::uint64_t trace_hash = 0;      ///< of everything that happened, in order: the same for the same seed
    std::uint64_t crashes = 0;
    std::uint64_t kills = 0;
    std::uint64_t snapshots = 0;    ///< in the journal at the end
    std::uint64_t scheduled = 0;    ///< of them, by schedules
    std::uint64_t staged = 0;       ///< 1: the contract's slot was staged, and that was looked at
    std::uint64_t reorged = 0;      ///< blocks of the EVM chain that were taken back
};

/// Runs one seed: a daemon beside one or two nodes, disturbed in all ways that its seed decides, then left in peace
/// until it is in step; then everything is looked at. @param hasher runs jobs where they are submitted
/// @param trace prints what happens to standard error
Outcome run_seed(std::uint64_t seed, commp::Backend& hasher, bool trace);

}    // namespace filfil::sim
