// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/encode_header.hpp"
#include "chain/header_cursor.hpp"

#include <limits>

namespace filfil::chain {
namespace {

/// Names of fields by their place, as encode_block_header puts them.
enum Field : std::size_t {
    miner,
    ticket,
    election_proof,
    beacon_entries,
    win_post_proof,
    parents,
    parent_weight,
    height,
    parent_state_root,
    parent_message_receipts,
    messages,
    bls_aggregate,
    timestamp,
    block_signature,
    fork_signaling,
    parent_base_fee
};

class FullHeaderReader {
public:
    explicit FullHeaderReader(ByteView data) noexcept : m_from(data) {}

    Result<FullHeader> read() {
        FILFIL_CHECK(m_from.open());
        FullHeader out;
        FILFIL_CHECK(read_proofs(out));
        FILFIL_CHECK(read_chain(out));
        FILFIL_CHECK(read_rest(out));
        FILFIL_CHECK(m_from.close());
        return out;
    }

private:
    Result<void> read_proofs(FullHeader& out) {
        m_from.enter(miner);
        FILFIL_TRY(out.miner, m_from.read_bytes());
        m_from.enter(ticket);
        if (!m_from.take_null()) {
            FILFIL_CHECK(m_from.read_list(1, "a list of one item, or null,"));
            FILFIL_TRY(out.ticket, m_from.read_bytes());
        }
        m_from.enter(election_proof);
        if (!m_from.take_null()) {
            FILFIL_CHECK(m_from.read_list(2, "a list of two items, or null,"));
            FullHeader::ElectionProof proof;
            FILFIL_TRY(proof.win_count, read_signed());
            FILFIL_TRY(proof.vrf_proof, m_from.read_bytes());
            out.election_proof = std::move(proof);
        }
        m_from.enter(beacon_entries);
        FILFIL_TRY(std::uint64_t entries, read_count());
        for (; entries > 0; --entries) {
            FILFIL_CHECK(m_from.read_list(2, "a list of two items"));
            FullHeader::BeaconEntry& entry = out.beacon_entries.emplace_back();
            FILFIL_TRY(entry.round, m_from.read_unsigned());
            FILFIL_TRY(entry.data, m_from.read_bytes());
        }
        m_from.enter(win_post_proof);
        FILFIL_TRY(std::uint64_t proofs, read_count());
        for (; proofs > 0; --proofs) {
            FILFIL_CHECK(m_from.read_list(2, "a list of two items"));
            FullHeader::PoStProof& proof = out.win_post_proof.emplace_back();
            FILFIL_TRY(proof.type, read_signed());
            FILFIL_TRY(proof.proof, m_from.read_bytes());
        }
        return {};
    }

    Result<void> read_chain(FullHeader& out) {
        m_from.enter(parents);
        FILFIL_TRY(out.parents, m_from.read_links());
        FILFIL_CHECK(check_mark());
        m_from.enter(parent_weight);
        FILFIL_TRY(out.parent_weight, m_from.read_bytes());
        m_from.enter(height);
        FILFIL_TRY(out.height, m_from.read_height());
        m_from.enter(parent_state_root);
        FILFIL_TRY(out.parent_state_root, m_from.read_link());
        FILFIL_CHECK(check_mark());
        m_from.enter(parent_message_receipts);
        FILFIL_TRY(out.parent_message_receipts, m_from.read_link());
        FILFIL_CHECK(check_mark());
        m_from.enter(messages);
        FILFIL_TRY(out.messages, m_from.read_link());
        return check_mark();
    }

    Result<void> read_rest(FullHeader& out) {
        m_from.enter(bls_aggregate);
        if (!m_from.take_null()) {
            FILFIL_TRY(out.bls_aggregate, m_from.read_bytes());
        }
        m_from.enter(timestamp);
        FILFIL_TRY(out.timestamp, m_from.read_unsigned());
        m_from.enter(block_signature);
        if (!m_from.take_null()) {
            FILFIL_TRY(out.block_signature, m_from.read_bytes());
        }
        m_from.enter(fork_signaling);
        FILFIL_TRY(out.fork_signaling, m_from.read_unsigned());
        m_from.enter(parent_base_fee);
        FILFIL_TRY(out.parent_base_fee, m_from.read_bytes());
        return {};
    }

    Result<std::uint64_t> read_count() {
        FILFIL_TRY(const ipld::CborHead list, m_from.head());
        if (list.major != ipld::cbor_list || list.argument > HeaderCursor::max_list)
            return m_from.wrong("a list of at most 8192 items");
        return list.argument;
    }

    Result<std::int64_t> read_signed() {
        FILFIL_TRY(const ipld::CborHead item, m_from.head());
        const bool negative = item.major == ipld::cbor_negative;
        if ((!negative && item.major != ipld::cbor_unsigned) ||
            item.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return m_from.wrong("a number of 64 bits with a sign");
        const auto value = static_cast<std::int64_t>(item.argument);
        return negative ? -1 - value : value;
    }

    Result<void> check_mark() {
        if (m_from.link_mark() == std::byte{0}) return {};
        return m_from.wrong("the end of a link whose first byte is 0");
    }

    HeaderCursor m_from;
};

}    // namespace

Result<FullHeader> decode_full_header(ByteView data) { return FullHeaderReader(data).read(); }

}    // namespace filfil::chain
