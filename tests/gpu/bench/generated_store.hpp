// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "bench/bench.hpp"
#include "snapshot/engine.hpp"

#include <cstdint>

namespace filfil::bench {

/// Epochs whose state is kept: all that a generated chain has.
inline constexpr std::int64_t all_epochs = 1'000'000;

/// Of an engine that keeps them all.
inline snapshot::EngineOptions engine_options() {
    snapshot::EngineOptions options;
    options.recent_stateroots = all_epochs;
    return options;
}

/// Makes a chain and loads it into an empty engine while it is being made, so that nothing of it ever lies in a file.
/// @param bytes that all its blocks take as sections, about
/// @return bytes that were made
Result<std::uint64_t> fill_from_generator(snapshot::Engine& engine, std::uint64_t bytes);

}    // namespace filfil::bench
