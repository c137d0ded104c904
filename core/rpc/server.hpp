// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "rpc/json.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace filfil::rpc {

/// What a caller may do. Each includes those before it.
enum class Permission : std::uint8_t { none, read, admin };

/// A session: one WebSocket connection, or one HTTP request (which cannot be told anything later).
class Session {
public:
    virtual ~Session() = default;
    [[nodiscard]] virtual Permission permission() const noexcept = 0;

    /// Sends a notification. @return false over HTTP, or where the peer is gone or too far behind (see ServerOptions)
    virtual bool notify(std::string_view method, Json params) = 0;

    /// Called once when the session ends. Over HTTP never.
    virtual void on_end(std::function<void()> handler) = 0;
};

/// Gives the result or the error of one call; to be called once, on the loop, now or later.
using Reply = std::function<void(Result<Json>)>;

struct Method {
    Permission permission = Permission::read;

    /// Called on the loop. @param params an object, or an array; {} where none were given
    std::function<void(const Json& params, const std::shared_ptr<Session>& session, Reply reply)> run;
};

struct ServerOptions {
    std::string path = "/rpc/v1";
    std::string read_token{};    ///< compared in constant time; "" lets nobody in
    std::string admin_token{};
    std::size_t batch_limit = 100;                 ///< calls in one array
    std::size_t queue_limit = 16 * 1024 * 1024;    ///< bytes that a peer is behind before its session is ended
    std::vector<std::string> origins{};    ///< that a browser may come from; a request with another Origin is refused
};

/// JSON-RPC 2.0 over HTTP POST and WebSocket at one path (batches over both), with bearer tokens
/// ("Authorization: Bearer …", or "?token=…" for WebSocket). Without a right token every request gets 401 and nothing
/// else. Error codes: -32700 no JSON, -32600 no request, -32601 no such method, -32602 wrong parameters
/// (Error::invalid_argument), -32001 denied, -32000 everything else; `data` has {"code", "message", "remedy"} of the
/// Error.
///
/// Answers of HTTP have status 200 whatever their calls gave, 204 where no call wants an answer. Nothing is called once
/// it is destroyed, which is done on the loop (or when that does not run): sessions end then without a word.
///
/// handle() and the like may be called on any thread; methods run on the loop.
class Server final : public HttpServer {
public:
    Server(World& world, ServerOptions options);
    ~Server() override;

    /// Before listening. A name that is taken already is a defect.
    void add(std::string name, Method method);

    /// All names, sorted.
    [[nodiscard]] std::vector<std::string> methods() const;

    void handle(HttpRequest request, Respond respond) override;
    [[nodiscard]] std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override;
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) override;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::rpc
