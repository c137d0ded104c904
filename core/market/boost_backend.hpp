// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal_backend.hpp"
#include "market/market_caller.hpp"

#include <memory>
#include <string>

namespace filfil::market {

struct BoostOptions {
    Url api{};              ///< boostd's JSON-RPC: "http://127.0.0.1:1288/rpc/v0"
    std::string token{};    ///< with the permission admin
    Url graphql{};          ///< "http://127.0.0.1:8080/graphql/query": has no token
    char letter = chain::mainnet_letter;
    CallLimits limits{};
};

/// Boost (legacy): an offline deal of f05 whose client is the contract, then the piece's file on boostd's own disk.
std::unique_ptr<DealBackend> make_boost_backend(World& world, BoostOptions options);

}    // namespace filfil::market
