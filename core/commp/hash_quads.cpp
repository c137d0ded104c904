// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/kernel.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace filfil::commp {
namespace {

/// Hashes at most one kernel call's worth of quads: full lanes where they are, the lane that the quads end in from a
/// copy with zeros behind, and lanes beyond from zeros alone.
void hash_group(const Kernel& kernel, const std::byte* payload, std::size_t quads, unsigned log2_quads,
                std::vector<Node>& nodes) {
    const std::size_t lane_quads = std::size_t{1} << log2_quads;
    const std::size_t lane_bytes = lane_quads * quad_payload;
    std::array<const std::byte*, max_lanes> lanes;
    std::array<Node, max_lanes> roots;
    Bytes ended_lane;
    Bytes zero_lane;
    for (std::size_t i = 0; i < kernel.lanes; ++i) {
        const std::size_t first = i * lane_quads;
        if (first + lane_quads <= quads) {
            lanes[i] = payload + i * lane_bytes;
        } else if (first < quads) {
            ended_lane.resize(lane_bytes + 1);
            std::memcpy(ended_lane.data(), payload + i * lane_bytes, (quads - first) * quad_payload);
            lanes[i] = ended_lane.data();
        } else {
            zero_lane.resize(lane_bytes + 1);
            lanes[i] = zero_lane.data();
        }
    }
    kernel.subtrees(lanes.data(), log2_quads, roots.data());
    const std::size_t made = (quads + lane_quads - 1) / lane_quads;
    nodes.insert(nodes.end(), roots.begin(), roots.begin() + static_cast<std::ptrdiff_t>(std::min(made, kernel.lanes)));
}

/// Replaces nodes [from, end) of level `level` by their ancestors at level `to`.
void reduce(const Kernel& kernel, std::vector<Node>& nodes, std::size_t from, unsigned level, unsigned to) {
    for (; level < to; ++level) {
        if ((nodes.size() - from) % 2 != 0) nodes.push_back(zero_node(level));
        const std::size_t count = (nodes.size() - from) / 2;
        kernel.parents(nodes.data() + from, nodes.data() + from, count);
        nodes.resize(from + count);
    }
}

}    // namespace

void hash_quads(const Kernel& kernel, const std::byte* payload, std::size_t quads, unsigned level,
                std::vector<Node>& nodes) {
    nodes.clear();
    const unsigned deepest = std::min(kernel.best_log2_quads, level - quad_level);
    const std::size_t group = kernel.lanes << deepest;
    std::size_t done = 0;
    for (; done + group <= quads; done += group)
        hash_group(kernel, payload + done * quad_payload, group, deepest, nodes);
    if (done < quads) {
        // The rest goes in the shallowest subtrees that take it in one call, so that few lanes hash only zeros.
        const std::size_t rest = quads - done;
        const std::size_t from = nodes.size();
        unsigned log2_quads = 0;
        while (kernel.lanes << log2_quads < rest) ++log2_quads;
        hash_group(kernel, payload + done * quad_payload, rest, log2_quads, nodes);
        reduce(kernel, nodes, from, quad_level + log2_quads, quad_level + deepest);
    }
    reduce(kernel, nodes, 0, quad_level + deepest, level);
}

}    // namespace filfil::commp
