// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "net/registry.hpp"
#include "net/stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace filfil::net {

/// One open WebSocket, of either side. All but end() and what SocketHandle calls on its strand.
class SocketSession final : public Registry::Member, public std::enable_shared_from_this<SocketSession> {
public:
    /// permessage-deflate is not compiled in.
    using Stream = boost::beast::websocket::stream<NetStream, false>;

    struct Limits {
        std::uint64_t message = 0;
        Clock::Duration ping_every{};
        Clock::Duration idle{};     ///< nothing came, not even a pong
        Clock::Duration write{};    ///< the peer takes no byte
    };

    /// @param registry which it is, or will be, a member of
    /// @param name what it is called in messages: its URL, or "the client at ADDRESS"
    /// @param slot dropped when it has ended
    SocketSession(std::shared_ptr<Registry> registry, NetStream stream, const Limits& limits, std::string name,
                  std::shared_ptr<void> slot = nullptr);

    /// For the handshake.
    [[nodiscard]] Stream& stream() noexcept { return m_stream; }

    /// After the handshake, before run(): what its user holds. Dropping it closes the socket.
    [[nodiscard]] std::shared_ptr<WebSocket> make_handle();

    /// Begins to read and write.
    void run(SocketEvents events);

    /// Whether it was told to end: then run() does nothing, and its user must not hear of it.
    [[nodiscard]] bool is_over() const noexcept { return m_finished; }

    /// Ends it without an event where run() was not called.
    void abandon();

    void end() override;

private:
    friend class SocketHandle;

    /// What other threads see of it.
    struct Outbox {
        std::mutex mutex;
        std::deque<std::string> messages;
        bool noted = false;    ///< the strand knows that there are messages
        bool ended = false;
        std::atomic<std::size_t> bytes = 0;
    };

    void send(std::string text);
    void close();

    void read();
    void on_read(boost::beast::error_code error);
    void write();
    void ping_later();
    void begin_close();
    void say_close();
    void refuse(boost::beast::websocket::close_code code, Error why);
    Error error_of(const boost::beast::error_code& error, std::string_view doing);
    void finish(Error why);

    std::shared_ptr<Registry> m_registry;
    const std::string m_name;
    const Limits m_limits;
    const Strand m_strand;
    Stream m_stream;
    Timer m_ping;
    SocketEvents m_events;
    std::shared_ptr<void> m_slot;
    boost::beast::flat_buffer m_buffer;
    std::string m_writing;
    bool m_running = false;
    bool m_write_busy = false;
    bool m_closing = false;    ///< this side closes it
    bool m_close_said = false;
    bool m_finished = false;
    std::optional<Error> m_refused;    ///< why, where the peer broke the rules
    Outbox m_outbox;
};

}    // namespace filfil::net
