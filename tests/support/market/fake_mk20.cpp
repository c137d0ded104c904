// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_mk20.hpp"

#include "base/base64.hpp"
#include "incentive/eth_address.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;

constexpr std::string_view base = "/market/mk20";

/// time.RFC3339 of a minute, written apart from the product's own.
std::string rfc3339_minute(Clock::Duration wall) {
    const std::chrono::sys_time<std::chrono::minutes> minute(std::chrono::floor<std::chrono::minutes>(wall));
    const auto day = std::chrono::floor<std::chrono::days>(minute);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(minute - day);
    const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
           two(static_cast<unsigned>(date.day())) + "T" + two(static_cast<unsigned>(time.hours().count())) + ":" +
           two(static_cast<unsigned>(time.minutes().count())) + ":00Z";
}

HttpResponse json_answer(const Json& json) {
    return {.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = json.dump()};
}

HttpResponse reason(int status, const std::string& why) { return {.status = status, .body = "Reason: " + why}; }

Json enabled(const std::map<std::string, bool>& all) {
    Json out = Json::array();
    for (const auto& [name, on] : all)
        if (on) out.push_back(name);
    // An empty slice of Go's is null.
    return out.empty() ? Json() : out;
}

bool is_ulid(const std::string& text) {
    return text.size() == 26 && text.front() <= '7' &&
           text.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos;
}

}    // namespace

HttpResponse FakeMk20::answer(const HttpRequest& request) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (!path.starts_with(base)) return go_error(404, "404 page not found");
    if (!find_field(request.fields, "Authorization")) return go_error(401, "Missing Authorization header");
    const std::string client = authenticate(request, path);
    if (client.empty()) return go_error(401, "Unauthorized");
    const std::string rest = path.substr(base.size());
    if (request.method == "GET" && rest.starts_with("/status/")) {
        const std::string id = rest.substr(8);
        const FakeDeal* const deal = find(id);
        if (deal == nullptr || deal->client != client) return go_error(401, "Unauthorized");
        return status(id);
    }
    if (request.method == "GET" && rest == "/products") return json_answer({{"products", enabled(products)}});
    if (request.method == "GET" && rest == "/sources") return json_answer({{"sources", enabled(sources)}});
    if (request.method == "GET" && rest == "/contracts") return json_answer({{"contracts", enabled(contracts)}});
    if (request.method == "POST" && rest == "/deal") return deal(request, client);
    return go_error(404, "404 page not found");
}

std::string FakeMk20::authenticate(const HttpRequest& request, const std::string& path) const {
    const std::string header(*find_field(request.fields, "Authorization"));
    if (!header.starts_with("CurioAuth ")) return "";
    const std::size_t first = header.find(':');
    const std::size_t second = first == std::string::npos ? first : header.find(':', first + 1);
    if (second == std::string::npos) return "";
    const std::string kind = header.substr(10, first - 10);
    const auto address_bytes = from_base64(header.substr(first + 1, second - first - 1));
    const auto signature = from_base64(header.substr(second + 1));
    if (!address_bytes.ok() || !signature.ok() || signature->empty()) return "";
    if (kind != "secp256k1" && kind != "bls" && kind != "delegated") return "";
    const auto wallet = chain::Address::from_bytes(*address_bytes);
    if (!wallet.ok() || deny_unknown_clients) return "";
    const Clock::Duration now = clock().wall() + traps.clock_ahead;
    for (const int minutes : {0, -1, 1}) {
        const std::string text = std::string(chars_of(*address_bytes)) + request.method + path +
                                 rfc3339_minute(now + std::chrono::minutes(minutes));
        if (m_verify(*wallet, ipld::sha2_256(bytes_of(text)), *signature)) return wallet->text(letter);
    }
    return "";
}

HttpResponse FakeMk20::deal(const HttpRequest& request, const std::string& client) {
    if (find_field(request.fields, "Content-Type").value_or("") != "application/json")
        return go_error(400, "invalid content type");
    const auto parsed = rpc::parse_json(request.body);
    if (!parsed.ok()) return go_error(400, "invalid character");
    m_last = *parsed;
    const Json& deal = *parsed;
    if (traps.reject) return reason(traps.reject_status, *traps.reject);

    const std::string id = deal.value("identifier", "");
    if (!is_ulid(id)) return go_error(400, "ulid: bad data size when unmarshaling");
    if (deal.value("client", "") != client) return reason(400, "client in deal does not match client in auth header");
    const auto product_on = [&](const std::string& name) -> std::optional<HttpResponse> {
        const auto found = products.find(name);
        if (found == products.end())
            return reason(423, "products validation failed: product " + name + " is not supported by the provider");
        if (!found->second) return reason(424, "products validation failed: product " + name + " is not enabled");
        return std::nullopt;
    };
    const Json none = Json::object();
    const Json& wanted = deal.contains("products") ? deal["products"] : none;
    if (!wanted.contains("ddo_v1")) return reason(423, "Unsupported product");
    const Json& ddo = wanted["ddo_v1"];
    if (auto off = product_on("ddo_v1")) return *off;
    if (!ddo["start_epoch"].is_null() && ddo["start_epoch"] <= 0)
        return reason(425, "products validation failed: start epoch cannot be negative");
    if (ddo.value("duration", 0) < 518400)
        return reason(441, "products validation failed: duration must be at least 518400");
    const std::string contract = ddo.value("market_address", "");
    if (!contract.starts_with("0x") || !incentive::EthAddress::parse(contract).ok())
        return reason(425, "products validation failed: invalid market address");
    const auto notified = chain::Address::parse(ddo.value("notification_address", ""));
    if (!notified.ok()) return go_error(400, "unknown address network");
    if (ddo.value("notification_payload", "").empty())
        return reason(425, "products validation failed: notification payload is not set");
    if (!wanted.contains("retrieval_v1"))
        return reason(425, "products validation failed: retrieval v1 is required for ddo v1");
    if (auto off = product_on("retrieval_v1")) return *off;
    const Json& retrieval = wanted["retrieval_v1"];
    if (retrieval["announce_piece"] == true)
        return reason(425, "products validation failed: announce piece is not supported for ddo v1");
    if (retrieval["indexing"] == false && retrieval["announce_payload"] == true)
        return reason(425, "products validation failed: deal cannot be announced to IPNI without indexing");

    if (!deal.contains("data")) return reason(400, "Data Source must be defined for a DDO deal");
    const Json& data = deal["data"];
    const std::string piece = data["piece_cid"].value("/", "");
    const auto cid = ipld::Cid::parse(piece);
    const auto info = cid.ok() ? ipld::read_piece_cid(*cid) : Result<ipld::PieceCidInfo>(cid.error());
    if (!info.ok() || !info->payload_size) return reason(400, "invalid piece cid");
    if (!data.contains("source_offline")) return reason(400, "no source defined for data source");
    if (!data["format"].contains("car")) return reason(400, "no format defined");
    if (!sources["offline"]) return reason(422, "data source offline is not enabled");

    const std::string provider = ddo.value("provider", "");
    const auto miner = chain::Address::parse(provider);
    if (!miner.ok() || !miners.contains(miner->text())) return reason(400, "Provider not available in Curio cluster");
    if (ipld::padded_size_of(*info->payload_size) > sector_size)
        return reason(400, "Deal size is larger than the miner's sector size");
    if (deny_deals) return reason(401, "Client is not allowed to make deal with this provider");
    const auto listed = contracts.find(contract);
    if (listed == contracts.end()) return reason(400, "provider does not work with this market");
    if (!listed->second) return reason(400, "market contract is not allowed by storage provider");
    if (verify_deal) {
        const auto wants = verify_deal(deal);
        if (!wants.ok()) return reason(426, "deal " + ddo["market_deal_id"].dump() + " not found in market");
        if (!*wants) return reason(426, "Deal rejected by market");
    }
    if (traps.backpressure) return reason(429, "MK20 ingestion backpressure is active. Please try again later.");
    // The identifier is the table's key: the transaction fails, and there is no reason.
    if (!add({.id = id,
              .client = client,
              .piece = piece,
              .payload_size = *info->payload_size,
              .contract_deal = ddo["market_deal_id"].get<std::uint64_t>(),
              .proposal = request.body}))
        return reason(500, "");
    return reason(200, "");
}

HttpResponse FakeMk20::status(const std::string& id) {
    const FakeDeal& deal = *find(id);
    std::string state = "accepted";
    if (deal.step == 1) state = "processing";
    if (deal.step == 2) state = "sealing";
    if (deal.step == 3 || (deal.step == 4 && indexes)) state = "indexing";
    if (deal.step == 4 && !indexes) state = "complete";
    if (!deal.error.empty()) state = "failed";
    return json_answer({{"ddo_v1", {{"status", state}, {"errorMsg", deal.error}}}});
}

}    // namespace filfil::market
