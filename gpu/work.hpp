// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/sha256_node.hpp"

namespace filfil::gpu {

/// What one block of threads hashes in one go.
inline constexpr unsigned tile_threads = 128;
inline constexpr unsigned tile_quads = 256;

/// A tile ends where a whole warp still has something to do: at 32 nodes of level 5, each over 8 quads.
inline constexpr unsigned tile_nodes = 32;
inline constexpr unsigned tile_level = 5;
static_assert(tile_nodes << (tile_level - 2) == tile_quads);

/// tile_quads whole quads of payload that become tile_nodes nodes.
struct Tile {
    std::uint32_t offset;    ///< of the first quad, in bytes of the payload
    std::uint32_t nodes;     ///< where its nodes go, in NodeWords
};

/// Consecutive nodes of one job that are made in one step from consecutive quads or nodes.
struct Segment {
    std::uint32_t begin;     ///< nodes that the step's segments before this one make
    std::uint32_t source;    ///< its first quad, in bytes of the payload, or its first child, in NodeWords
    std::uint32_t count;     ///< quads, or children: an odd number of children has a zero node for its last right one
    std::uint32_t nodes;     ///< where its nodes go, in NodeWords
};

/// All tiles of a submission.
struct TileStep {
    const std::uint32_t* payload = nullptr;    ///< 4 bytes after the last quad may be read
    const Tile* tiles = nullptr;
    std::uint32_t count = 0;
    NodeWords* nodes = nullptr;
};

/// All of one level's nodes that tiles do not make, over all jobs of a submission.
struct LevelStep {
    const std::uint32_t* payload = nullptr;    ///< only the step that makes nodes of quads reads it
    const Segment* segments = nullptr;
    std::uint32_t segment_count = 0;
    std::uint32_t node_count = 0;    ///< of all segments together
    NodeWords* nodes = nullptr;      ///< children and parents alike
    NodeWords zero{};                ///< what stands for a missing right child
};

}    // namespace filfil::gpu
