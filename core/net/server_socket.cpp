// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/server_socket.hpp"

#include "net/socket_session.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

namespace filfil::net {

bool is_socket_request(const StringRequest& request) { return boost::beast::websocket::is_upgrade(request); }

void accept_socket(const std::shared_ptr<ListenerState>& state, NetStream stream, const StringRequest& message,
                   HttpRequest request, std::shared_ptr<void> slot) {
    const ListenOptions& options = state->options;
    SocketSession::Limits limits;
    limits.message = options.request_limit;
    limits.idle = options.idle_timeout;
    limits.ping_every = options.idle_timeout / 3;
    limits.write = options.write_timeout;
    stream.set_deadline(options.request_timeout);
    auto session = std::make_shared<SocketSession>(state->sessions, std::move(stream), limits,
                                                   "the client at " + request.peer, std::move(slot));
    if (!state->sessions->add(session)) return;
    session->stream().async_accept(message,
                                   [state, session, request = std::move(request)](boost::beast::error_code error) {
                                       if (error || session->is_over()) return session->abandon();
                                       session->run(state->server.open_socket(session->make_handle(), request));
                                   });
}

}    // namespace filfil::net
