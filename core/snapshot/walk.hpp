// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/progress.hpp"
#include "snapshot/block_store.hpp"
#include "snapshot/chain_view.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace filfil::snapshot {

struct WalkOptions {
    std::int64_t recent_stateroots = 2000;    ///< N: state, and with skip_old_msgs messages, of epochs > head - N
    bool skip_old_msgs = true;
    bool complete = true;            ///< all blocks are known to be there, as below pinned roots: the walk is quicker
    Progress* progress = nullptr;    ///< told of the bytes of sections
    std::stop_token stop{};
};

/// All sections of a snapshot in canonical order: that of `lotus chain export` (lotus chain/store/snapshot.go
/// WalkSnapshot, recurseLinks; reference in docs/architecture.md, "Canonical order"). One thread; any number of walks
/// at a time, and the writer goes on beside them.
///
/// The roots of the view have to be pinned, and a Lease be held, until nobody needs the places any more.
/// @return Error::not_found naming the block that is missing and the header that leads to it; Error::corrupt where the
/// link scan refuses a block; Error::unsupported where a tree leads to a block header, which would bring in chains of
/// its own; Error::cancelled
Result<std::vector<SectionRef>> walk_canonical(const BlockStore& store, const ChainView& chain,
                                               const WalkOptions& options);

/// The same, and behind it all blocks below further roots and some headers alone, as far as they did not come before.
Result<std::vector<SectionRef>> walk_all(const BlockStore& store, const ChainView& chain, const WalkOptions& options,
                                         std::span<const SectionRef> headers, std::span<const ipld::Cid> roots);

}    // namespace filfil::snapshot
