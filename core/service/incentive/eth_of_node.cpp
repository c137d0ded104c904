// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/eth_of_node.hpp"

#include "base/url.hpp"

namespace filfil::service {

Result<std::unique_ptr<incentive::EthNode>> open_eth(World& world, const Config& config,
                                                     const std::vector<node::NodeAddress>& nodes) {
    rpc::ClientConfig client;
    if (!nodes.empty()) {
        client.url = nodes.front().url;
        client.token = nodes.front().token;
    }
    if (!config.chain.eth_url.empty()) {
        FILFIL_TRY(client.url, parse_url(config.chain.eth_url));
        // The token is the first node's; another server must not see it.
        if (nodes.empty() || client.url.at != nodes.front().url.at) client.token.clear();
    }
    if (client.url.at.host.empty())
        return Error(ErrorCode::invalid_argument, "there is no node that a contract could be asked through",
                     "set nodes or chain.eth_url");
    return std::make_unique<incentive::EthNode>(world, std::move(client));
}

}    // namespace filfil::service
