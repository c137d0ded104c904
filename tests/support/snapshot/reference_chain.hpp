// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/head_change.hpp"
#include "reference_blocks.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::reference {

/// What of a chain a follower has to keep: told by its head changes alone, without looking at any engine.
struct Kept {
    std::vector<ipld::Cid> roots;      ///< of messages and states, each as often as a header names it
    std::vector<ipld::Cid> headers;    ///< each once; and the blocks that genesis calls its parents
};

/// By the rule of snapshot::Engine: all headers of the head's chain and the states of genesis; states and messages of
/// what is less than `recent_stateroots + slack` epochs below the head; and all of the forks that left the chain less
/// than `slack` epochs below it.
/// @param events all of them, [current] first, that was followed from its beginning; `blocks` has all their headers
/// @return Error::not_found or corrupt where a header is missing or broken
Result<Kept> kept_of(const Blocks& blocks, std::span<const chain::HeadChanges> events, std::int64_t recent_stateroots,
                     std::int64_t slack);

}    // namespace filfil::reference
