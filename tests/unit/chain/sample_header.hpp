// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "chain/encode_header.hpp"

namespace filfil::chain {

inline Bytes random_bytes(std::size_t size, std::uint64_t seed) {
    Bytes out(size);
    SeededRandom(seed).fill(out);
    return out;
}

inline ipld::Cid sample_cid(std::uint64_t seed) {
    return ipld::cid_of_block(ipld::Codec::dag_cbor, random_bytes(8, seed));
}

/// A header with every field set, in the sizes of mainnet.
inline FullHeader sample_header() {
    return {.miner = {std::byte{0}, std::byte{0xe8}, std::byte{7}},
            .ticket = random_bytes(96, 1),
            .election_proof = FullHeader::ElectionProof{.win_count = 1, .vrf_proof = random_bytes(96, 2)},
            .beacon_entries = {{.round = 4711, .data = random_bytes(48, 3)}},
            .win_post_proof = {{.type = 3, .proof = random_bytes(192, 4)}},
            .parents = {sample_cid(5), sample_cid(6)},
            .parent_weight = random_bytes(7, 7),
            .height = Epoch{1'234'567},
            .parent_state_root = sample_cid(8),
            .parent_message_receipts = sample_cid(9),
            .messages = sample_cid(10),
            .bls_aggregate = random_bytes(97, 11),
            .timestamp = 1'635'343'410,
            .block_signature = random_bytes(97, 12),
            .fork_signaling = 0,
            .parent_base_fee = random_bytes(5, 13)};
}

}    // namespace filfil::chain
