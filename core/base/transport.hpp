// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/url.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace filfil {

/// HTTP header fields in the order in which they stand; names compare without regard to case.
using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// The first field of that name.
std::optional<std::string_view> find_field(const HttpFields& fields, std::string_view name) noexcept;

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";    ///< path and query, as sent
    HttpFields fields{};
    std::string body{};
    std::string peer{};    ///< on the server's side: the client's address without its port
};

/// A body that is made while it is being sent. One thread at a time reads it, to its end or not; it may block for as
/// long as a disk does. Destroyed when the answer is sent or the connection is gone.
class BodyStream {
public:
    virtual ~BodyStream() = default;

    /// Bytes in all; nothing where that is not known beforehand, and the body is sent in chunks.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const noexcept = 0;

    /// Fills `out` as far as the body goes. @return bytes read, 0 only at the end. An error breaks the connection, so
    /// that the client does not take what it has for the whole
    [[nodiscard]] virtual Result<std::size_t> read(ByteSpan out) = 0;
};

struct HttpResponse {
    int status = 200;
    HttpFields fields{};    ///< without Content-Length, Transfer-Encoding, Connection, Date: the transport's
    std::string body{};
    std::shared_ptr<BodyStream> stream{};    ///< in place of `body`. For HEAD its size is told and nothing is read
};

/// One WebSocket connection, either side. Text messages only; others end the connection. Thread-safe.
class WebSocket {
public:
    virtual ~WebSocket() = default;

    /// Puts a message in the queue. Nothing happens on one that is closed.
    virtual void send(std::string text) = 0;

    /// Bytes in the queue: who sends faster than the peer reads has to look at this.
    [[nodiscard]] virtual std::size_t queued() const noexcept = 0;

    /// Closes after what is queued, or at once if the peer does not take it within some seconds. `on_closed` follows.
    virtual void close() noexcept = 0;
};

/// Called on the transport's threads, one at a time a connection; on_closed once, last.
struct SocketEvents {
    std::function<void(std::string text)> on_message;

    /// Error::cancelled where this side closed it, io for everything else, too_large for a message above the limit.
    std::function<void(Error why)> on_closed;
};

struct ClientOptions {
    HttpFields fields{};                            ///< added to each request, e.g. Authorization
    std::uint64_t body_limit = 64 * 1024 * 1024;    ///< bytes of an answer or message: more is Error::too_large
    Clock::Duration connect_timeout = std::chrono::seconds(10);
    Clock::Duration answer_timeout = std::chrono::seconds(60);    ///< of an HTTP answer, from sending to its last byte
    Clock::Duration ping_every = std::chrono::seconds(5);         ///< WebSocket
    Clock::Duration idle_timeout =
        std::chrono::seconds(30);    ///< WebSocket: nothing came, not even a pong: it is gone
};

/// What answers the requests to a listener. Called on the transport's threads, many at a time.
class HttpServer {
public:
    using Respond = std::function<void(HttpResponse)>;
    virtual ~HttpServer() = default;

    /// @param respond to be called once, now or later, on any thread; where it is dropped uncalled the client gets 500
    virtual void handle(HttpRequest request, Respond respond) = 0;

    /// A client asks for a WebSocket. @return the answer that refuses it, or nothing to accept it
    [[nodiscard]] virtual std::optional<HttpResponse> refuse_socket(const HttpRequest& request) = 0;

    /// It is open. Dropping the last pointer to it closes it.
    virtual SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) = 0;
};

struct TlsFiles {
    std::string certificate;    ///< PEM, the chain
    std::string key;            ///< PEM
};

struct ListenOptions {
    Endpoint at;    ///< port 0: any that is free
    std::optional<TlsFiles> tls{};
    unsigned connections = 1024;                      ///< more get 503 and are closed
    unsigned connections_a_peer = 64;                 ///< the same for one address
    std::uint64_t request_limit = 8 * 1024 * 1024;    ///< bytes of a request's body, or of a message: more is 413
    Clock::Duration request_timeout = std::chrono::seconds(30);    ///< for the whole of a request to come
    Clock::Duration idle_timeout = std::chrono::seconds(60);       ///< between two requests
    Clock::Duration write_timeout =
        std::chrono::seconds(30);        ///< a client that takes not one byte for so long is gone
    std::uint64_t bytes_a_second = 0;    ///< of all answers' bodies together; 0: no limit
    std::uint64_t bytes_a_second_a_connection = 0;
};

/// The network, as core sees it: HTTP/1.1 and WebSocket messages, with TLS below them where a URL or a listener says
/// so. All calls return at once and are thread-safe; handlers are called on the transport's threads, never inside the
/// call. The one implementation that has sockets is net::AsioTransport; a simulation gives one that drops, delays and
/// reorders.
class Transport {
public:
    using ResponseHandler = std::function<void(Result<HttpResponse>)>;
    using SocketHandler = std::function<void(Result<std::shared_ptr<WebSocket>>)>;

    /// Stops listening, and closes the connections it has accepted, when destroyed; waits for their handlers to return.
    class Listener {
    public:
        virtual ~Listener() = default;
        [[nodiscard]] virtual Endpoint endpoint() const = 0;
        [[nodiscard]] virtual std::size_t connections() const noexcept = 0;
    };

    virtual ~Transport() = default;

    /// Sends a request (its `target` is that of the URL). Connections are kept and used again.
    /// @param handler gets the answer, whatever its status; Error::io, too_large or corrupt (no HTTP) with the URL
    virtual void request(const Url& url, HttpRequest request, const ClientOptions& options,
                         ResponseHandler handler) = 0;

    /// Opens a WebSocket. `events` may be called as soon as the handler was. An answer other than 101 is
    /// Error::unsupported with its status in the message, 401 and 403 Error::denied.
    virtual void open_socket(const Url& url, const ClientOptions& options, SocketEvents events,
                             SocketHandler handler) = 0;

    /// @param server must outlive the listener
    /// @return Error::io where the port is taken or may not be had, naming it; invalid_argument for bad TLS files
    [[nodiscard]] virtual Result<std::unique_ptr<Listener>> listen(const ListenOptions& options,
                                                                   HttpServer& server) = 0;
};

}    // namespace filfil
