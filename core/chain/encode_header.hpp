// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::chain {

/// Every field of a block's header, in the order in which they stand. Source: lotus chain/types/blockheader.go and
/// cbor_gen.go. Amounts are go-state-types big.Int in bytes: empty for 0, else a byte 0x00 and the number, big-endian.
struct FullHeader {
    struct ElectionProof {
        std::int64_t win_count = 0;
        Bytes vrf_proof;
        bool operator==(const ElectionProof&) const = default;
    };
    struct BeaconEntry {
        std::uint64_t round = 0;
        Bytes data;
        bool operator==(const BeaconEntry&) const = default;
    };
    struct PoStProof {
        std::int64_t type = 0;
        Bytes proof;
        bool operator==(const PoStProof&) const = default;
    };

    Bytes miner;                    ///< an address in bytes
    std::optional<Bytes> ticket;    ///< its VRF proof
    std::optional<ElectionProof> election_proof;
    std::vector<BeaconEntry> beacon_entries;
    std::vector<PoStProof> win_post_proof;
    std::vector<ipld::Cid> parents;    ///< in key order
    Bytes parent_weight;               ///< an amount
    Epoch height;                      ///< not negative
    ipld::Cid parent_state_root;
    ipld::Cid parent_message_receipts;
    ipld::Cid messages;
    std::optional<Bytes> bls_aggregate;    ///< a signature: its type (one byte), then its bytes
    std::uint64_t timestamp = 0;           ///< seconds since 1970
    std::optional<Bytes> block_signature;
    std::uint64_t fork_signaling = 0;
    Bytes parent_base_fee;    ///< an amount

    bool operator==(const FullHeader&) const = default;
};

/// The DAG-CBOR of a header, as the nodes hash it. Thread-safe.
/// @return Error::invalid_argument where the height is negative or a CID is empty
Result<Bytes> encode_block_header(const FullHeader& header);

/// The exact inverse: what is read is written again as the very same bytes. Stricter than decode_block_header, which
/// reads whatever a node can link through; what an address or an amount holds is not looked into. Thread-safe.
/// @return Error::truncated, corrupt or unsupported with the field and the byte
Result<FullHeader> decode_full_header(ByteView data);

}    // namespace filfil::chain
