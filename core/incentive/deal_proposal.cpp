// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/deal_proposal.hpp"

#include "incentive/cbor_fields.hpp"
#include "ipld/cbor_writer.hpp"

namespace filfil::incentive {
namespace {

constexpr std::size_t fields_of_a_proposal = 11;

/// builtin-actors market DEAL_MAX_LABEL_SIZE.
constexpr std::size_t longest_label = 256;

Error invalid(std::string_view what) { return {ErrorCode::invalid_argument, "deal proposal: " + std::string(what)}; }

void put_epoch(ipld::CborWriter& out, std::int64_t epoch) {
    const ipld::Integer value(epoch);
    out.head(value.negative ? ipld::cbor_negative : ipld::cbor_unsigned, value.magnitude);
}

Result<void> put(ipld::CborWriter& out, const DealProposal& proposal) {
    if (proposal.piece.empty()) return invalid("the piece is missing");
    if (proposal.client.empty()) return invalid("the client is missing");
    if (proposal.provider.empty()) return invalid("the provider is missing");
    if (proposal.label.content.size() > longest_label) return invalid("the label is longer than 256 bytes");
    out.list(fields_of_a_proposal);
    out.link(proposal.piece.bytes());
    out.number(proposal.piece_size);
    out.boolean(proposal.verified);
    out.string(proposal.client.bytes());
    out.string(proposal.provider.bytes());
    if (proposal.label.text) {
        out.text(proposal.label.content);
    } else {
        out.string(bytes_of(proposal.label.content));
    }
    put_epoch(out, proposal.start);
    put_epoch(out, proposal.end);
    out.string(proposal.price.amount());
    out.string(proposal.provider_collateral.amount());
    out.string(proposal.client_collateral.amount());
    return {};
}

Result<DealLabel> label_of(const ipld::Value& value, const CborFields& fields) {
    DealLabel out;
    if (const std::string* text = value.as_text()) {
        out.content = *text;
    } else if (const Bytes* bytes = value.as_bytes()) {
        out.text = false;
        out.content = chars_of(*bytes);
    } else {
        return fields.wrong("label", "text or a byte string is expected");
    }
    if (out.content.size() > longest_label) return fields.wrong("label", "it is longer than 256 bytes");
    return out;
}

Result<DealProposal> proposal_of(const ipld::Value& value) {
    FILFIL_TRY(CborFields fields, CborFields::of(value, "deal proposal", fields_of_a_proposal));
    DealProposal out;
    FILFIL_TRY(out.piece, fields.link("piece"));
    FILFIL_TRY(out.piece_size, fields.number("piece size"));
    FILFIL_TRY(out.verified, fields.boolean("verified"));
    FILFIL_TRY(out.client, fields.address("client"));
    FILFIL_TRY(out.provider, fields.address("provider"));
    FILFIL_TRY(out.label, label_of(fields.any(), fields));
    FILFIL_TRY(out.start, fields.epoch("start"));
    FILFIL_TRY(out.end, fields.epoch("end"));
    FILFIL_TRY(out.price, fields.amount("price"));
    FILFIL_TRY(out.provider_collateral, fields.amount("provider collateral"));
    FILFIL_TRY(out.client_collateral, fields.amount("client collateral"));
    return out;
}

}    // namespace

Result<Bytes> encode(const DealProposal& proposal) {
    ipld::CborWriter out;
    FILFIL_CHECK(put(out, proposal));
    return to_bytes(out.bytes());
}

Result<DealProposal> decode_deal_proposal(ByteView bytes) {
    FILFIL_TRY(const ipld::Value value, read_cbor(bytes, "deal proposal"));
    return proposal_of(value);
}

Result<ipld::Cid> cid_of(const DealProposal& proposal) {
    FILFIL_TRY(const Bytes bytes, encode(proposal));
    return ipld::cid_of_block(ipld::Codec::dag_cbor, bytes);
}

Result<Bytes> encode(const ClientDealProposal& proposal) {
    ipld::CborWriter out;
    out.list(2);
    FILFIL_CHECK(put(out, proposal.proposal));
    out.string(proposal.signature);
    return to_bytes(out.bytes());
}

Result<ClientDealProposal> decode_client_deal_proposal(ByteView bytes) {
    FILFIL_TRY(const ipld::Value value, read_cbor(bytes, "client deal proposal"));
    FILFIL_TRY(CborFields fields, CborFields::of(value, "client deal proposal", 2));
    ClientDealProposal out;
    FILFIL_TRY(out.proposal, proposal_of(fields.any()));
    FILFIL_TRY(out.signature, fields.bytes("signature"));
    return out;
}

Bytes encode(const AuthenticateParams& params) {
    ipld::CborWriter out;
    out.list(2);
    out.string(params.signature);
    out.string(params.message);
    return to_bytes(out.bytes());
}

Result<AuthenticateParams> decode_authenticate_params(ByteView bytes) {
    FILFIL_TRY(const ipld::Value value, read_cbor(bytes, "AuthenticateMessage"));
    FILFIL_TRY(CborFields fields, CborFields::of(value, "AuthenticateMessage", 2));
    AuthenticateParams out;
    FILFIL_TRY(out.signature, fields.bytes("signature"));
    FILFIL_TRY(out.message, fields.bytes("message"));
    return out;
}

Bytes encode(const NotifyDealParams& params) {
    ipld::CborWriter out;
    out.list(2);
    out.string(params.proposal);
    out.number(params.deal);
    return to_bytes(out.bytes());
}

Result<NotifyDealParams> decode_notify_deal_params(ByteView bytes) {
    FILFIL_TRY(const ipld::Value value, read_cbor(bytes, "MarketNotifyDeal"));
    FILFIL_TRY(CborFields fields, CborFields::of(value, "MarketNotifyDeal", 2));
    NotifyDealParams out;
    FILFIL_TRY(out.proposal, fields.bytes("proposal"));
    FILFIL_TRY(out.deal, fields.number("deal"));
    return out;
}

}    // namespace filfil::incentive
