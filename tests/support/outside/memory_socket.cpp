// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "memory_socket.hpp"

#include <utility>

namespace filfil {
namespace {

Error broken() { return {ErrorCode::io, "the connection broke"}; }
Error closed_here() { return {ErrorCode::cancelled, "the connection was closed"}; }
Error closed_there() { return {ErrorCode::io, "the other side closed the connection"}; }

}    // namespace

MemoryPipe::MemoryPipe(std::shared_ptr<MemoryNetwork::State> network, Endpoint at, Clock::Duration idle_timeout)
    : m_network(std::move(network)),
      m_at(std::move(at)),
      m_idle_timeout(idle_timeout),
      m_number(++m_network->last_connection) {}

void MemoryPipe::send(Side from, std::string text) {
    if (m_sent[from].closing) return;
    m_sent[from].queued += text.size();
    m_network->wires.post(
        [self = shared_from_this(), from, text = std::move(text)]() mutable { self->transmit(from, std::move(text)); });
}

void MemoryPipe::close(Side from) {
    if (m_sent[from].closing.exchange(true)) return;
    m_network->wires.post([self = shared_from_this(), from] {
        self->m_sent[from].line.push_back(std::make_shared<Item>(std::string(), true, true));
        self->pump(from);
    });
}

void MemoryPipe::transmit(Side from, std::string text) {
    if (!open || m_silent) return;
    const std::size_t size = text.size();
    Delivery delivery{Delivery::Kind::message, m_number, from == client, ends[client].host->address, m_at, text};
    const Fate fate = m_network->fate_of(delivery);
    if (fate.close) return reset();
    if (fate.silence) {
        m_silent = true;
        m_network->wires.post_after(m_idle_timeout, [self = shared_from_this()] { self->reset(); });
        return;
    }
    if (fate.drop) {
        m_sent[from].queued -= size;
        return;
    }
    m_sent[from].queued += text.size() - size;
    auto item = std::make_shared<Item>(std::move(text));
    if (!fate.overtake) m_sent[from].line.push_back(item);
    m_network->wires.post_after(fate.delay, [self = shared_from_this(), from, item, alone = fate.overtake] {
        item->ready = true;
        alone ? self->deliver(from, std::move(item->text)) : self->pump(from);
    });
}

void MemoryPipe::pump(Side from) {
    auto& line = m_sent[from].line;
    while (open && !m_silent && !line.empty() && line.front()->ready) {
        const auto item = line.front();
        line.pop_front();
        if (!item->last)
            deliver(from, std::move(item->text));
        else if (from == client)
            end(closed_here(), closed_there());
        else
            end(closed_there(), closed_here());
    }
}

void MemoryPipe::deliver(Side from, std::string text) {
    if (!open || m_silent) return;
    m_sent[from].queued -= text.size();
    const End& to = ends[other(from)];
    if (text.size() > to.limit) {
        const Error large(ErrorCode::too_large, "a message is larger than " + std::to_string(to.limit) + " bytes");
        return from == client ? end(closed_there(), large) : end(large, closed_there());
    }
    if (to.host->alive && to.events.on_message) to.events.on_message(std::move(text));
}

void MemoryPipe::reset() { end(broken(), broken()); }

void MemoryPipe::leave(const MemoryTransport::Host& host) {
    for (const Side side : {client, server})
        if (ends[side].host.get() == &host) take_events(side);
    m_network->wires.post([self = shared_from_this()] { self->reset(); });
}

void MemoryPipe::stop_server() {
    if (!open) return;
    tell(server, closed_here());
    m_sent[server].closing = true;
    m_network->wires.post([self = shared_from_this()] { self->end(closed_there(), closed_here()); });
}

void MemoryPipe::end(Error for_client, Error for_server) {
    if (!std::exchange(open, false)) return;
    std::erase_if(m_network->pipes, [&](const auto& weak) { return weak.lock().get() == this || weak.expired(); });
    for (Sent& sent : m_sent) {
        sent.closing = true;
        sent.queued = 0;
        sent.line.clear();
    }
    tell(client, std::move(for_client));
    tell(server, std::move(for_server));
}

std::shared_ptr<SocketEvents> MemoryPipe::take_events(Side side) {
    // One of these handlers may be what is running now, so they are kept until it has returned.
    auto events = std::make_shared<SocketEvents>(std::exchange(ends[side].events, {}));
    m_network->wires.post([events] {});
    return events;
}

void MemoryPipe::tell(Side side, Error why) {
    const auto events = take_events(side);
    if (ends[side].host->alive && events->on_closed) events->on_closed(std::move(why));
}

}    // namespace filfil
