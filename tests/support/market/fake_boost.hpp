// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_market.hpp"
#include "fake_mk12.hpp"
#include "rpc/json.hpp"

#include <string>

namespace filfil::market {

/// boostd with its two servers behind one: JSON-RPC at /rpc/v0 and GraphQL at /graphql/query, as far as offline deals
/// go. Source: boost node/impl/boost.go, storagemarket/provider.go, provider_loop.go, deal_acceptance.go;
/// gql/resolver.go, resolver_dealpublish.go, types/uint64.go.
class FakeBoost final : public FakeMarket {
public:
    using FakeMarket::FakeMarket;

    F05Rules rules{};
    std::string token = "admin";
    bool deny_offline = false;
    bool on_curio = false;
    std::string escrow = "1000000";
    std::string publisher = "5";
    bool publishes_by_itself = true;    ///< else a deal waits to be published until it is told

    /// The piece's file is read: whether it can be.
    std::function<bool(const std::string& path)> has_file{};
    [[nodiscard]] std::size_t imports() const noexcept { return m_imports; }
    [[nodiscard]] const rpc::Json& last_deal() const noexcept { return m_last; }

protected:
    HttpResponse answer(const HttpRequest& request) override;
    [[nodiscard]] bool changes(const HttpRequest& request) const override {
        return request.body.find("BoostDummyDeal") != std::string::npos ||
               request.body.find("BoostOfflineDealWithData") != std::string::npos;
    }
    [[nodiscard]] bool may_go_on(const FakeDeal& deal) const override {
        return !deal.path.empty() && (deal.step != 1 || publishes_by_itself || m_published.contains(deal.id));
    }

private:
    HttpResponse call(const rpc::Json& request);
    HttpResponse query(const rpc::Json& request);
    rpc::Json propose(const rpc::Json& params);
    rpc::Json import(const std::string& id, const std::string& path, std::string& error);
    rpc::Json deal_json(const FakeDeal& deal) const;

    rpc::Json m_last{};
    std::set<std::string> m_published{};
    std::set<std::string> m_cancelled{};
    std::size_t m_imports = 0;
};

}    // namespace filfil::market
