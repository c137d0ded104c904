// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_batch.hpp"

namespace filfil::chaingen {

/// Blocks that stand in a state many times over; made once, at the very first.
struct CommonBlocks {
    ipld::Digest256 state_info;        ///< the third field of a state's root: an empty list
    ipld::Digest256 empty_map;         ///< a HAMT
    ipld::Digest256 empty_list;        ///< an AMT of width 5
    ipld::Digest256 empty_messages;    ///< an AMT of messages
    ipld::Digest256 no_messages;       ///< the roots of two empty lists of messages
    ipld::Digest256 empty_deadline;    ///< of a miner
    ipld::Digest256 bit_field;         ///< sectors that a miner has allocated
    ipld::Digest256 evm_code;          ///< a raw block that begins as Wasm does

    /// @param evm_code_bytes size of that raw block, at least 8
    Result<void> make(BlockBatch& batch, std::uint64_t seed, std::size_t evm_code_bytes);
};

/// Writes a miner's deadline (builtin-actors miner Deadline, v16) over the list of sectors `sectors`.
void put_deadline(ipld::CborWriter& out, const CommonBlocks& common, const ipld::Digest256& sectors,
                  std::uint64_t live_sectors, std::uint64_t version);

}    // namespace filfil::chaingen
