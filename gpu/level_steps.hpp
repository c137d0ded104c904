// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/level_nodes.hpp"

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

namespace filfil::gpu {

/// The steps that are not tiles, by Thrust, on whatever system `policy` names: a card's stream, or the CPU in tests.
/// One thread a node over all jobs together, so that many small pieces fill a card as one large piece does. Throws what
/// Thrust throws for the policy.
template <class Policy>
void make_quad_nodes(const Policy& policy, const LevelStep& step) {
    thrust::for_each_n(policy, thrust::counting_iterator<std::uint32_t>(0), step.node_count, QuadNode{step});
}

template <class Policy>
void make_parent_nodes(const Policy& policy, const LevelStep& step) {
    thrust::for_each_n(policy, thrust::counting_iterator<std::uint32_t>(0), step.node_count, ParentNode{step});
}

}    // namespace filfil::gpu
