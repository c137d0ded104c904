// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "commp/backend.hpp"
#include "gpu/plan.hpp"
#include "gpu/tile_variant.hpp"
#include "level_system.hpp"
#include "tiles.hpp"

#include <span>
#include <vector>

namespace filfil::test {

/// Hashes jobs as a card does, on the CPU: plans of gpu/, their tiles by the unchanged kernel, their levels by
/// `system`.
///
/// A step finds no more memory than its plan speaks of: payload ends where the last quad's word ends, nodes where the
/// plan's do. The running test fails if a step writes other nodes than its own, or leaves one out.
/// @param limits of each plan; as many plans are run as they make necessary
/// @return the nodes of each job
std::vector<std::vector<commp::Node>> hash_planned(ByteView payload, std::span<const commp::Job> jobs,
                                                   const gpu::PlanLimits& limits, const LevelSystem& system,
                                                   shim::Card& card, gpu::TileVariant variant);

}    // namespace filfil::test
