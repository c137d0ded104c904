// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "level_system.hpp"

#include "gpu/level_steps.hpp"

#include <thrust/system/omp/execution_policy.h>

namespace filfil::test {

const LevelSystem thrust_omp_system{
    "thrust_omp",
    [](const gpu::LevelStep& step) { gpu::make_quad_nodes(thrust::omp::par, step); },
    [](const gpu::LevelStep& step) { gpu::make_parent_nodes(thrust::omp::par, step); },
};

}    // namespace filfil::test
