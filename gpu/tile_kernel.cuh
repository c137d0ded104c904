// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/elements.hpp"
#include "gpu/work.hpp"

namespace filfil::gpu {

/// One block a tile: 256 quads of payload, a thread a quad at a time, then level by level in shared memory while every
/// warp that works is full. Children and parents of a level lie in two halves, so one barrier a level is enough.
/// There is one node hash in the code, whatever it is for: three of them would not fit the instruction cache.
template <class Variant>
__global__ void __launch_bounds__(tile_threads) tile_kernel(TileStep step, Factors factors) {
    // Word by word, so that neighbouring threads use neighbouring banks.
    __shared__ std::uint32_t even_levels[8][tile_quads];
    __shared__ std::uint32_t odd_levels[8][tile_quads / 2];

    const Tile tile = step.tiles[blockIdx.x];
    const std::uint32_t* payload = step.payload + tile.offset / 4;
    const std::uint32_t bit = tile.offset % 4 * 8;
    NodeWords* const nodes = step.nodes + tile.nodes;

    // The last levels have work for some warps only, always the same numbers; and a scheduler of a multiprocessor
    // serves the same number of every block on it. So numbers are shifted, by other amounts from block to block.
    const unsigned thread = (threadIdx.x + 32 * (blockIdx.x * 0x9e3779b1U >> 30)) % tile_threads;

    unsigned level = 2;
    FILFIL_NO_UNROLL for (unsigned count = tile_quads; count >= tile_nodes; count /= 2, ++level) {
        FILFIL_NO_UNROLL for (unsigned i = thread; i < count; i += tile_threads) {
            std::uint32_t w[16];
            NodeWords left{};
            NodeWords node{};
            // A quad is two leaf pairs and the node over them.
            const unsigned hashes = level == 2 ? 3 : 1;
            FILFIL_NO_UNROLL for (unsigned h = 0; h < hashes; ++h) {
                if (level != 2) {
                    const bool odd_children = level % 2 == 0;
                    FILFIL_UNROLL for (unsigned j = 0; j < 8; ++j) {
                        w[j] = odd_children ? odd_levels[j][2 * i] : even_levels[j][2 * i];
                        w[8 + j] = odd_children ? odd_levels[j][2 * i + 1] : even_levels[j][2 * i + 1];
                    }
                } else if (h < 2) {
                    left = node;
                    load_pair(payload, bit, 2 * i + h, w);
                } else {
                    load_children(left, node, w);
                }
                node = hash_node<Variant>(w, factors);
            }
            if (count == tile_nodes) {
                nodes[i] = node;
            } else {
                FILFIL_UNROLL for (unsigned j = 0; j < 8; ++j) {
                    if (level % 2 == 0)
                        even_levels[j][i] = node.word[j];
                    else
                        odd_levels[j][i] = node.word[j];
                }
            }
        }
        __syncthreads();
    }
}

}    // namespace filfil::gpu
