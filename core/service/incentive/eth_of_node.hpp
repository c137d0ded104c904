// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_node.hpp"
#include "node/follower.hpp"
#include "service/config.hpp"

#include <memory>
#include <vector>

namespace filfil::service {

/// The Ethereum API that the settings name: chain.eth_url, else that of the first node.
/// @return Error::invalid_argument where there is neither
Result<std::unique_ptr<incentive::EthNode>> open_eth(World& world, const Config& config,
                                                     const std::vector<node::NodeAddress>& nodes);

}    // namespace filfil::service
