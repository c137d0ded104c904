// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/level_nodes.hpp"

#include <span>

namespace filfil::gpu {

/// Threads of the one block that makes the tops, and nodes that a step of it has at most: a thread each.
inline constexpr unsigned top_threads = 512;
inline constexpr unsigned most_top_steps = 12;

/// Consecutive steps that are too narrow to fill a card, for one block to make one after the other. What starting each
/// by itself takes the host (about 6 us under a hypervisor) is more than what their hashes take the card.
struct TopSteps {
    LevelStep steps[most_top_steps];
    unsigned count = 0;
};

/// The steps at the beginning of `steps` that one block makes best: none if the first is wide, or stands alone.
inline TopSteps tops_of(std::span<const LevelStep> steps) noexcept {
    TopSteps tops;
    while (tops.count < most_top_steps && tops.count < steps.size() && steps[tops.count].node_count <= top_threads) {
        tops.steps[tops.count] = steps[tops.count];
        ++tops.count;
    }
    if (tops.count == 1) tops.count = 0;
    return tops;
}

}    // namespace filfil::gpu
