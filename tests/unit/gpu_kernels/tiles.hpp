// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cuda_shim.hpp"
#include "gpu/tile_variant.hpp"
#include "gpu/work.hpp"

namespace filfil::test {

/// What launch_tiles() does with a card: the kernel, unchanged, a block a tile.
Result<void> run_tiles(shim::Card& card, gpu::TileVariant variant, const gpu::TileStep& step);

}    // namespace filfil::test
