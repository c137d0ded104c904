// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/deal_proposal.hpp"
#include "market/deal.hpp"

namespace filfil::market {

/// The deal as f05 takes it: its client is the contract, it costs nothing, and its label is the payload's root. Of the
/// same order always the same, so that a market that is told twice sees the same proposal.
/// @return Error::invalid_argument for an order that cannot be, or that has no start
Result<incentive::DealProposal> f05_proposal(const DealOrder& order);

/// What stands where a signature is expected: the contract is asked instead (AuthenticateMessage), and looks at none.
/// Markets check its form only: go-state-types crypto/signature.go takes any bytes of kind BLS.
Bytes contract_signature();

}    // namespace filfil::market
