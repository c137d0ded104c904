// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/mk12_wire.hpp"

#include "base/units.hpp"
#include "ipld/cbor_writer.hpp"
#include "ipld/dag_cbor.hpp"
#include "market/f05_deal.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>
#include <array>

namespace filfil::market {
namespace {

using ipld::Value;

constexpr std::size_t most_bytes = 256 * KiB;
constexpr std::size_t shown = 300;

Error wrong(std::string_view what) {
    return {ErrorCode::corrupt, "Curio's answer: " + std::string(what),
            "update fil-fil and Curio: they may not be of one version"};
}

/// A whole answer as a map.
Result<Value> read(ByteView body) {
    if (body.size() > most_bytes)
        return Error(ErrorCode::too_large, "Curio's answer: more than 256 KiB",
                     "check the market's URL: does Curio answer there?");
    // Labels of other people's deals may be no UTF-8.
    auto value = ipld::decode_dag_cbor(body, {.check_utf8 = false, .max_depth = 12});
    if (!value.ok()) return std::move(value).error().in("Curio's answer");
    if (value->as_map() == nullptr) return wrong("it is no map");
    return value;
}

Result<const Value*> member(const Value& map, std::string_view name) {
    const Value* const out = map.find(name);
    if (out == nullptr) return wrong("'" + std::string(name) + "' is missing");
    return out;
}

Result<std::string> text_of_member(const Value& map, std::string_view name) {
    FILFIL_TRY(const Value* value, member(map, name));
    if (value->as_text() == nullptr) return wrong("'" + std::string(name) + "' is no text");
    return *value->as_text();
}

Result<std::uint64_t> number_of_member(const Value& map, std::string_view name) {
    FILFIL_TRY(const Value* value, member(map, name));
    if (value->as_integer() == nullptr || !value->as_integer()->as_uint64())
        return wrong("'" + std::string(name) + "' is no number from 0 on");
    return *value->as_integer()->as_uint64();
}

struct Stage {
    std::string_view said;
    DealState state;
};

constexpr std::array<Stage, 4> stages = {{{"Processing", DealState::processing},
                                          {"Sealing", DealState::sealing},
                                          {"Sealed", DealState::proven},
                                          {"Sealed and Indexed", DealState::complete}}};

}    // namespace

Result<Bytes> mk12_deal_params(const DealOrder& order, bool indexing) {
    FILFIL_TRY(const incentive::DealProposal proposal, f05_proposal(order));
    FILFIL_TRY(const Bytes signed_proposal,
               incentive::encode(incentive::ClientDealProposal{proposal, contract_signature()}));
    ipld::CborWriter out;
    out.map(7);
    out.text("DealUUID");
    out.string(uuid_bytes_of(order));
    out.text("Transfer");
    out.map(4);
    out.text("Size");
    out.number(order.payload_size);
    out.text("Type");
    out.text("");
    out.text("Params");
    out.string({});
    out.text("ClientID");
    out.text("");
    out.text("IsOffline");
    out.boolean(true);
    out.text("DealDataRoot");
    out.link(order.payload_root.bytes());
    out.text("SkipIPNIAnnounce");
    out.boolean(true);
    out.text("ClientDealProposal");
    out.item(signed_proposal);
    out.text("RemoveUnsealedCopy");
    out.boolean(!indexing);
    return to_bytes(out.bytes());
}

Bytes mk12_status_request(const DealOrder& order) {
    ipld::CborWriter out;
    out.map(2);
    out.text("DealUUID");
    out.string(uuid_bytes_of(order));
    out.text("Signature");
    out.string(contract_signature());
    return to_bytes(out.bytes());
}

Bytes mk12_ask_request(const chain::Address& miner) {
    ipld::CborWriter out;
    out.map(1);
    out.text("Miner");
    out.string(miner.bytes());
    return to_bytes(out.bytes());
}

Result<Mk12Answer> read_mk12_answer(ByteView body) {
    FILFIL_TRY(const Value map, read(body));
    Mk12Answer out;
    FILFIL_TRY(out.message, text_of_member(map, "Message"));
    FILFIL_TRY(const Value* accepted, member(map, "Accepted"));
    if (accepted->as_bool() == nullptr) return wrong("'Accepted' is neither true nor false");
    out.accepted = *accepted->as_bool();
    return out;
}

Result<DealStatus> read_mk12_status(ByteView body) {
    FILFIL_TRY(const Value map, read(body));
    FILFIL_TRY(const std::string error, text_of_member(map, "Error"));
    FILFIL_TRY(const Value* status, member(map, "DealStatus"));
    if (!error.empty() || status->is_null()) {
        if (error == "failed to get sealed deal status") return DealStatus{.said = error};
        return Error(ErrorCode::io, "Curio: '" + rpc::excerpt(error, shown) + "'", "look into Curio's log");
    }
    if (status->as_map() == nullptr) return wrong("'DealStatus' is no map");
    DealStatus out;
    FILFIL_TRY(const std::string why, text_of_member(*status, "Error"));
    FILFIL_TRY(const std::string said, text_of_member(*status, "Status"));
    FILFIL_TRY(const std::string sealing, text_of_member(*status, "SealingStatus"));
    FILFIL_TRY(const std::uint64_t chain_deal, number_of_member(*status, "ChainDealID"));
    FILFIL_TRY(const Value* published, member(*status, "PublishCid"));
    if (!published->is_null() && published->as_link() == nullptr) return wrong("'PublishCid' is no link");
    const auto* const stage = std::ranges::find(stages, std::string_view(said), &Stage::said);
    if (stage == stages.end()) return wrong("'" + rpc::excerpt(said, 40) + "' is no state that this program knows");
    out.state = stage->state;
    // What has left the pipeline is told so: Status "Sealed", SealingStatus "Sealed and Indexed".
    if (out.state == DealState::proven && sealing == "Sealed and Indexed") out.state = DealState::complete;
    out.said = rpc::excerpt(said + ", " + sealing, shown);
    if (!published->is_null() && out.state == DealState::processing) out.state = DealState::published;
    if (chain_deal != 0) out.chain_deal = chain_deal;
    if (!why.empty()) {
        out.state = DealState::failed;
        out.why = Refusal{"market_gave_up", "Curio has given the deal up ('" + rpc::excerpt(why, shown) + "')",
                          "look the deal up on the page MK12 of Curio, put right what is said there, then run "
                          "fil-fil deals retry"};
    }
    return out;
}

Result<std::optional<Mk12Ask>> read_mk12_ask(ByteView body) {
    FILFIL_TRY(const Value map, read(body));
    FILFIL_TRY(const Value* signed_ask, member(map, "Ask"));
    if (signed_ask->is_null()) return std::optional<Mk12Ask>();
    FILFIL_TRY(const Value* ask, member(*signed_ask, "Ask"));
    if (ask->is_null()) return std::optional<Mk12Ask>();
    Mk12Ask out;
    FILFIL_TRY(const Value* price, member(*ask, "Price"));
    if (price->as_bytes() == nullptr) return wrong("'Price' is no amount");
    // An amount is nothing, or its sign and its bytes.
    const Bytes& amount = *price->as_bytes();
    out.free = std::ranges::all_of(ByteView(amount).subspan(amount.empty() ? 0 : 1),
                                   [](std::byte b) { return b == std::byte{0}; });
    FILFIL_TRY(out.least_piece, number_of_member(*ask, "MinPieceSize"));
    FILFIL_TRY(out.largest_piece, number_of_member(*ask, "MaxPieceSize"));
    return std::optional(out);
}

}    // namespace filfil::market
