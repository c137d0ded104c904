// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/incentive/desk.hpp"
#include "service/market/markets.hpp"

#include <cstdint>
#include <optional>

namespace filfil::service {

/// What the orders of a provider have in common: who stores, for whom, from when and for how long. The piece is still
/// to be put in.
/// @param stall its market, or null
market::DealOrder order_terms(const Desk& desk, const Stall* stall, const Config::Deals& settings,
                              std::optional<Epoch> head, std::uint64_t miner);

/// The collateral that is offered to f05: a fifth more than it wants at least, which moves with the power of the
/// network; markets take up to twice the least. Source: go-state-types builtin/v16/market/policy.go
/// DealProviderCollateralBounds.
/// @param bounds what the node answers to Filecoin.StateDealProviderCollateralBounds
Result<incentive::U256> offered_collateral(const Result<rpc::Json>& bounds);

}    // namespace filfil::service
