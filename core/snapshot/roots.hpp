// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/children.hpp"

namespace filfil::snapshot {

/// Calls `on_block` with the CID of every block that a root stands for: itself, or the blocks that an identity CID
/// links to, or none where it is a commitment or of a codec that snapshots do not hold.
/// @return as for_each_child() of inlined data
template <class OnBlock>
Result<void> for_each_root(const ipld::Cid& root, OnBlock&& on_block) {
    switch (kind_of_link(root.bytes())) {
        case LinkKind::block: on_block(root.bytes()); return {};
        case LinkKind::inlined: return for_each_child(inlined_data(root.bytes()), on_block);
        case LinkKind::nothing: return {};
    }
    return {};
}

}    // namespace filfil::snapshot
