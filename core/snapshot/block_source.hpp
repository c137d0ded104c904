// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"

#include <span>
#include <vector>

namespace filfil::snapshot {

/// Where missing blocks come from: a node, a CAR, a log.
class BlockSource {
public:
    virtual ~BlockSource() = default;

    /// Fetches blocks, all of them at once where the source can.
    /// @return as many as `cids`, in their order: the block's data, not yet checked against its hash, or why it cannot
    /// be had (Error::not_found where the source has no such block)
    [[nodiscard]] virtual std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) = 0;
};

}    // namespace filfil::snapshot
