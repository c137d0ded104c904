// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_mk12.hpp"

#include "ipld/cbor_writer.hpp"
#include "ipld/dag_cbor.hpp"

#include <algorithm>
#include <utility>

namespace filfil::market {
namespace {

using ipld::CborWriter;
using ipld::Value;

/// Curio writes the status before the type, so that the type is what Go sniffs.
HttpResponse cbor_answer(const CborWriter& out) {
    return {.status = 200,
            .fields = {{"Content-Type", "application/octet-stream"}},
            .body = std::string(chars_of(out.bytes()))};
}

HttpResponse response(bool accepted, const std::string& message) {
    CborWriter out;
    out.map(2);
    out.text("Message");
    out.text(message);
    out.text("Accepted");
    out.boolean(accepted);
    return cbor_answer(out);
}

std::optional<Value> map_of(const HttpRequest& request, std::size_t fields) {
    auto value = ipld::decode_dag_cbor(bytes_of(request.body));
    if (!value.ok() || value->as_map() == nullptr || value->as_map()->size() != fields) return std::nullopt;
    return std::move(*value);
}

std::string uuid_text(ByteView bytes) {
    std::string out = to_hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) out.insert(at, 1, '-');
    return out;
}

std::optional<std::string> uuid_in(const Value& map) {
    const Value* const id = map.find("DealUUID");
    if (id == nullptr || id->as_bytes() == nullptr || id->as_bytes()->size() != 16) return std::nullopt;
    return uuid_text(*id->as_bytes());
}

}    // namespace

std::optional<std::string> F05Rules::refuse(const incentive::DealProposal& proposal) const {
    if (authenticate && !authenticate(proposal)) return "invalid signature";
    if (!miners.contains(proposal.provider.text())) return "incorrect provider for deal; proposal.Provider: ";
    if (proposal.end <= proposal.start) return "proposal end before proposal start";
    if (head > proposal.start)
        return "deal start epoch " + std::to_string(proposal.start) +
               " has already elapsed (current epoch: " + std::to_string(head) + ")";
    const std::int64_t duration = proposal.end - proposal.start;
    if (duration < 518400 || duration > 3680640) return "deal duration out of bounds (min, max, provided): ";
    if (proposal.end > head + 3680640) return "invalid deal end epoch: cannot be more than 3680640 past current epoch";
    if (proposal.provider_collateral < least_collateral)
        return "proposed provider collateral " + proposal.provider_collateral.text() + " below minimum " +
               least_collateral.text();
    if (proposal.provider_collateral > *incentive::multiply(least_collateral, 2))
        return "proposed provider collateral above maximum";
    if (!proposal.client_collateral.zero() || !proposal.price.zero())
        return "client available funds in escrow 0 not enough to meet storage cost for deal";
    return std::nullopt;
}

HttpResponse FakeMk12::answer(const HttpRequest& request) {
    if (find_field(request.fields, "Content-Type").value_or("") != "application/cbor") return {.status = 400};
    if (request.method == "POST" && request.target == "/market/mk12/store") return store(request);
    if (request.method == "GET" && request.target == "/market/mk12/status") return status(request);
    if (request.method == "GET" && request.target == "/market/mk12/ask") return ask(request);
    return go_error(404, "404 page not found");
}

HttpResponse FakeMk12::store(const HttpRequest& request) {
    const auto params = map_of(request, 7);
    if (!params) return {.status = 400};
    const auto id = uuid_in(*params);
    const Value* const both = params->find("ClientDealProposal");
    const Value* const transfer = params->find("Transfer");
    const Value* const offline = params->find("IsOffline");
    const Value* const root = params->find("DealDataRoot");
    if (!id || both == nullptr || transfer == nullptr || transfer->find("Size") == nullptr || offline == nullptr ||
        offline->as_bool() == nullptr || root == nullptr || root->as_link() == nullptr)
        return {.status = 400};
    const auto again = ipld::encode_dag_cbor(*both);
    const auto proposal = incentive::decode_client_deal_proposal(*again);
    if (!proposal.ok() || proposal->signature.empty()) return {.status = 400};
    if (traps.reject) return response(false, *traps.reject);
    if (const auto why = rules.refuse(proposal->proposal)) return response(false, "failed validation: " + *why);
    if (deny_offline && *offline->as_bool()) return response(false, "offline deals are not allowed on this provider");
    if (deny_client) return response(false, "client not allowed by provider");
    if (traps.backpressure) return response(false, "deal rejected due to backpressure. Please retry in some time.");
    if (!rules.free) return response(false, "storage price per epoch less than asking price: 0 < 1");
    if (proposal->proposal.piece_size < rules.least_piece)
        return response(false, "piece size less than minimum required size: ");
    if (proposal->proposal.piece_size > rules.largest_piece)
        return response(false, "piece size more than maximum allowed size: ");
    const std::string cid = incentive::cid_of(proposal->proposal)->text();
    for (const auto& [other, deal] : deals())
        if (deal.proposal == cid)
            return response(false, "store deal: market deal with the same proposalCID " + cid + " already exists: 1");
    if (!add({.id = *id,
              .client = proposal->proposal.client.text(),
              .piece = proposal->proposal.piece.text(),
              .payload_size = *transfer->find("Size")->as_integer()->as_uint64(),
              .proposal = cid,
              .terms = incentive::encode(proposal->proposal).value()}))
        return response(false, "store deal: store deal success: updated 0 rows instead of 1");
    return response(true, "");
}

HttpResponse FakeMk12::status(const HttpRequest& request) {
    const auto asked = map_of(request, 2);
    if (!asked) return {.status = 400};
    const auto id = uuid_in(*asked);
    const Value* const signature = asked->find("Signature");
    if (!id || signature == nullptr || signature->as_bytes() == nullptr || signature->as_bytes()->empty())
        return {.status = 400};
    const FakeDeal* const deal = find(*id);
    CborWriter out;
    out.map(6);
    out.text("Error");
    // What has failed before it was published reads like what never was.
    const bool gone = deal == nullptr || (!deal->error.empty() && deal->step < 2);
    out.text(gone ? "failed to get sealed deal status" : "");
    out.text("DealUUID");
    out.string(*asked->find("DealUUID")->as_bytes());
    out.text("IsOffline");
    out.boolean(!gone);
    out.text("DealStatus");
    if (gone) {
        out.null();
    } else {
        out.map(7);
        out.text("Error");
        out.text(deal->error);
        out.text("Status");
        // Curio's GetDealStatus makes a better answer for what is published, and then gives this one all the same.
        out.text(deal->step < 4 ? "Processing" : "Sealed");
        out.text("Proposal");
        out.list(0);
        out.text("PublishCid");
        const ipld::Cid published = ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of(*id));
        if (deal->step < 4)
            out.null();
        else
            out.link(published.bytes());
        out.text("ChainDealID");
        out.number(deal->step < 4 ? 0 : 77);
        out.text("SealingStatus");
        out.text(deal->step < 4 ? "Not assigned to sector" : "Sealed and Indexed");
        out.text("SignedProposalCid");
        out.link(published.bytes());
    }
    out.text("TransferSize");
    out.number(1);
    out.text("NBytesReceived");
    out.number(1);
    return cbor_answer(out);
}

HttpResponse FakeMk12::ask(const HttpRequest& request) const {
    if (!map_of(request, 1)) return {.status = 400};
    if (!has_ask) return {.status = 500};
    CborWriter out;
    out.map(1);
    out.text("Ask");
    out.map(2);
    out.text("Ask");
    out.map(8);
    const Bytes price = rules.free ? Bytes{} : Bytes{std::byte{0}, std::byte{5}};
    out.text("Miner");
    out.string(chain::Address::of_id(1000).bytes());
    out.text("Price");
    out.string(price);
    out.text("SeqNo");
    out.number(3);
    out.text("Expiry");
    out.number(1000);
    out.text("Timestamp");
    out.number(10);
    out.text("MaxPieceSize");
    out.number(rules.largest_piece);
    out.text("MinPieceSize");
    out.number(rules.least_piece);
    out.text("VerifiedPrice");
    out.string({});
    out.text("Signature");
    out.string(Bytes(66, std::byte{1}));
    return cbor_answer(out);
}

}    // namespace filfil::market
