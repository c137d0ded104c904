// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_boost.hpp"

#include "ipld/cid.hpp"

#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;

HttpResponse json_answer(const Json& json) {
    return {.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = json.dump()};
}

/// gql/types: how both of its number types are written.
Json number(const std::string& text) { return {{"__typename", "BigInt"}, {"n", text}}; }

Json graphql_error(const std::string& message, const Json& data) {
    return {{"errors", Json::array({{{"message", message}, {"path", Json::array()}}})}, {"data", data}};
}

/// The proposal of the JSON as go-state-types reads it. @return nothing where Go would fail to
std::optional<incentive::DealProposal> proposal_of(const Json& json) {
    incentive::DealProposal out;
    const auto cid = ipld::Cid::parse(json["PieceCID"].value("/", ""));
    const auto client = chain::Address::parse(json.value("Client", ""));
    const auto provider = chain::Address::parse(json.value("Provider", ""));
    const auto collateral = incentive::U256::parse(json.value("ProviderCollateral", ""));
    const auto price = incentive::U256::parse(json.value("StoragePricePerEpoch", ""));
    const auto other = incentive::U256::parse(json.value("ClientCollateral", ""));
    if (!cid.ok() || !client.ok() || !provider.ok() || !collateral.ok() || !price.ok() || !other.ok())
        return std::nullopt;
    out.piece = *cid;
    out.piece_size = json["PieceSize"].get<std::uint64_t>();
    out.verified = json["VerifiedDeal"].get<bool>();
    out.client = *client;
    out.provider = *provider;
    out.label.content = json["Label"].get<std::string>();
    out.start = json["StartEpoch"].get<std::int64_t>();
    out.end = json["EndEpoch"].get<std::int64_t>();
    out.provider_collateral = *collateral;
    out.price = *price;
    out.client_collateral = *other;
    return out;
}

}    // namespace

HttpResponse FakeBoost::answer(const HttpRequest& request) {
    const auto json = rpc::parse_json(request.body);
    if (request.target == "/rpc/v0") {
        if (find_field(request.fields, "Authorization").value_or("") != "Bearer " + token) return {.status = 401};
        if (!json.ok()) return {.status = 400, .body = "unmarshaling request"};
        return call(*json);
    }
    if (request.target == "/graphql/query") {
        if (!json.ok()) return go_error(400, "invalid character");
        return query(*json);
    }
    // The web page is served at all other paths.
    return {.status = 200, .fields = {{"Content-Type", "text/html; charset=utf-8"}}, .body = "<!doctype html>boost"};
}

HttpResponse FakeBoost::call(const Json& request) {
    Json out = {{"jsonrpc", "2.0"}, {"id", request["id"]}};
    const std::string method = request.value("method", "");
    const Json& params = request["params"];
    std::string error;
    if (method == "Filecoin.BoostDummyDeal") {
        out["result"] = propose(params[0]);
    } else if (method == "Filecoin.BoostOfflineDealWithData") {
        out["result"] = import(params[0].get<std::string>(), params[1].get<std::string>(), error);
    } else if (method == "Filecoin.BoostDeal") {
        const FakeDeal* const deal = find(params[0].get<std::string>());
        if (deal == nullptr)
            error = "getting deal " + params[0].get<std::string>() + ": deal not found";
        else
            out["result"] = {{"DealUuid", deal->id}};
    } else {
        error = "method '" + method + "' not found";
    }
    if (!error.empty()) {
        out.erase("result");
        out["error"] = {{"code", 1}, {"message", error}};
    }
    return json_answer(out);
}

Json FakeBoost::propose(const Json& deal) {
    m_last = deal;
    const auto refused = [](const std::string& why) { return Json{{"Accepted", false}, {"Reason", why}}; };
    if (traps.reject) return refused(*traps.reject);
    const Json& signed_proposal = deal["ClientDealProposal"];
    const auto proposal = proposal_of(signed_proposal["Proposal"]);
    if (!proposal || signed_proposal["ClientSignature"].value("Type", 0) != 2)
        return refused("failed validation: invalid signature");
    if (const auto why = rules.refuse(*proposal)) return refused("failed validation: " + *why);
    if (!rules.free) return refused("failed validation: storage price per epoch less than asking price: 0 < 1");
    const std::string cid = incentive::cid_of(*proposal)->text();
    for (const auto& [id, other] : deals())
        if (other.proposal == cid) return refused("deal proposal is identical to deal " + id + " (proposed at 2026)");
    const std::string id = deal.value("DealUUID", "");
    if (find(id) != nullptr) return refused("deal has the same uuid as deal " + id + " (proposed at 2026)");
    if (deny_offline) return refused("miner is not accepting offline storage deals");
    add({.id = id,
         .client = proposal->client.text(),
         .piece = proposal->piece.text(),
         .payload_size = deal["Transfer"]["Size"].get<std::uint64_t>(),
         .proposal = cid,
         .terms = incentive::encode(*proposal).value()});
    return {{"Accepted", true}, {"Reason", ""}};
}

Json FakeBoost::import(const std::string& id, const std::string& path, std::string& error) {
    FakeDeal* const deal = find(id);
    if (deal == nullptr) {
        error = "no pre-existing deal proposal for offline deal " + id + ": sql: no rows in result set";
        return {};
    }
    if (deal->step > 0) {
        error = "deal " + id + " has already been imported and reached checkpoint Transferred";
        return {};
    }
    if (incentive::U256::parse(escrow)->zero())
        return {{"Accepted", false}, {"Reason", "server error: provider has insufficient funds to accept deal"}};
    ++m_imports;
    deal->path = path;
    if (has_file && !has_file(path)) deal->error = "failed to open CAR file " + path + ": no such file or directory";
    return {{"Accepted", true}, {"Reason", ""}};
}

Json FakeBoost::deal_json(const FakeDeal& deal) const {
    constexpr std::array<const char*, 5> checkpoints = {"Accepted", "Transferred", "PublishConfirmed",
                                                        "IndexedAndAnnounced", "IndexedAndAnnounced"};
    constexpr std::array<const char*, 5> sealing = {"To be sealed", "To be sealed", "To be sealed",
                                                    "Sealer: UpdateReplica", "Sealer: Proving"};
    const bool cancelled = m_cancelled.contains(deal.id);
    return {{"ID", deal.id},
            {"Checkpoint", cancelled ? "Complete" : checkpoints[deal.step]},
            {"Err", cancelled ? "user manually terminated the deal" : deal.error},
            {"Retry", deal.error.empty()  ? "auto"
                      : deal.path.empty() ? "fatal"
                                          : "manual"},
            {"Message", deal.path.empty() ? "Awaiting Offline Data Import" : "Sealing"},
            {"InboundFilePath", deal.path},
            {"ChainDealID", number(deal.step < 2 ? "0" : "88")},
            {"SealingState", sealing[deal.step]}};
}

HttpResponse FakeBoost::query(const Json& request) {
    const std::string text = request.value("query", "");
    const Json& variables = request["variables"];
    const auto missing = [](const std::string& field) {
        return json_answer(graphql_error("sql: no rows in result set", {{field, nullptr}}));
    };
    if (text.find("publishPendingDeals(ids: $ids)") != std::string::npos) {
        Json published = Json::array();
        for (const Json& id : variables["ids"]) {
            const FakeDeal* const deal = find(id.get<std::string>());
            if (deal == nullptr) return missing("publishPendingDeals");
            if (deal->step == 1 && m_published.insert(deal->id).second) published.push_back(id);
        }
        return json_answer({{"data", {{"publishPendingDeals", published}}}});
    }
    if (text.find("dealCancel(id: $id)") != std::string::npos) {
        const std::string id = variables.value("id", "");
        const FakeDeal* const deal = find(id);
        if (deal == nullptr) return missing("dealCancel");
        if (!deal->path.empty()) return json_answer(graphql_error("deal has already started importing data", nullptr));
        m_cancelled.insert(id);
        return json_answer({{"data", {{"dealCancel", id}}}});
    }
    if (text.find("deal(id: $id)") != std::string::npos) {
        const FakeDeal* const deal = find(variables.value("id", ""));
        if (deal == nullptr) return missing("deal");
        return json_answer({{"data", {{"deal", deal_json(*deal)}}}});
    }
    if (text.find("minerAddress") != std::string::npos)
        return json_answer(
            {{"data",
              {{"minerAddress", {{"MinerID", *rules.miners.begin()}, {"IsCurio", on_curio}}},
               {"storageAsk",
                {{"Price", number(rules.free ? "0" : "500")},
                 {"MinPieceSize", number(std::to_string(rules.least_piece))},
                 {"MaxPieceSize", number(std::to_string(rules.largest_piece))}}},
               {"funds",
                {{"Escrow", {{"Available", number(escrow)}}}, {"PubMsg", {{"Balance", number(publisher)}}}}}}}});
    return json_answer(graphql_error("Cannot query field on type \"RootQuery\".", nullptr));
}

}    // namespace filfil::market
