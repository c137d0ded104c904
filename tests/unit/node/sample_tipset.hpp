// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "chain/address.hpp"
#include "chain/amount.hpp"
#include "chain/encode_header.hpp"
#include "chain/tipset.hpp"
#include "rpc/json.hpp"

#include <string>
#include <vector>

namespace filfil::node {

inline Bytes sample_bytes(std::size_t size, std::uint64_t seed) {
    Bytes out(size);
    SeededRandom(seed).fill(out);
    return out;
}

inline ipld::Cid sample_cid(std::uint64_t seed) {
    return ipld::cid_of_block(ipld::Codec::dag_cbor, sample_bytes(8, seed));
}

inline Bytes sample_signature(std::uint64_t seed) {
    Bytes out = sample_bytes(97, seed);
    out[0] = std::byte{2};
    return out;
}

/// A header with every field set, in the sizes of mainnet. Those of one epoch are of one tipset.
inline chain::FullHeader sample_header(std::uint64_t miner, std::int64_t epoch = 1'234'567) {
    return {
        .miner = to_bytes(chain::Address::of_id(miner).bytes()),
        .ticket = sample_bytes(96, miner),
        .election_proof = chain::FullHeader::ElectionProof{.win_count = 1, .vrf_proof = sample_bytes(96, miner + 1)},
        .beacon_entries = {{.round = 4711, .data = sample_bytes(48, 3)}},
        .win_post_proof = {{.type = 3, .proof = sample_bytes(192, miner + 2)}},
        .parents = {sample_cid(5), sample_cid(6)},
        .parent_weight = chain::parse_amount("116013147118").value(),
        .height = Epoch{epoch},
        .parent_state_root = sample_cid(8),
        .parent_message_receipts = sample_cid(9),
        .messages = sample_cid(miner + 3),
        .bls_aggregate = sample_signature(miner + 4),
        .timestamp = 1'635'343'410,
        .block_signature = sample_signature(miner + 5),
        .fork_signaling = 0,
        .parent_base_fee = chain::parse_amount("20592036").value()};
}

struct SampleTipset {
    chain::TipsetKey key;
    std::vector<chain::FullHeader> headers;
};

inline ipld::Cid cid_of(const chain::FullHeader& header) {
    return ipld::cid_of_block(ipld::Codec::dag_cbor, chain::encode_block_header(header).value());
}

/// Puts headers into the order of their tickets.
inline SampleTipset sample_tipset_of(const std::vector<chain::FullHeader>& headers) {
    chain::TipsetKey key;
    std::vector<chain::BlockHeader> blocks;
    for (const chain::FullHeader& header : headers) {
        const Bytes block = chain::encode_block_header(header).value();
        key.push_back(ipld::cid_of_block(ipld::Codec::dag_cbor, block));
        blocks.push_back(chain::decode_block_header(block).value());
    }
    const chain::Tipset made = chain::make_tipset(key, blocks, chain::TipsetOrder::by_ticket).value();
    SampleTipset out{made.key, {}};
    for (const ipld::Cid& cid : made.key)
        for (std::size_t i = 0; i < key.size(); ++i)
            if (key[i] == cid) out.headers.push_back(headers[i]);
    return out;
}

inline SampleTipset sample_tipset(std::int64_t epoch = 1'234'567) {
    return sample_tipset_of({sample_header(1000, epoch), sample_header(2000, epoch), sample_header(3000, epoch)});
}

/// The names of an object's fields, in the order in which they stand.
inline std::vector<std::string> names_of(const rpc::Json& object) {
    std::vector<std::string> out;
    for (const auto& [name, value] : object.items()) out.push_back(name);
    return out;
}

}    // namespace filfil::node
