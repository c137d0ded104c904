// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/message.hpp"

#include <deque>
#include <map>
#include <memory>
#include <utility>

namespace filfil::rpc {

/// The state of a WebSocket client. What the transport calls late finds it dropped, or not at all. Touched on the loop
/// only. A handler may do anything to the client that has called it, so none is kept where it could be destroyed
/// while it runs.
class WsCalls : public std::enable_shared_from_this<WsCalls> {
public:
    using AnswerHandler = Client::AnswerHandler;
    using Events = std::shared_ptr<Client::ChannelEvents>;

    WsCalls(World& world, ClientConfig config) : m_world(world), m_config(std::move(config)) {}

    void open(std::function<void(Result<void>)> handler, std::function<void(Error)> on_lost);

    /// @param events of a call whose answer is a channel. @return the call's id
    std::uint64_t call(std::string method, const Json& params, AnswerHandler handler, Events events);
    void cancel_channel(std::uint64_t id);
    void on_notification(std::function<void(std::string, Json)> handler);
    void close();

    /// The client is gone: no handler is called any more.
    void drop();
    [[nodiscard]] std::size_t pending() const noexcept { return m_calls.size(); }

private:
    enum class Phase : std::uint8_t { fresh, opening, open, closing, ended };

    struct Call {
        std::string method;
        AnswerHandler handler;
        Events events{};
        bool sent = false;
    };

    struct Channel {
        std::uint64_t call;
        Events events;
    };

    /// What came for a channel before the answer that names it.
    struct Early {
        std::uint64_t channel;
        std::optional<Json> value;    ///< nothing where it was closed
    };

    /// Posts a task to the loop that runs where this is still there then.
    template <class Body>
    void later(Body body);

    SocketEvents socket_events();
    void opened(Result<std::shared_ptr<WebSocket>> socket);
    void receive(Message message);
    void answered(std::uint64_t id, Answer answer);
    void channel_answered(std::uint64_t id, Answer answer, const AnswerHandler& handler, const Events& events);
    void notified(std::string method, Json params);
    void tell_channel(std::uint64_t channel, std::optional<Json> value);
    void send_waiting();
    void arm_timer();
    void time_out();
    void send_cancel(std::uint64_t id);

    /// @param lost whether `on_lost` is told
    void end(const Error& why, bool lost);

    [[nodiscard]] bool running() const noexcept { return !m_dropped && m_phase == Phase::open; }

    World& m_world;
    ClientConfig m_config;
    Phase m_phase = Phase::fresh;
    bool m_dropped = false;
    std::shared_ptr<WebSocket> m_socket;
    std::optional<Error> m_ended_by;
    std::function<void(Result<void>)> m_on_open;
    std::function<void(Error)> m_on_lost;
    std::shared_ptr<std::function<void(std::string, Json)>> m_on_notification;

    std::uint64_t m_last_id = 0;
    std::map<std::uint64_t, Call> m_calls;
    std::deque<std::pair<std::uint64_t, std::string>> m_waiting;    ///< id and text; some may be cancelled
    std::size_t m_on_the_way = 0;
    std::size_t m_channel_calls = 0;                                      ///< of m_calls
    std::deque<std::pair<Clock::Duration, std::uint64_t>> m_deadlines;    ///< of what was sent, in that order
    bool m_timer = false;
    std::map<std::uint64_t, Channel> m_channels;    ///< by the server's number
    std::deque<Early> m_early;
};

}    // namespace filfil::rpc
