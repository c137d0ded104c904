// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/top_steps.hpp"

namespace filfil::gpu {

/// Makes the steps one after the other, each out of the nodes of the one before it: for a single block.
__global__ void __launch_bounds__(top_threads) top_kernel(const __grid_constant__ TopSteps tops) {
    FILFIL_NO_UNROLL for (unsigned s = 0; s < tops.count; ++s) {
        const ParentNode make{tops.steps[s]};
        if (threadIdx.x < make.step.node_count) make(threadIdx.x);
        __syncthreads();
    }
}

}    // namespace filfil::gpu
