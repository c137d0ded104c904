// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/curio_auth.hpp"
#include "market/deal_backend.hpp"
#include "market/market_caller.hpp"

#include <memory>

namespace filfil::market {

struct Mk20Options {
    Url market{};    ///< "http://curio:12310/market/mk20"

    /// The wallet that signs requests, and is the deals' client.
    chain::Address wallet{};
    char letter = chain::mainnet_letter;
    bool indexing = false;    ///< have every block of a piece indexed: tens of millions of them
    bool announce = false;    ///< and announced to the world; only with indexing
    CallLimits limits{};
};

/// Curio's mk20 market with direct data onboarding: the contract is market and notification address, the bytes are
/// fetched from this daemon's piece locator.
///
/// A deal that Curio does not know looks like a wrong signature (401: AuthenticateClient in curio market/mk20/auth.go
/// finds no deal of that client), so a 401 is told apart by a question that names no deal.
///
/// @param world, ask's node: must outlive it; its token needs the permission to sign
/// @return Error::invalid_argument for a wallet without a key
Result<std::unique_ptr<DealBackend>> make_mk20_backend(World& world, incentive::Ask ask, Mk20Options options);

}    // namespace filfil::market
