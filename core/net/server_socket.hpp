// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "net/listener_state.hpp"
#include "net/stream.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>

namespace filfil::net {

using StringRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Whether a request asks for a WebSocket.
bool is_socket_request(const StringRequest& request);

/// Makes a connection a WebSocket and gives it to the listener's server. On the stream's strand.
/// @param message as it was read, `request` the same as the server sees it
void accept_socket(const std::shared_ptr<ListenerState>& state, NetStream stream, const StringRequest& message,
                   HttpRequest request, std::shared_ptr<void> slot);

}    // namespace filfil::net
