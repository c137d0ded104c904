// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "reference_blocks.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace filfil::reference {

/// Whose rules of what is in a snapshot, and in which order.
enum class Rules {
    lotus,     ///< chain/store/snapshot.go WalkSnapshot, recurseLinks, exportToCar
    forest,    ///< src/ipld/util.rs stream_chain: messages of the window only, whatever `skip_old_messages` says
};

struct WalkOptions {
    std::int64_t recent_state_roots = 0;    ///< epochs, the head's the first of them
    bool skip_old_messages = true;
    Rules rules = Rules::lotus;
};

/// Why there is no snapshot.
struct WalkFault {
    std::string why;
    ipld::Cid block;     ///< the first one that is missing, or broken, in the order of the walk
    ipld::Cid header;    ///< the header whose links lead to it: itself for a broken one, empty for a missing head
};

struct Walk {
    std::vector<ipld::Cid> order;    ///< of the CAR's sections; up to the fault where there is one
    std::optional<WalkFault> fault;
};

/// Walks a snapshot as the nodes do. Memory and time do not matter here, being plain does: a second implementation that
/// the engine's layout is held against. Uses no stack for depth.
/// @param head the tipset's key, in key order
Walk walk(const Blocks& blocks, const std::vector<ipld::Cid>& head, const WalkOptions& options);

/// What a set of pins keeps.
struct LiveSet {
    /// How many links of live blocks lead to each live block, links that stand twice counted twice, and pins too.
    /// Identity CIDs are no blocks; what is inlined in them counts as the block's own links.
    std::unordered_map<ipld::Cid, std::uint64_t> counts;
    std::uint64_t section_bytes = 0;    ///< of all live blocks, as sections of a CAR
    std::vector<ipld::Cid> missing;     ///< CIDs that links or pins lead to and `blocks` lacks, once each
};

/// @param pins CIDs of any kind, each as often as it is pinned
LiveSet live_set(const Blocks& blocks, const std::vector<ipld::Cid>& pins);

}    // namespace filfil::reference
