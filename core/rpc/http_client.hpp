// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/client.hpp"

namespace filfil::rpc {

/// A client whose calls are HTTP requests, or batches of calls each of which is one.
std::unique_ptr<Client> make_http_client(World& world, ClientConfig config);

}    // namespace filfil::rpc
