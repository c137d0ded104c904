// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market_control.hpp"

#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;

HttpResponse json_answer(int status, const Json& json) {
    return {.status = status, .fields = {{"Content-Type", "application/json"}}, .body = json.dump()};
}

}    // namespace

Json MarketControl::report() const {
    Json out = {{"accepted", m_market.accepted()},
                {"deals", Json::array()},
                {"fetch_errors", m_market.fetch_errors()},
                {"ranges", m_market.ranges()}};
    for (const auto& [id, deal] : m_market.deals())
        out["deals"].push_back({{"id", id},
                                {"client", deal.client},
                                {"piece", deal.piece},
                                {"deal", deal.contract_deal},
                                {"step", deal.step},
                                {"fetched", deal.fetched},
                                {"path", deal.path},
                                {"proposal", deal.proposal},
                                {"terms", to_hex(deal.terms)},
                                {"error", deal.error}});
    return out;
}

bool MarketControl::set(const std::string& name, const Json& value) {
    Traps& traps = m_market.traps;
    const auto text = [&](std::optional<std::string>& out) {
        out.reset();
        if (value.is_string()) out = value.get<std::string>();
    };
    if (name == "silent" && value.is_boolean())
        traps.silent = value.get<bool>();
    else if (name == "web_page" && value.is_boolean())
        traps.web_page = value.get<bool>();
    else if (name == "backpressure" && value.is_boolean())
        traps.backpressure = value.get<bool>();
    else if (name == "reject")
        text(traps.reject);
    else if (name == "fails_later")
        text(traps.fails_later);
    else if (name == "locator" && value.is_string()) {
        const auto url = parse_url(value.get<std::string>());
        if (!url.ok()) return false;
        m_market.locator = *url;
    } else if (name == "forget" && value.is_string())
        m_market.forget(value.get<std::string>());
    else if (!value.is_number_unsigned() && !value.is_number_integer())
        return m_more && m_more(name, value);
    else if (name == "slow_ms")
        traps.slow = std::chrono::milliseconds(value.get<std::int64_t>());
    else if (name == "clock_ahead_ms")
        traps.clock_ahead = std::chrono::milliseconds(value.get<std::int64_t>());
    else if (name == "lose_answers")
        traps.lose_answers = value.get<unsigned>();
    else if (name == "fail_after")
        traps.fail_after = value.get<unsigned>();
    else if (name == "fail_before")
        traps.fail_before = value.get<unsigned>();
    else if (name == "reject_status")
        traps.reject_status = value.get<int>();
    else if (name == "advance")
        for (unsigned i = value.get<unsigned>(); i > 0; --i) m_market.advance();
    else
        return m_more && m_more(name, value);
    return true;
}

void MarketControl::handle(HttpRequest request, Respond respond) {
    if (!request.target.starts_with("/control")) return m_market.handle(std::move(request), std::move(respond));
    m_executor.post([this, kept = std::make_shared<HttpRequest>(std::move(request)), respond = std::move(respond)] {
        if (kept->method == "GET") return respond(json_answer(200, report()));
        const auto json = rpc::parse_json(kept->body);
        if (!json.ok() || !json->is_object()) return respond({.status = 400, .body = "an object is expected\n"});
        for (const auto& [name, value] : json->items())
            if (!set(name, value)) return respond({.status = 400, .body = "'" + name + "' is not known\n"});
        respond(json_answer(200, report()));
    });
}

}    // namespace filfil::market
