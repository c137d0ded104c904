// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cuda_shim.hpp"
#include "gpu/tile_variant.hpp"
#include "gpu/top_steps.hpp"
#include "gpu/work.hpp"

namespace filfil::test {

/// What launch_tiles() does with a card: the kernel, unchanged, a block a tile.
Result<void> run_tiles(shim::Card& card, gpu::TileVariant variant, const gpu::TileStep& step);

/// Likewise the kernel of the last levels.
Result<void> run_tops(shim::Card& card, const gpu::TopSteps& tops);

}    // namespace filfil::test
