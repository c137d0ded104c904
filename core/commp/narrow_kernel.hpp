// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/fr32.hpp"
#include "commp/kernel.hpp"

#include <algorithm>
#include <array>

namespace filfil::commp {

/// Subtrees for kernels that hash a few nodes at a time: one lane, level by level inside a block that stays in the
/// first-level cache. `Hash::nodes(messages, out, count)` hashes `count` messages of 64 bytes each.
template <class Hash>
struct NarrowKernel {
    static constexpr unsigned block_log2_quads = 6;

    static void subtrees(const std::byte* const* payload, unsigned log2_quads, Node* roots) noexcept {
        const std::byte* quads = payload[0];
        // Roots of finished blocks wait here, one a level, as in a binary counter.
        std::array<std::array<Node, 2>, 16> waiting;
        const unsigned block_log2 = std::min(log2_quads, block_log2_quads);
        const std::size_t blocks = std::size_t{1} << (log2_quads - block_log2);
        for (std::size_t b = 0; b < blocks; ++b) {
            Node root = block(quads + b * (quad_payload << block_log2), block_log2);
            unsigned level = 0;
            for (; (b >> level & 1) != 0; ++level) {
                waiting[level][1] = root;
                Hash::nodes(waiting[level][0].data(), &root, 1);
            }
            waiting[level][0] = root;
        }
        roots[0] = waiting[log2_quads - block_log2][0];
    }

    static void parents(const Node* children, Node* parents, std::size_t count) noexcept {
        if (count != 0) Hash::nodes(children[0].data(), parents, count);
    }

private:
    static Node block(const std::byte* payload, unsigned log2_quads) noexcept {
        constexpr std::size_t most = std::size_t{1} << block_log2_quads;
        alignas(64) std::array<Node, 4 * most> elements;
        alignas(64) std::array<Node, 2 * most> nodes;
        const std::size_t quads = std::size_t{1} << log2_quads;
        for (std::size_t i = 0; i < quads; ++i) {
            std::uint64_t padded[16];
            pad_quad(payload + i * quad_payload, padded);
            std::memcpy(elements[4 * i].data(), padded, quad_padded);
        }
        Hash::nodes(elements[0].data(), nodes.data(), 2 * quads);
        for (std::size_t n = quads; n != 0; n /= 2) Hash::nodes(nodes[0].data(), nodes.data(), n);
        return nodes[0];
    }
};

}    // namespace filfil::commp
