// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/client.hpp"

namespace filfil::rpc {

/// A client whose calls go over one WebSocket.
std::unique_ptr<Client> make_ws_client(World& world, ClientConfig config);

}    // namespace filfil::rpc
