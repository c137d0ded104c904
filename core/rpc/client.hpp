// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "rpc/json.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::rpc {

/// What the other side said when it refused a call. Error::message has its text too.
struct RemoteError {
    std::int64_t code = 0;    ///< JSON-RPC's; -32601: no such method; 1: Lotus's for all that goes wrong in one
    std::string message{};
    std::optional<Json> data{};
};

/// The answer to a call: exactly one of result and error, or `failure` where none came.
struct Answer {
    std::optional<Json> result{};
    std::optional<RemoteError> error{};
    std::optional<Error> failure{};    ///< Error::io, cancelled, corrupt, too_large, denied (HTTP 401 or 403)

    /// The result, or an Error: `failure`, or made of `error` (unsupported for -32601, else internal for what the
    /// remote side could not do, with its text).
    [[nodiscard]] Result<Json> to_result(std::string_view method) &&;
};

struct ClientConfig {
    Url url;                ///< ws(s): one connection, pipelined; http(s): a request a call, or a batch
    std::string token{};    ///< sent as "Authorization: Bearer …"; "" for none
    ClientOptions transport{};
    Clock::Duration call_timeout = std::chrono::seconds(30);

    /// HTTP only: so many calls that wait go in one request. Lotus takes arrays over HTTP and drops them over
    /// WebSocket.
    std::size_t batch = 1;

    /// So many calls are on their way at once (WebSocket) or requests (HTTP); more wait here. Lotus reads frames from a
    /// queue of 256 a connection.
    std::size_t in_flight = 128;
};

/// Calls methods of a JSON-RPC 2.0 server. Used on the loop only, where all handlers are called too, none inside the
/// call that it was given to. Destroying it drops the handlers without calling them.
///
/// It does not reconnect by itself: who lost a connection has more to do than that (subscriptions, catching up).
class Client {
public:
    using AnswerHandler = std::function<void(Answer)>;

    /// An open channel (Lotus's "xrpc.ch.val") or subscription.
    struct ChannelEvents {
        std::function<void(Json value)> on_value;

        /// Once, last: the server closed it, or the connection is gone.
        std::function<void(Error why)> on_closed;
    };

    virtual ~Client() = default;

    /// Opens the connection where the scheme has one; for HTTP it succeeds at once. @param handler called once;
    /// `on_lost` once after that, when an open connection breaks: all calls have failed by then
    virtual void open(std::function<void(Result<void>)> handler, std::function<void(Error)> on_lost) = 0;

    /// @param params an array (or an object where the server takes that)
    virtual void call(std::string method, Json params, AnswerHandler handler) = 0;

    /// A call whose answer is a channel: go-jsonrpc's, where the result is the channel's number and values come as
    /// notifications "xrpc.ch.val" [number, value], then "xrpc.ch.close" [number]; the answer always comes first.
    /// @param handler gets the answer; values follow only where it has a result. Over HTTP: Error::unsupported
    /// @return a number for cancel_channel()
    virtual std::uint64_t open_channel(std::string method, Json params, AnswerHandler handler,
                                       ChannelEvents events) = 0;

    /// Sends "xrpc.cancel" [request id]; nothing of the channel is told any more.
    virtual void cancel_channel(std::uint64_t number) = 0;

    /// Told of notifications that belong to no channel: (method, params).
    virtual void on_notification(std::function<void(std::string, Json)> handler) = 0;

    /// Ends it: calls on their way fail with Error::cancelled.
    virtual void close() = 0;

    /// Calls on their way or waiting.
    [[nodiscard]] virtual std::size_t pending() const noexcept = 0;
};

/// Picks by the scheme of the URL.
std::unique_ptr<Client> make_client(World& world, ClientConfig config);

}    // namespace filfil::rpc
