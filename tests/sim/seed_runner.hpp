// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace filfil::sim {

/// What a simulator's seed came to, for whoever runs many.
struct SeedResult {
    std::vector<std::string> wrong;    ///< each a sentence; empty: all was right
    std::uint64_t trace_hash = 0;      ///< the same for the same seed
};

/// A program that runs seeds: "--seed S", "--seeds FROM..TO", "--trace", "--again" (each seed twice, and compared).
struct SeedProgram {
    std::string name;

    /// @param hasher runs jobs where they are submitted @param trace prints what happens to standard error
    /// @param counts whether what it came to is added up: not for the second run of a seed
    std::function<SeedResult(std::uint64_t seed, commp::Backend& hasher, bool trace, bool counts)> run;

    /// What all seeds came to, behind "seeds A..B: N failed; ".
    std::function<std::string()> summary;

    /// Of so many seeds. @return why they say nothing, as too little happened in them; ""
    std::function<std::string(std::uint64_t seeds)> too_little;
};

/// @return the program's exit status: 0 where all seeds were right, 2 where it was called wrongly
int run_program(const SeedProgram& program, int argc, char** argv);

}    // namespace filfil::sim
