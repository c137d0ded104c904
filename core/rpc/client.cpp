// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/client.hpp"

#include "rpc/http_client.hpp"
#include "rpc/ws_client.hpp"

#include <algorithm>

namespace filfil::rpc {

std::unique_ptr<Client> make_client(World& world, ClientConfig config) {
    if (!config.token.empty()) config.transport.fields.emplace_back("Authorization", "Bearer " + config.token);
    config.in_flight = std::max<std::size_t>(1, config.in_flight);
    config.batch = std::max<std::size_t>(1, config.batch);
    const bool socket = config.url.scheme == Url::Scheme::ws || config.url.scheme == Url::Scheme::wss;
    if (socket) return make_ws_client(world, std::move(config));
    return make_http_client(world, std::move(config));
}

}    // namespace filfil::rpc
