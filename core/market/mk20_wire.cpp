// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/mk20_wire.hpp"

#include "base/base64.hpp"
#include "ipld/cbor_writer.hpp"
#include "rpc/excerpt.hpp"

#include <array>
#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;

constexpr rpc::JsonLimits limits{.depth = 8};
constexpr std::size_t most_names = 10'000;
constexpr std::size_t shown = 300;

struct State {
    std::string_view said;
    DealState state;
};

constexpr std::array<State, 7> states = {{{"accepted", DealState::accepted},
                                          {"uploading", DealState::awaiting_data},
                                          {"processing", DealState::processing},
                                          {"sealing", DealState::sealing},
                                          {"indexing", DealState::proven},
                                          {"complete", DealState::complete},
                                          {"failed", DealState::failed}}};

Error wrong(std::string_view what) {
    return {ErrorCode::corrupt, "Curio's answer: " + std::string(what),
            "update fil-fil and Curio: they may not be of one version"};
}

Result<Json> read(std::string_view body) {
    auto json = rpc::parse_json(body, limits);
    if (!json.ok()) return wrong(json.error().message);
    return json;
}

}    // namespace

Bytes mk20_notification_payload(std::uint64_t deal) {
    ipld::CborWriter out;
    out.number(deal);
    return to_bytes(out.bytes());
}

Result<std::string> mk20_deal_body(const DealOrder& order, const Mk20Terms& terms) {
    FILFIL_TRY(const ipld::Cid piece, piece_cid_v2(order));
    FILFIL_TRY(const chain::Address contract, incentive::filecoin_address_of(order.contract));
    const Json ddo = {{"provider", order.provider.text(terms.letter)},
                      {"start_epoch", nullptr},
                      {"duration", order.duration},
                      {"market_address", order.contract.text()},
                      {"market_deal_id", order.deal},
                      {"notification_address", contract.text(terms.letter)},
                      {"notification_payload", to_base64(mk20_notification_payload(order.deal))}};
    const Json deal = {{"identifier", ulid_of(order)},
                       {"client", terms.client},
                       {"data",
                        {{"piece_cid", {{"/", piece.text()}}},
                         {"format", {{"car", Json::object()}}},
                         {"source_offline", Json::object()}}},
                       {"products",
                        {{"ddo_v1", ddo},
                         {"retrieval_v1",
                          {{"indexing", terms.indexing},
                           {"announce_payload", terms.indexing && terms.announce},
                           {"announce_piece", false}}}}}};
    return rpc::write_json(deal);
}

Result<DealStatus> read_mk20_status(std::string_view body) {
    FILFIL_TRY(const Json json, read(body));
    const auto product = rpc::field(json, "ddo_v1");
    if (!product.ok()) return wrong(product.error().message);
    const auto said = rpc::text_field(**product, "status");
    if (!said.ok()) return wrong(said.error().message);
    std::string message;
    if ((*product)->contains("errorMsg")) {
        auto text = rpc::text_field(**product, "errorMsg");
        if (!text.ok()) return wrong(text.error().message);
        message = std::move(*text);
    }
    for (const State& state : states)
        if (state.said == *said) {
            DealStatus out{.state = state.state, .said = *said};
            if (!message.empty()) out.said += ": " + rpc::excerpt(message, shown);
            if (out.state == DealState::failed)
                out.why =
                    Refusal{"market_gave_up", "Curio has given the deal up ('" + rpc::excerpt(message, shown) + "')",
                            "look the deal up on the page MK20 of Curio, put right what is said there, then "
                            "run fil-fil deals retry"};
            return out;
        }
    return wrong("'" + rpc::excerpt(*said, 40) + "' is no state that this program knows");
}

Result<std::vector<std::string>> read_mk20_names(std::string_view body, std::string_view field) {
    FILFIL_TRY(const Json json, read(body));
    const auto list = rpc::field(json, field);
    if (!list.ok()) return wrong(list.error().message);
    std::vector<std::string> out;
    if ((*list)->is_null()) return out;
    if (!(*list)->is_array()) return wrong("'" + std::string(field) + "' is no list");
    if ((*list)->size() > most_names)
        return Error(ErrorCode::too_large, "Curio's answer: '" + std::string(field) + "' is too long",
                     "check the market's URL: does Curio answer there?");
    for (const Json& one : **list) {
        const auto* const text = one.get_ptr<const Json::string_t*>();
        if (text == nullptr) return wrong("'" + std::string(field) + "' has what is no text");
        out.push_back(*text);
    }
    return out;
}

}    // namespace filfil::market
