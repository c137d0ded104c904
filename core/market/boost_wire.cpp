// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/boost_wire.hpp"

#include "base/base64.hpp"
#include "market/f05_deal.hpp"
#include "rpc/excerpt.hpp"
#include "rpc/message.hpp"

#include <algorithm>
#include <array>

namespace filfil::market {
namespace {

using rpc::Json;

constexpr rpc::JsonLimits limits{.depth = 12};
constexpr std::size_t shown = 300;

Error wrong(std::string_view what) {
    return {ErrorCode::corrupt, "Boost's answer: " + std::string(what),
            "check Boost's URLs: version 2.4 or newer is needed"};
}

/// A field of an object in the wording of this file.
Result<std::string> text_of(const Json& json, std::string_view name) {
    auto out = rpc::text_field(json, name);
    if (!out.ok()) return wrong(out.error().message);
    return out;
}

Result<bool> bool_of(const Json& json, std::string_view name) {
    const auto out = rpc::bool_field(json, name);
    if (!out.ok()) return wrong(out.error().message);
    return *out;
}

Result<const Json*> object_of(const Json& json, std::string_view name) {
    const auto out = rpc::field(json, name);
    if (!out.ok()) return wrong(out.error().message);
    if (!(*out)->is_object()) return wrong("'" + std::string(name) + "' is no object");
    return *out;
}

Result<incentive::U256> amount_of(const Json& json, std::string_view name) {
    FILFIL_TRY(const Json* number, object_of(json, name));
    FILFIL_TRY(const std::string text, text_of(*number, "n"));
    auto out = incentive::U256::parse(text);
    if (!out.ok()) return wrong("'" + std::string(name) + "' is no number from 0 on");
    return *out;
}

Result<std::uint64_t> number_of(const Json& json, std::string_view name) {
    FILFIL_TRY(const incentive::U256 amount, amount_of(json, name));
    if (!amount.as_uint64()) return wrong("'" + std::string(name) + "' is too large");
    return *amount.as_uint64();
}

std::string graphql(std::string query, Json variables) {
    return rpc::write_json(Json{{"query", std::move(query)}, {"variables", std::move(variables)}});
}

struct Checkpoint {
    std::string_view name;
    DealState state;
};

constexpr std::array<Checkpoint, 7> checkpoints = {{{"Accepted", DealState::accepted},
                                                    {"Transferred", DealState::publishing},
                                                    {"Published", DealState::published},
                                                    {"PublishConfirmed", DealState::published},
                                                    {"AddedPiece", DealState::sealing},
                                                    {"IndexedAndAnnounced", DealState::sealing},
                                                    {"Complete", DealState::complete}}};

/// lotus-miner's states of a sector that is proven, as gql/resolver.go sealingState writes them; of those that
/// storagemarket/deal_execution.go IsFinalSealingState lists, those that are no end.
bool is_proven(std::string_view sealing) noexcept {
    constexpr std::array<std::string_view, 4> names = {"Sealer: Proving", "Sealer: Available",
                                                       "Sealer: UpdateActivating", "Sealer: ReleaseSectorKey"};
    return std::ranges::find(names, sealing) != names.end();
}

DealState state_of(DealState checkpoint, bool has_data, std::string_view sealing) {
    if (checkpoint == DealState::accepted) return has_data ? DealState::processing : DealState::awaiting_data;
    if (checkpoint == DealState::sealing && is_proven(sealing)) return DealState::proven;
    return checkpoint;
}

bool is_missing(std::string_view text) noexcept { return text.find("no rows in result set") != std::string_view::npos; }

}    // namespace

std::string boost_call(std::string_view method, const Json& params) { return rpc::write_request(1, method, params); }

Result<Json> boost_deal_params(const DealOrder& order, char letter) {
    FILFIL_TRY(const incentive::DealProposal deal, f05_proposal(order));
    const Bytes signature = contract_signature();
    const Json proposal = {{"PieceCID", {{"/", deal.piece.text()}}},
                           {"PieceSize", deal.piece_size},
                           {"VerifiedDeal", deal.verified},
                           {"Client", deal.client.text(letter)},
                           {"Provider", deal.provider.text(letter)},
                           {"Label", deal.label.content},
                           {"StartEpoch", deal.start},
                           {"EndEpoch", deal.end},
                           {"StoragePricePerEpoch", deal.price.text()},
                           {"ProviderCollateral", deal.provider_collateral.text()},
                           {"ClientCollateral", deal.client_collateral.text()}};
    const Json params = {
        {"DealUUID", uuid_of(order)},
        {"IsOffline", true},
        {"ClientDealProposal",
         {{"Proposal", proposal},
          {"ClientSignature",
           {{"Type", std::to_integer<int>(signature[0])}, {"Data", to_base64(ByteView(signature).subspan(1))}}}}},
        {"DealDataRoot", {{"/", order.payload_root.text()}}},
        {"Transfer", {{"Type", ""}, {"ClientID", ""}, {"Params", ""}, {"Size", order.payload_size}}},
        {"RemoveUnsealedCopy", false},
        {"SkipIPNIAnnounce", true}};
    return Json::array({params});
}

Json boost_data_params(const DealOrder& order) { return Json::array({uuid_of(order), order.path, false}); }

Result<BoostAnswer> read_boost_answer(std::string_view body) {
    auto message = rpc::read_message(body);
    if (!message.ok()) return wrong(message.error().message);
    BoostAnswer out;
    if (message->answer.error) {
        out.reason = std::move(message->answer.error->message);
        return out;
    }
    if (!message->answer.result) return wrong("there is neither a result nor an error");
    FILFIL_TRY(out.accepted, bool_of(*message->answer.result, "Accepted"));
    FILFIL_TRY(out.reason, text_of(*message->answer.result, "Reason"));
    return out;
}

std::string boost_deal_query(const std::string& id) {
    return graphql(
        "query($id: ID!){deal(id: $id){ID Checkpoint Err Retry Message InboundFilePath ChainDealID "
        "SealingState}}",
        {{"id", id}});
}

std::string boost_publish_mutation(const std::string& id) {
    return graphql("mutation($ids: [ID!]!){publishPendingDeals(ids: $ids)}", {{"ids", Json::array({id})}});
}

std::string boost_cancel_mutation(const std::string& id) {
    return graphql("mutation($id: ID!){dealCancel(id: $id)}", {{"id", id}});
}

std::string boost_facts_query() {
    return graphql(
        "{minerAddress{MinerID IsCurio} storageAsk{Price MinPieceSize MaxPieceSize} funds{Escrow{Available} "
        "PubMsg{Balance}}}",
        Json::object());
}

Result<Json> read_graphql(std::string_view body) {
    auto json = rpc::parse_json(body, limits);
    if (!json.ok()) return wrong(json.error().message);
    if (!json->is_object()) return wrong("it is no object");
    if (const auto errors = json->find("errors"); errors != json->end() && errors->is_array() && !errors->empty()) {
        FILFIL_TRY(const std::string text, text_of((*errors)[0], "message"));
        return Error(ErrorCode::io, "Boost: '" + rpc::excerpt(text, shown) + "'", "look into Boost's log");
    }
    FILFIL_TRY(const Json* data, object_of(*json, "data"));
    return *data;
}

Result<BoostDeal> read_boost_deal(std::string_view body) {
    auto data = read_graphql(body);
    if (!data.ok()) {
        if (data.error().code == ErrorCode::io && is_missing(data.error().message)) return BoostDeal{};
        return std::move(data).error();
    }
    FILFIL_TRY(const Json* deal, object_of(*data, "deal"));
    BoostDeal out;
    FILFIL_TRY(out.status.id, text_of(*deal, "ID"));
    FILFIL_TRY(const std::string checkpoint, text_of(*deal, "Checkpoint"));
    FILFIL_TRY(const std::string error, text_of(*deal, "Err"));
    FILFIL_TRY(const std::string retry, text_of(*deal, "Retry"));
    FILFIL_TRY(const std::string message, text_of(*deal, "Message"));
    FILFIL_TRY(const std::string path, text_of(*deal, "InboundFilePath"));
    FILFIL_TRY(const std::string sealing, text_of(*deal, "SealingState"));
    FILFIL_TRY(const std::uint64_t chain_deal, number_of(*deal, "ChainDealID"));
    const auto* const point = std::ranges::find(checkpoints, std::string_view(checkpoint), &Checkpoint::name);
    if (point == checkpoints.end())
        return wrong("'" + rpc::excerpt(checkpoint, 40) + "' is no checkpoint that this program knows");
    out.has_data = !path.empty();
    out.status.state = state_of(point->state, out.has_data, sealing);
    out.status.said = rpc::excerpt(checkpoint + ", " + message + ", " + sealing, shown);
    if (chain_deal != 0) out.status.chain_deal = chain_deal;
    if (!error.empty()) {
        const bool over = retry == "fatal" || point->state == DealState::complete;
        const std::string words = " ('" + rpc::excerpt(error, shown) + "')";
        out.status.state = over ? DealState::failed : DealState::paused;
        out.status.why =
            over ? Refusal{"market_gave_up", "Boost has given the deal up" + words,
                           "put right what is said there, then run fil-fil deals retry"}
                 : Refusal{"market_paused", "Boost has stopped in the middle of the deal" + words,
                           "put right what is said there, then press Retry at the deal in Boost's web page", true};
    }
    return out;
}

Result<bool> read_boost_names(std::string_view body, std::string_view field, const std::string& id) {
    FILFIL_TRY(const Json data, read_graphql(body));
    const auto value = rpc::field(data, field);
    if (!value.ok()) return wrong(value.error().message);
    if (const auto* const text = (*value)->get_ptr<const Json::string_t*>()) return *text == id;
    if (!(*value)->is_array()) return wrong("'" + std::string(field) + "' is no list");
    return std::ranges::any_of(**value, [&](const Json& one) {
        const auto* const text = one.get_ptr<const Json::string_t*>();
        return text != nullptr && *text == id;
    });
}

Result<BoostFacts> read_boost_facts(std::string_view body) {
    FILFIL_TRY(const Json data, read_graphql(body));
    BoostFacts out;
    FILFIL_TRY(const Json* miner, object_of(data, "minerAddress"));
    FILFIL_TRY(out.miner, text_of(*miner, "MinerID"));
    FILFIL_TRY(out.on_curio, bool_of(*miner, "IsCurio"));
    FILFIL_TRY(const Json* ask, object_of(data, "storageAsk"));
    FILFIL_TRY(const incentive::U256 price, amount_of(*ask, "Price"));
    out.free = price.zero();
    FILFIL_TRY(out.least_piece, number_of(*ask, "MinPieceSize"));
    FILFIL_TRY(out.largest_piece, number_of(*ask, "MaxPieceSize"));
    FILFIL_TRY(const Json* funds, object_of(data, "funds"));
    FILFIL_TRY(const Json* escrow, object_of(*funds, "Escrow"));
    FILFIL_TRY(out.escrow, amount_of(*escrow, "Available"));
    FILFIL_TRY(const Json* publisher, object_of(*funds, "PubMsg"));
    FILFIL_TRY(out.publisher, amount_of(*publisher, "Balance"));
    return out;
}

}    // namespace filfil::market
