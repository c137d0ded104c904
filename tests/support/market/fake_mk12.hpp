// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_market.hpp"
#include "incentive/deal_proposal.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace filfil::market {

/// What the markets of f05's deals look at in a proposal, with their words.
struct F05Rules {
    std::set<std::string> miners{"f01000"};
    std::int64_t head = 100;
    incentive::U256 least_collateral = 1000;
    bool free = true;    ///< the ask's price is 0
    std::uint64_t least_piece = 256;
    std::uint64_t largest_piece = std::uint64_t{64} << 30;

    /// AuthenticateMessage, simulated: nothing for yes.
    std::function<bool(const incentive::DealProposal&)> authenticate{};

    /// @return the reason why not
    [[nodiscard]] std::optional<std::string> refuse(const incentive::DealProposal& proposal) const;
};

/// Curio's mk12 market at /market/mk12 for offline deals. Source: curio market/mk12: http/http.go, mk12.go,
/// mk12_utils.go, types_cbor_gen.go, legacytypes.
class FakeMk12 final : public FakeMarket {
public:
    using FakeMarket::FakeMarket;

    F05Rules rules{};
    bool deny_offline = false;
    bool deny_client = false;
    bool has_ask = true;

protected:
    HttpResponse answer(const HttpRequest& request) override;
    [[nodiscard]] bool changes(const HttpRequest& request) const override { return request.method == "POST"; }

private:
    HttpResponse store(const HttpRequest& request);
    HttpResponse status(const HttpRequest& request);
    [[nodiscard]] HttpResponse ask(const HttpRequest& request) const;
};

}    // namespace filfil::market
