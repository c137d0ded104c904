// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/tile_variant.hpp"
#include "gpu/work.hpp"

#include <cuda_runtime_api.h>

#include <span>

namespace filfil::gpu {

/// Put a step into a stream of the current card and return at once. A step of nothing is no error.
cudaError_t launch_tiles(cudaStream_t stream, TileVariant variant, const TileStep& step) noexcept;
cudaError_t launch_quads(cudaStream_t stream, const LevelStep& step) noexcept;

/// Steps one after the other, as few launches as do not make them slower.
cudaError_t launch_parents(cudaStream_t stream, std::span<const LevelStep> steps) noexcept;

}    // namespace filfil::gpu
