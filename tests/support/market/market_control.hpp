// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_market.hpp"
#include "rpc/json.hpp"

#include <functional>

namespace filfil::market {

/// A fake market that a test in another process looks at and sets traps for, at /control on the market's own port:
///
///     GET /control     {"accepted": 1, "deals": [{"id", "client", "piece", "deal", "step", "fetched", "path",
///                      "proposal", "terms", "error"}], "fetch_errors", "ranges"}: the terms of f05's deals in hex
///     POST /control    {"silent": true, …}: fields of Traps (slow_ms, clock_ahead_ms in milliseconds, null takes a
///                      text away), {"advance": n}, {"forget": "ID"}, {"locator": "URL"}, and what `more` knows
class MarketControl final : public HttpServer {
public:
    using More = std::function<bool(const std::string& name, const rpc::Json& value)>;

    /// @param market, executor: must outlive it; the executor is the market's
    /// @param more sets what only this kind of market has; @return whether it knows the name
    MarketControl(FakeMarket& market, Executor& executor, More more)
        : m_market(market), m_executor(executor), m_more(std::move(more)) {}

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

private:
    [[nodiscard]] rpc::Json report() const;
    bool set(const std::string& name, const rpc::Json& value);

    FakeMarket& m_market;
    Executor& m_executor;
    More m_more;
};

}    // namespace filfil::market
