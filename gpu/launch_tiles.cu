// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/launch.hpp"
#include "gpu/tile_kernel.cuh"

namespace filfil::gpu {
namespace {

template <class Pipes, bool rolled>
void launch(cudaStream_t stream, const TileStep& step) {
    tile_kernel<NodeVariant<Pipes, rolled>><<<step.count, tile_threads, 0, stream>>>(step, Factors());
}

}    // namespace

cudaError_t launch_tiles(cudaStream_t stream, TileVariant variant, const TileStep& step) noexcept {
    if (step.count == 0) return cudaSuccess;
    switch (variant) {
        case TileVariant::plain: launch<AluPipe, false>(stream, step); break;
        case TileVariant::fma: launch<FmaAdds, false>(stream, step); break;
        case TileVariant::fma_shifts: launch<FmaShifts, false>(stream, step); break;
        case TileVariant::fma_rotates: launch<FmaRotates, false>(stream, step); break;
        case TileVariant::plain_rolled: launch<AluPipe, true>(stream, step); break;
        case TileVariant::fma_rolled: launch<FmaAdds, true>(stream, step); break;
    }
    return cudaGetLastError();
}

}    // namespace filfil::gpu
