// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/launch.hpp"
#include "gpu/tile_kernel.cuh"
#include "gpu/with_variant.hpp"

namespace filfil::gpu {

cudaError_t launch_tiles(cudaStream_t stream, TileVariant variant, const TileStep& step) noexcept {
    if (step.count == 0) return cudaSuccess;
    with_variant(variant, [&]<class Variant>(Variant) {
        tile_kernel<Variant><<<step.count, tile_threads, 0, stream>>>(step, Factors());
    });
    return cudaGetLastError();
}

}    // namespace filfil::gpu
