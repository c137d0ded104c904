// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/elements.hpp"
#include "gpu/work.hpp"

namespace filfil::gpu {

/// The hash of the level steps: plain code, since these steps are short of nodes rather than of adders.
using LevelVariant = NodeVariant<AluPipe, false>;

/// The segment that node `i` of a step belongs to: the last that begins at or before it.
FILFIL_HD const Segment& segment_of(const LevelStep& step, std::uint32_t i) noexcept {
    std::uint32_t first = 0;
    std::uint32_t beyond = step.segment_count;
    while (beyond - first > 1) {
        const std::uint32_t middle = first + (beyond - first) / 2;
        if (step.segments[middle].begin <= i)
            first = middle;
        else
            beyond = middle;
    }
    return step.segments[first];
}

// Both are compiled once, not inlined: Thrust would put four copies of the hash into each of its kernels, more than an
// instruction cache holds.

/// Makes node i of a step that makes level 2 out of quads. For thrust::for_each over 0 … node_count-1, on any system.
struct QuadNode {
    LevelStep step;

    FILFIL_HD_ONCE void operator()(std::uint32_t i) const noexcept {
        const Segment& segment = segment_of(step, i);
        const std::uint32_t quad = i - segment.begin;
        const std::uint32_t* payload = step.payload + segment.source / 4;
        const std::uint32_t bit = segment.source % 4 * 8;
        NodeWords left{};
        NodeWords node{};
        // One copy of the hash for all three nodes of a quad, as in the tile kernel.
        FILFIL_NO_UNROLL for (unsigned h = 0; h < 3; ++h) {
            std::uint32_t w[16];
            if (h < 2) {
                left = node;
                load_pair(payload, bit, 2 * quad + h, w);
            } else {
                load_children(left, node, w);
            }
            node = hash_node<LevelVariant>(w, Factors());
        }
        step.nodes[segment.nodes + quad] = node;
    }
};

/// Makes node i of a step that makes a level out of the one below it.
struct ParentNode {
    LevelStep step;

    FILFIL_HD_ONCE void operator()(std::uint32_t i) const noexcept {
        const Segment& segment = segment_of(step, i);
        const std::uint32_t parent = i - segment.begin;
        const NodeWords* children = step.nodes + segment.source + std::size_t{2} * parent;
        const NodeWords right = 2 * parent + 1 < segment.count ? children[1] : step.zero;
        step.nodes[segment.nodes + parent] = hash_children<LevelVariant>(children[0], right, Factors());
    }
};

}    // namespace filfil::gpu
