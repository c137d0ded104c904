// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "net/context.hpp"

namespace filfil::net {

/// Opens one WebSocket. As Transport::open_socket.
void start_socket(Context& context, const Url& url, const ClientOptions& options, SocketEvents events,
                  Transport::SocketHandler handler);

}    // namespace filfil::net
