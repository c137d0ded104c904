// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "base/transport.hpp"

#include <memory>
#include <string>

namespace filfil::net {

class Context;

/// The transport that has sockets: TCP over IPv4 and IPv6, TLS 1.2 and later by OpenSSL, HTTP/1.1 and WebSocket.
///
/// Handlers run on its threads; what one does keeps others waiting, so it should post and return. Bodies of answers
/// (BodyStream) are read on as many threads beside those, where a disk keeps nobody waiting but other bodies.
///
/// Connections to HTTP servers are kept for some seconds and used again. Where a kept one turns out to be closed the
/// request is sent again on a fresh one, unless it may have been acted upon (it was sent whole, and is no GET, HEAD,
/// OPTIONS, PUT or DELETE).
class AsioTransport final : public Transport {
public:
    /// Throws std::system_error where the system gives no thread.
    /// @param log must outlive the transport
    /// @param threads for the network, and as many for bodies; at least 1
    /// @param trust_file PEM certificates that servers' are trusted by besides the system's; "" for none. A file that
    /// cannot be read is an error of each request with TLS
    explicit AsioTransport(LogSink& log, unsigned threads = 2, std::string trust_file = {});

    /// What is under way ends with Error::cancelled before it returns; what handlers ask for meanwhile is dropped, with
    /// its handler uncalled. A WebSocket may outlive the transport and does nothing then. Not to be destroyed on one of
    /// its own threads, nor before its listeners.
    ~AsioTransport() override;
    AsioTransport(const AsioTransport&) = delete;
    AsioTransport& operator=(const AsioTransport&) = delete;

    void request(const Url& url, HttpRequest request, const ClientOptions& options, ResponseHandler handler) override;
    void open_socket(const Url& url, const ClientOptions& options, SocketEvents events, SocketHandler handler) override;

    /// A listener that is destroyed waits until its last handler has returned and its last BodyStream is destroyed,
    /// unless that happens on one of the transport's own threads (inside a handler, say): then it does not wait.
    [[nodiscard]] Result<std::unique_ptr<Listener>> listen(const ListenOptions& options, HttpServer& server) override;

private:
    std::unique_ptr<Context> m_context;
};

}    // namespace filfil::net
