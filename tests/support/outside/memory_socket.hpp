// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "memory_transport.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <vector>

// The insides of MemoryNetwork, for its own two sources.

namespace filfil {

class MemoryPipe;
struct MemoryPort;

struct MemoryTransport::Host {
    std::string address;
    bool alive = true;
    std::vector<std::weak_ptr<MemoryPipe>> pipes{};
};

struct MemoryNetwork::State {
    explicit State(Executor& wires_) : wires(wires_) {}

    Executor& wires;
    Hook hook{};
    std::map<std::string, std::shared_ptr<MemoryPort>> ports{};    ///< by the endpoint's text
    std::vector<std::weak_ptr<MemoryPipe>> pipes{};
    std::uint64_t last_connection = 0;

    [[nodiscard]] std::shared_ptr<MemoryPort> find(const Endpoint& at) const;
    [[nodiscard]] Fate fate_of(Delivery& delivery) const { return hook ? hook(delivery) : Fate{}; }
};

/// The wire of one WebSocket. Touched on one thread only, but for send(), close() and queued().
class MemoryPipe : public std::enable_shared_from_this<MemoryPipe> {
public:
    enum Side : std::uint8_t { client, server };

    struct End {
        std::shared_ptr<MemoryTransport::Host> host{};
        SocketEvents events{};
        std::uint64_t limit = 0;    ///< bytes of a message that it takes
    };

    MemoryPipe(std::shared_ptr<MemoryNetwork::State> network, Endpoint at, Clock::Duration idle_timeout);

    /// From any thread.
    void send(Side from, std::string text);
    void close(Side from);
    [[nodiscard]] std::size_t queued(Side from) const noexcept { return m_sent[from].queued; }

    void reset();                                     ///< breaks it
    void leave(const MemoryTransport::Host& host);    ///< that machine is gone: the other side is told by a task
    void stop_server();                               ///< its listener is gone: the server's side is told in here

    std::array<End, 2> ends{};
    bool open = true;

private:
    struct Item {
        std::string text;
        bool last = false;     ///< nothing but the close
        bool ready = false;    ///< its delay has passed
    };

    struct Sent {
        std::atomic<std::size_t> queued{0};
        std::atomic<bool> closing{false};
        std::deque<std::shared_ptr<Item>> line{};    ///< in the order of sending
    };

    void transmit(Side from, std::string text);
    void pump(Side from);
    void deliver(Side from, std::string text);
    std::shared_ptr<SocketEvents> take_events(Side side);
    void end(Error for_client, Error for_server);
    void tell(Side side, Error why);
    static Side other(Side side) noexcept { return side == client ? server : client; }

    std::shared_ptr<MemoryNetwork::State> m_network;
    Endpoint m_at;
    Clock::Duration m_idle_timeout;
    std::uint64_t m_number;
    std::array<Sent, 2> m_sent{};
    bool m_silent = false;
};

class MemorySocket final : public WebSocket {
public:
    MemorySocket(std::shared_ptr<MemoryPipe> pipe, MemoryPipe::Side side) : m_pipe(std::move(pipe)), m_side(side) {}
    ~MemorySocket() override { m_pipe->close(m_side); }
    MemorySocket(const MemorySocket&) = delete;
    MemorySocket& operator=(const MemorySocket&) = delete;

    void send(std::string text) override { m_pipe->send(m_side, std::move(text)); }
    std::size_t queued() const noexcept override { return m_pipe->queued(m_side); }
    void close() noexcept override { m_pipe->close(m_side); }

private:
    std::shared_ptr<MemoryPipe> m_pipe;
    MemoryPipe::Side m_side;
};

}    // namespace filfil
