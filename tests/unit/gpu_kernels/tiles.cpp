// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tiles.hpp"

#include "gpu/tile_kernel.cuh"
#include "gpu/top_kernel.cuh"
#include "variants.hpp"

namespace filfil::test {

Result<void> run_tiles(shim::Card& card, gpu::TileVariant variant, const gpu::TileStep& step) {
    return gpu::with_variant(variant, [&]<class Variant>(Variant) {
        return card.launch(step.count, gpu::tile_threads, &gpu::tile_kernel<Variant>, step, gpu::Factors());
    });
}

Result<void> run_tops(shim::Card& card, const gpu::TopSteps& tops) {
    return card.launch(1, gpu::top_threads, &gpu::top_kernel, tops);
}

}    // namespace filfil::test
