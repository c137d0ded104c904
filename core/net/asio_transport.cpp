// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/asio_transport.hpp"

#include "net/client_http.hpp"
#include "net/client_socket.hpp"
#include "net/context.hpp"
#include "net/listener.hpp"

namespace filfil::net {

AsioTransport::AsioTransport(LogSink& log, unsigned threads, std::string trust_file)
    : m_context(std::make_unique<Context>(log, threads, std::move(trust_file))) {}

AsioTransport::~AsioTransport() = default;

void AsioTransport::request(const Url& url, HttpRequest request, const ClientOptions& options,
                            ResponseHandler handler) {
    start_request(*m_context, url, std::move(request), options, std::move(handler));
}

void AsioTransport::open_socket(const Url& url, const ClientOptions& options, SocketEvents events,
                                SocketHandler handler) {
    start_socket(*m_context, url, options, std::move(events), std::move(handler));
}

Result<std::unique_ptr<Transport::Listener>> AsioTransport::listen(const ListenOptions& options, HttpServer& server) {
    return start_listener(*m_context, options, server);
}

}    // namespace filfil::net
