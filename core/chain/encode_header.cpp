// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/encode_header.hpp"

#include "ipld/cbor_writer.hpp"

#include <string>

namespace filfil::chain {
namespace {

void put_signed(ipld::CborWriter& out, std::int64_t value) {
    if (value < 0)
        out.head(ipld::cbor_negative, static_cast<std::uint64_t>(-1 - value));
    else
        out.number(static_cast<std::uint64_t>(value));
}

void put_optional(ipld::CborWriter& out, const std::optional<Bytes>& bytes) {
    if (bytes)
        out.string(*bytes);
    else
        out.null();
}

void put_proofs(ipld::CborWriter& out, const FullHeader& header) {
    if (header.ticket) out.list(1);
    put_optional(out, header.ticket);
    if (header.election_proof) {
        out.list(2);
        put_signed(out, header.election_proof->win_count);
        out.string(header.election_proof->vrf_proof);
    } else {
        out.null();
    }
    out.list(header.beacon_entries.size());
    for (const FullHeader::BeaconEntry& entry : header.beacon_entries) {
        out.list(2);
        out.number(entry.round);
        out.string(entry.data);
    }
    out.list(header.win_post_proof.size());
    for (const FullHeader::PoStProof& proof : header.win_post_proof) {
        out.list(2);
        put_signed(out, proof.type);
        out.string(proof.proof);
    }
}

Result<void> check(const FullHeader& header) {
    if (header.height.value < 0)
        return Error(ErrorCode::invalid_argument,
                     "a block header cannot have the epoch " + std::to_string(header.height.value));
    bool empty = header.parent_state_root.empty() || header.parent_message_receipts.empty() || header.messages.empty();
    for (const ipld::Cid& parent : header.parents) empty = empty || parent.empty();
    if (empty) return Error(ErrorCode::invalid_argument, "a block header cannot have an empty link");
    return {};
}

}    // namespace

Result<Bytes> encode_block_header(const FullHeader& header) {
    FILFIL_CHECK(check(header));
    ipld::CborWriter out;
    out.list(16);
    out.string(header.miner);
    put_proofs(out, header);
    out.list(header.parents.size());
    for (const ipld::Cid& parent : header.parents) out.link(parent.bytes());
    out.string(header.parent_weight);
    out.number(static_cast<std::uint64_t>(header.height.value));
    out.link(header.parent_state_root.bytes());
    out.link(header.parent_message_receipts.bytes());
    out.link(header.messages.bytes());
    put_optional(out, header.bls_aggregate);
    out.number(header.timestamp);
    put_optional(out, header.block_signature);
    out.number(header.fork_signaling);
    out.string(header.parent_base_fee);
    return to_bytes(out.bytes());
}

}    // namespace filfil::chain
