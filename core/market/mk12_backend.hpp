// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal_backend.hpp"
#include "market/market_caller.hpp"

#include <memory>

namespace filfil::market {

struct Mk12Options {
    Url market{};             ///< "http://curio:12310/market/mk12"
    bool indexing = false;    ///< have every block of a piece indexed, and an unsealed copy kept
    CallLimits limits{};
};

/// Curio's mk12 market with offline deals of f05 whose client is the contract; the bytes are fetched from this daemon's
/// piece locator, and nothing has to be signed. Curio publishes by itself (PublishMsgPeriod, 5 minutes).
std::unique_ptr<DealBackend> make_mk12_backend(World& world, Mk12Options options);

}    // namespace filfil::market
