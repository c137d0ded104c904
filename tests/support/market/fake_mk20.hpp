// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/address.hpp"
#include "fake_market.hpp"
#include "ipld/digest.hpp"
#include "rpc/json.hpp"

#include <functional>
#include <set>
#include <string>

namespace filfil::market {

/// Curio's mk20 market at /market/mk20, as far as a deal by ddo_v1 goes, with its checks in their order and its words.
/// Source: curio market/mk20: http/http.go, auth.go, mk20.go, utils.go, ddo_v1.go, retrieval_v1.go, mk20_utils.go.
class FakeMk20 final : public FakeMarket {
public:
    /// Is the signature the wallet's over the digest?
    using Verify = std::function<bool(const chain::Address& wallet, ByteView digest, ByteView signature)>;

    FakeMk20(Executor& executor, const Clock& clock, Transport& transport, Verify verify)
        : FakeMarket(executor, clock, transport), m_verify(std::move(verify)) {}

    // How the operator has set it up
    char letter = chain::mainnet_letter;
    std::set<std::string> miners{"f01000"};
    std::uint64_t sector_size = std::uint64_t{32} << 30;
    std::map<std::string, bool> contracts{};    ///< as typed in; whether allowed
    std::map<std::string, bool> products{{"ddo_v1", true}, {"retrieval_v1", true}, {"pdp_v1", false}};
    std::map<std::string, bool> sources{{"http", true}, {"aggregate", true}, {"offline", true}, {"put", true}};
    bool deny_unknown_clients = false;    ///< requests are refused already
    bool deny_deals = false;              ///< deals are refused only (the allow list)
    bool indexes = false;                 ///< index tasks are slow: a deal stays at "indexing"

    /// Asks the contract: verifyDeal. @return false where it would not take it; an Error where it has no such deal
    std::function<Result<bool>(const rpc::Json& deal)> verify_deal{};

    [[nodiscard]] const rpc::Json& last_deal() const noexcept { return m_last; }

protected:
    HttpResponse answer(const HttpRequest& request) override;
    [[nodiscard]] bool changes(const HttpRequest& request) const override { return request.method == "POST"; }

private:
    /// The address that signed; "" for none.
    std::string authenticate(const HttpRequest& request, const std::string& path) const;
    HttpResponse deal(const HttpRequest& request, const std::string& client);
    HttpResponse status(const std::string& id);

    Verify m_verify;
    rpc::Json m_last{};
};

}    // namespace filfil::market
