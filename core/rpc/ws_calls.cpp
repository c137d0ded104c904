// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/ws_calls.hpp"

#include <algorithm>

namespace filfil::rpc {
namespace {

/// No server sends values before their channel's number; this much is forgiven.
constexpr std::size_t early_limit = 16;

Error closed() { return {ErrorCode::cancelled, "the connection was closed"}; }

std::string time_text(Clock::Duration time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}    // namespace

template <class Body>
void WsCalls::later(Body body) {
    m_world.loop.post([weak = weak_from_this(), body = std::move(body)]() mutable {
        if (const auto self = weak.lock(); self != nullptr && !self->m_dropped) body(*self);
    });
}

void WsCalls::open(std::function<void(Result<void>)> handler, std::function<void(Error)> on_lost) {
    if (m_phase != Phase::fresh) {
        later([handler = std::move(handler)](WsCalls&) {
            if (handler) handler(Error(ErrorCode::busy, "this client was opened before", "make another one"));
        });
        return;
    }
    m_phase = Phase::opening;
    m_on_open = std::move(handler);
    m_on_lost = std::move(on_lost);
    Executor& loop = m_world.loop;
    m_world.transport.open_socket(
        m_config.url, m_config.transport, socket_events(),
        [weak = weak_from_this(), &loop](Result<std::shared_ptr<WebSocket>> socket) {
            loop.post([weak, result = std::make_shared<Result<std::shared_ptr<WebSocket>>>(std::move(socket))] {
                if (const auto self = weak.lock()) self->opened(std::move(*result));
            });
        });
}

SocketEvents WsCalls::socket_events() {
    // Called on the transport's threads, which may not become the last owner of what has handlers.
    SocketEvents out;
    Executor& loop = m_world.loop;
    out.on_message = [weak = weak_from_this(), &loop](std::string text) {
        loop.post([weak, message = std::make_shared<Result<Message>>(read_message(text))] {
            const auto self = weak.lock();
            if (self == nullptr || !self->running()) return;
            if (message->ok())
                self->receive(std::move(**message));
            else
                self->end(message->error().in(text_of(self->m_config.url, true)), true);
        });
    };
    out.on_closed = [weak = weak_from_this(), &loop](const Error& why) {
        loop.post([weak, why] {
            if (const auto self = weak.lock(); self != nullptr && !self->m_dropped)
                self->end(why, true);    // which names the URL
        });
    };
    return out;
}

void WsCalls::opened(Result<std::shared_ptr<WebSocket>> socket) {
    // One that comes too late is closed by being dropped.
    if (m_dropped || m_phase != Phase::opening) return;
    if (!socket.ok()) return end(socket.error(), false);
    m_socket = std::move(*socket);
    m_phase = Phase::open;
    send_waiting();
    if (const auto handler = std::exchange(m_on_open, nullptr)) handler(Result<void>());
}

std::uint64_t WsCalls::call(std::string method, const Json& params, AnswerHandler handler, Events events) {
    const std::uint64_t id = ++m_last_id;
    if (!handler) handler = [](const Answer&) {};
    if (m_phase == Phase::closing || m_phase == Phase::ended) {
        later([handler = std::move(handler), why = m_ended_by.value_or(closed())](WsCalls&) { handler(failed(why)); });
        return id;
    }
    m_waiting.emplace_back(id, write_request(id, method, params));
    if (events != nullptr) ++m_channel_calls;
    m_calls.emplace(id, Call{std::move(method), std::move(handler), std::move(events)});
    send_waiting();
    return id;
}

void WsCalls::send_waiting() {
    if (m_phase != Phase::open) return;
    while (m_on_the_way < m_config.in_flight && !m_waiting.empty()) {
        auto [id, text] = std::move(m_waiting.front());
        m_waiting.pop_front();
        const auto call = m_calls.find(id);
        if (call == m_calls.end()) continue;
        call->second.sent = true;
        ++m_on_the_way;
        m_deadlines.emplace_back(m_world.clock.steady() + m_config.call_timeout, id);
        m_socket->send(std::move(text));
    }
    arm_timer();
}

void WsCalls::arm_timer() {
    while (!m_deadlines.empty() && !m_calls.contains(m_deadlines.front().second)) m_deadlines.pop_front();
    if (m_timer || m_deadlines.empty()) return;
    m_timer = true;
    const Clock::Duration wait = m_deadlines.front().first - m_world.clock.steady();
    m_world.loop.post_after(wait, [weak = weak_from_this()] {
        if (const auto self = weak.lock(); self != nullptr && !self->m_dropped) self->time_out();
    });
}

void WsCalls::time_out() {
    m_timer = false;
    const Clock::Duration now = m_world.clock.steady();
    std::vector<std::uint64_t> late;
    while (!m_deadlines.empty() && m_deadlines.front().first <= now) {
        late.push_back(m_deadlines.front().second);
        m_deadlines.pop_front();
    }
    arm_timer();
    for (const std::uint64_t id : late) {
        if (!running()) return;
        const auto call = m_calls.find(id);
        if (call == m_calls.end()) continue;
        if (call->second.events != nullptr) send_cancel(id);
        Error why(ErrorCode::io, text_of(m_config.url, true) + ": no answer to " + call->second.method + " within " +
                                     time_text(m_config.call_timeout));
        answered(id, failed(std::move(why)));
    }
}

void WsCalls::receive(Message message) {
    if (!message.method.empty()) return notified(std::move(message.method), std::move(message.params));
    if (message.id) return answered(*message.id, std::move(message.answer));
    if (message.answer.error)
        m_world.log.write(LogLevel::warning, "rpc",
                          text_of(m_config.url, true) + ": an error that belongs to no call: " +
                              std::move(message.answer).to_result("it").error().message);
}

void WsCalls::answered(std::uint64_t id, Answer answer) {
    const auto found = m_calls.find(id);
    if (found == m_calls.end() || !found->second.sent) return;
    const Call call = std::move(found->second);
    m_calls.erase(found);
    --m_on_the_way;
    if (call.events != nullptr) --m_channel_calls;
    send_waiting();
    if (call.events != nullptr) return channel_answered(id, std::move(answer), call.handler, call.events);
    call.handler(std::move(answer));
}

void WsCalls::channel_answered(std::uint64_t id, Answer answer, const AnswerHandler& handler, const Events& events) {
    if (!answer.result) return handler(std::move(answer));
    const bool is_number = answer.result->is_number_unsigned();
    const std::uint64_t number = is_number ? answer.result->get<std::uint64_t>() : 0;
    if (!is_number || m_channels.contains(number)) {
        send_cancel(id);
        return handler(failed(Error(ErrorCode::corrupt,
                                    text_of(m_config.url, true) + ": the answer is not the number of a new channel")));
    }
    m_channels.emplace(number, Channel{id, events});
    handler(std::move(answer));
    while (running()) {
        const auto mine = std::ranges::find(m_early, number, &Early::channel);
        if (mine == m_early.end()) break;
        std::optional<Json> value = std::move(mine->value);
        m_early.erase(mine);
        tell_channel(number, std::move(value));
    }
    if (m_channel_calls == 0) m_early.clear();
}

void WsCalls::notified(std::string method, Json params) {
    const bool value = method == "xrpc.ch.val";
    if (!value && method != "xrpc.ch.close") {
        if (const auto handler = m_on_notification; handler != nullptr && *handler)
            (*handler)(std::move(method), std::move(params));
        return;
    }
    if (!params.is_array() || params.size() != (value ? 2U : 1U) || !params[0].is_number_unsigned())
        return end(Error(ErrorCode::corrupt, text_of(m_config.url, true) + ": " + method +
                                                 (value ? " without the number of a channel and a value"
                                                        : " without the number of a channel")),
                   true);
    const auto channel = params[0].get<std::uint64_t>();
    tell_channel(channel, value ? std::optional(std::move(params[1])) : std::nullopt);
}

void WsCalls::tell_channel(std::uint64_t channel, std::optional<Json> value) {
    const auto found = m_channels.find(channel);
    if (found == m_channels.end()) {
        // Of a channel that was cancelled; or early.
        if (m_channel_calls > 0 && m_early.size() < early_limit) m_early.push_back({channel, std::move(value)});
        return;
    }
    const Events events = found->second.events;
    if (value) {
        if (events->on_value) events->on_value(*std::move(value));
        return;
    }
    m_channels.erase(found);
    if (events->on_closed)
        events->on_closed(Error(ErrorCode::io, text_of(m_config.url, true) + ": the server closed the channel"));
}

void WsCalls::cancel_channel(std::uint64_t id) {
    if (const auto call = m_calls.find(id); call != m_calls.end() && call->second.events != nullptr) {
        const Call dropped = std::move(call->second);
        m_calls.erase(call);
        --m_channel_calls;
        if (!dropped.sent) return;
        --m_on_the_way;
        send_cancel(id);
        return send_waiting();
    }
    const auto channel = std::ranges::find_if(m_channels, [&](const auto& one) { return one.second.call == id; });
    if (channel == m_channels.end()) return;
    const Events dropped = channel->second.events;
    m_channels.erase(channel);
    send_cancel(id);
}

void WsCalls::send_cancel(std::uint64_t id) {
    if (m_phase == Phase::open) m_socket->send(write_request(std::nullopt, "xrpc.cancel", Json::array({id})));
}

void WsCalls::on_notification(std::function<void(std::string, Json)> handler) {
    m_on_notification = std::make_shared<std::function<void(std::string, Json)>>(std::move(handler));
}

void WsCalls::close() {
    if (m_phase == Phase::closing || m_phase == Phase::ended) return;
    m_phase = Phase::closing;
    if (m_socket != nullptr) m_socket->close();
    later([](WsCalls& self) { self.end(closed(), false); });
}

void WsCalls::end(const Error& why, bool lost) {
    if (m_phase == Phase::ended) return;
    const bool closed_here = m_phase == Phase::closing;
    m_phase = Phase::ended;
    const Error told = closed_here ? closed() : why;
    m_ended_by = told;
    if (m_socket != nullptr) m_socket->close();
    m_socket.reset();
    m_waiting.clear();
    m_deadlines.clear();
    m_early.clear();
    m_on_the_way = 0;
    m_channel_calls = 0;
    const auto calls = std::exchange(m_calls, {});
    const auto channels = std::exchange(m_channels, {});
    const auto on_open = std::exchange(m_on_open, nullptr);
    const auto on_lost = std::exchange(m_on_lost, nullptr);
    for (const auto& [id, call] : calls) {
        call.handler(failed(told));
        if (m_dropped) return;
    }
    for (const auto& [number, channel] : channels) {
        if (channel.events->on_closed) channel.events->on_closed(told);
        if (m_dropped) return;
    }
    if (on_open)
        on_open(told);
    else if (lost && !closed_here && on_lost)
        on_lost(told);
}

void WsCalls::drop() {
    m_dropped = true;
    m_phase = Phase::ended;
    if (m_socket != nullptr) m_socket->close();
    m_socket.reset();
    // Handlers may hold what calls back when it is destroyed.
    const auto calls = std::exchange(m_calls, {});
    const auto channels = std::exchange(m_channels, {});
    const auto on_open = std::exchange(m_on_open, nullptr);
    const auto on_lost = std::exchange(m_on_lost, nullptr);
    const auto on_notification = std::exchange(m_on_notification, nullptr);
}

}    // namespace filfil::rpc
