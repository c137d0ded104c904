// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/transport.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace filfil {

/// Something on its way through a MemoryNetwork, which a hook may look at and change.
struct Delivery {
    enum class Kind : std::uint8_t { request, answer, open, message };
    Kind kind;
    std::uint64_t connection;    ///< of WebSockets: which one, counted from 1; 0 for requests and answers
    bool to_server;              ///< or back to the client
    const std::string& peer;     ///< the client's address
    const Endpoint& at;          ///< the server's
    std::string& text;           ///< the body or message; of `open` the target. What is changed here arrives so
};

/// What becomes of a Delivery.
struct Fate {
    Clock::Duration delay{};    ///< what follows on the same WebSocket comes no earlier…
    bool overtake = false;      ///< …unless this is set: what follows may overtake it, and it what went before
    bool drop = false;          ///< lost. A request or answer that is lost ends by the client's answer_timeout
    bool close = false;         ///< the connection breaks in place of it: Error::io at both sides
    bool silence = false;       ///< it and all that follows on the connection is lost, until the pings notice
    std::uint64_t bytes_per_second =
        0;    ///< of an answer's body that is a stream: so the client reads; 0: all at once
};

/// Wires between MemoryTransports. All is moved by tasks on one executor, so on a ManualExecutor it is deterministic.
/// TLS, connect_timeout, rates and limits on the number of connections are not played.
class MemoryNetwork {
public:
    using Hook = std::function<Fate(Delivery&)>;

    /// @param wires must outlive the network
    explicit MemoryNetwork(Executor& wires);

    /// Asked about everything that is sent from now on, on `wires`.
    void set_hook(Hook hook);

    /// WebSockets that are open.
    [[nodiscard]] std::size_t open_sockets() const;

    /// Breaks every WebSocket: Error::io at both sides.
    void break_sockets();

    struct State;

private:
    friend class MemoryTransport;
    std::shared_ptr<State> m_state;
};

/// The network as one machine sees it. A client reaches exactly the host and port that was listened at, by any of the
/// machines on the network. Handlers are called by tasks on the network's executor. Destroying it is what a killed
/// process looks like to the others: its connections break there, and its own handlers are dropped without a call.
class MemoryTransport final : public Transport {
public:
    /// @param address what servers see as the client's
    explicit MemoryTransport(MemoryNetwork& network, std::string address = "127.0.0.1");
    ~MemoryTransport() override;
    MemoryTransport(const MemoryTransport&) = delete;
    MemoryTransport& operator=(const MemoryTransport&) = delete;

    void request(const Url& url, HttpRequest request, const ClientOptions& options, ResponseHandler handler) override;
    void open_socket(const Url& url, const ClientOptions& options, SocketEvents events, SocketHandler handler) override;
    [[nodiscard]] Result<std::unique_ptr<Listener>> listen(const ListenOptions& options, HttpServer& server) override;

    struct Host;

private:
    std::shared_ptr<MemoryNetwork::State> m_network;
    std::shared_ptr<Host> m_host;
};

}    // namespace filfil
