// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/engine.hpp"

#include <memory>
#include <vector>

namespace filfil::snapshot {

/// A tipset of the tree of recent ones.
struct Engine::Node {
    chain::TipsetKey key;
    Epoch epoch;
    Node* parent = nullptr;    ///< null: the highest tipset of the spine, or nothing below genesis
    std::vector<SectionRef> headers;
    std::shared_ptr<const TipsetRoots> roots;
    bool states_pinned = false;
    bool messages_pinned = false;
    bool was_in_spine = false;    ///< views may know its headers by their places, so they stay
};

struct Engine::Hold {
    ChainView view;
    std::int64_t recent_stateroots = 0;
    std::vector<ipld::Cid> roots;
    bool of_layout = false;
};

/// A tipset on the way down a chain.
struct Engine::Rung {
    chain::Tipset tipset;
};

struct Engine::Frozen {
    Saved saved;
    ChainView chain;
    std::vector<SectionRef> headers;    ///< that are not of the chain, in no order
    std::vector<ipld::Cid> roots;       ///< all that are pinned
    std::shared_ptr<BlockStore::Lease> lease;
    std::shared_ptr<void> keep;
};

/// What an operation has done so far, so that it can be undone.
struct Engine::Change {
    std::vector<Node*> added;         ///< oldest first
    std::vector<Node*> pinned;        ///< that were in the tree before
    std::vector<Node*> from_spine;    ///< newest first
};

}    // namespace filfil::snapshot
