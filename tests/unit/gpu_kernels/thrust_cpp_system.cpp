// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "level_system.hpp"

#include "gpu/level_steps.hpp"

#include <thrust/system/cpp/execution_policy.h>

namespace filfil::test {

const LevelSystem thrust_cpp_system{
    "thrust_cpp",
    [](const gpu::LevelStep& step) { gpu::make_quad_nodes(thrust::cpp::par, step); },
    [](const gpu::LevelStep& step) { gpu::make_parent_nodes(thrust::cpp::par, step); },
};

}    // namespace filfil::test
