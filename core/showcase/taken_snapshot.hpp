// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "incentive/contract_abi.hpp"
#include "node/devnet/chain.hpp"
#include "snapshot/recipe.hpp"

namespace filfil::showcase {

/// What an operator stages for a slot: the snapshot of a tipset, walked as a node exports it, hashed, in one piece.
/// @param recipe of format v1
/// @param backend its executor must not be the caller's
/// @return without slot and reward; Error::unsupported for another format and for a snapshot that takes several pieces;
/// what CarWalk and hashing give
Result<incentive::contract::StageArgs> take_snapshot(node::DevnetChain& chain, const node::DevnetChain::Known& tipset,
                                                     const snapshot::Recipe& recipe, commp::Backend& backend);

}    // namespace filfil::showcase
