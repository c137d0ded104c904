// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/tipset.hpp"
#include "reference_blocks.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::reference {

/// What a header says. `receipts` names a block that nobody has: snapshots leave those out.
struct HeaderSpec {
    Bytes ticket;
    chain::TipsetKey parents;
    std::int64_t height = 0;
    ipld::Cid state_root;
    ipld::Cid receipts;
    ipld::Cid messages;
};

/// A header's 16 fields as DAG-CBOR, those not named in `spec` as short as they can be.
Bytes encode_header(const HeaderSpec& spec);

struct RandomTipset {
    chain::TipsetKey key;
    std::int64_t height = 0;
    std::optional<std::size_t> parent;    ///< its place among the tipsets; nothing for genesis
    std::vector<ipld::Cid> states;        ///< of each block, the state it starts from
    std::vector<ipld::Cid> messages;      ///< of each block
};

struct ChainShape {
    std::size_t tipsets = 60;
    std::uint64_t fork_percent = 25;    ///< tipsets that do not stand on the newest
    std::uint64_t fork_depth = 12;      ///< how far back among the newest these stand
    std::uint64_t null_percent = 20;    ///< tipsets that come one to three epochs late
    std::uint64_t most_blocks = 4;      ///< of a tipset
    std::uint64_t new_state_blocks = 6;
    std::uint64_t new_message_blocks = 2;
};

/// A tree of tipsets over blocks of RandomDag: what a node could have seen of a small, nasty network. Headers stand in
/// several tipsets, states come back, message lists are shared with states, blocks of a tipset differ in their states.
struct RandomChain {
    Blocks blocks;                        ///< all that is reachable, but receipts
    std::vector<RandomTipset> tipsets;    ///< parents before children; genesis is the first

    /// The tipsets from `tipset` down to genesis.
    [[nodiscard]] std::vector<std::size_t> line(std::size_t tipset) const;

    /// The place of a key, if it is one of the chain's.
    [[nodiscard]] std::optional<std::size_t> find(const chain::TipsetKey& key) const;
};

/// The same seed and shape make the same chain on every machine.
RandomChain random_chain(std::uint64_t seed, const ChainShape& shape = {});

/// One step between tipsets: reverts newest first, then what is applied, oldest first.
struct Step {
    bool apply = false;
    std::size_t tipset = 0;
};

/// The steps from one tipset to another by way of what they have in common.
std::vector<Step> steps_between(const RandomChain& chain, std::size_t from, std::size_t to);

}    // namespace filfil::reference
