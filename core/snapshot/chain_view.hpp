// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/tipset.hpp"
#include "snapshot/spine.hpp"

#include <memory>
#include <vector>

namespace filfil::snapshot {

/// The roots that the headers of a tipset name, a state and a list of messages for each header.
struct TipsetRoots {
    std::vector<ipld::Cid> states;
    std::vector<ipld::Cid> messages;
};

/// A tipset and all below it down to genesis, as they were at some time.
struct ChainView {
    /// One tipset, its headers in key order.
    struct Tipset {
        Epoch epoch;
        std::vector<SectionRef> headers;
        std::shared_ptr<const TipsetRoots> roots;    ///< null where they have to be read from the headers
    };

    chain::TipsetKey head;
    std::vector<Tipset> recent;    ///< the head first
    Spine::View spine;             ///< what is below them

    [[nodiscard]] Epoch epoch() const noexcept { return recent.front().epoch; }
};

}    // namespace filfil::snapshot
