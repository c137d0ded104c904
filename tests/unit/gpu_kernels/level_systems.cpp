// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "level_system.hpp"

#include "gpu/level_nodes.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace filfil::test {
namespace {

template <class MakeNode>
void backward(const gpu::LevelStep& step) {
    const MakeNode make{step};
    for (std::uint32_t i = step.node_count; i > 0; --i) make(i - 1);
}

template <class MakeNode>
void by_four_threads(const gpu::LevelStep& step) {
    const std::uint32_t count = std::min(step.node_count, 4U);
    const MakeNode make{step};
    if (count == 1) return make(0);
    std::vector<std::jthread> threads;
    for (std::uint32_t t = 0; t < count; ++t)
        threads.emplace_back([&make, &step, count, t] {
            for (std::uint32_t i = t; i < step.node_count; i += count) make(i);
        });
}

}    // namespace

const LevelSystem backward_system{"backward", &backward<gpu::QuadNode>, &backward<gpu::ParentNode>};
const LevelSystem tops_system{"tops", &backward<gpu::QuadNode>, &backward<gpu::ParentNode>, true};
const LevelSystem four_threads_system{"four_threads", &by_four_threads<gpu::QuadNode>,
                                      &by_four_threads<gpu::ParentNode>};

}    // namespace filfil::test
