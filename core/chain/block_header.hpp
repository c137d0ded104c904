// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::chain {

/// What a snapshot has to know of one block's header; the other fields are passed over, but must be there.
struct BlockHeader {
    /// VRF proof of the ticket, by whose hash the blocks of a tipset are ordered; nothing where the field is null.
    std::optional<Bytes> ticket;

    /// The tipset below, in key order. The genesis header has one "parent" here that is no header.
    std::vector<ipld::Cid> parents;
    Epoch height;
    ipld::Cid parent_state_root;    ///< the state after the parents' messages
    ipld::Cid parent_message_receipts;
    ipld::Cid messages;             ///< TxMeta: the roots of the two message lists
    std::uint64_t timestamp = 0;    ///< seconds since 1970
};

/// Reads a block header: a DAG-CBOR list of 16 fields (lotus chain/types/cbor_gen.go BlockHeader). As the nodes do, the
/// types of the fields read here are checked, those of the others only by the rules of the link scan; bytes behind the
/// list are Error::corrupt. Headers of 15 fields (test networks before the base fee) are Error::unsupported, as Lotus
/// cannot read them either. Thread-safe.
/// @return Error::truncated, corrupt or unsupported with the field and the byte
Result<BlockHeader> decode_block_header(ByteView data);

}    // namespace filfil::chain
