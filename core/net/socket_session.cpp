// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/socket_session.hpp"

#include "base/units.hpp"
#include "net/failure.hpp"

#include <algorithm>

namespace filfil::net {
namespace websocket = boost::beast::websocket;

namespace {

/// A client masks and sends so much at a time.
constexpr std::size_t write_run = 64UL * 1024;

constexpr auto close_limit = std::chrono::seconds(3);

/// What a large message needed is given back after it.
constexpr std::size_t message_buffer_kept = 256UL * 1024;

}    // namespace

/// What the user of a socket holds; it may outlive the socket, and the transport.
class SocketHandle final : public WebSocket {
public:
    explicit SocketHandle(std::weak_ptr<SocketSession> session) : m_session(std::move(session)) {}
    ~SocketHandle() override { SocketHandle::close(); }
    SocketHandle(const SocketHandle&) = delete;
    SocketHandle& operator=(const SocketHandle&) = delete;

    void send(std::string text) override {
        if (const auto session = m_session.lock()) session->send(std::move(text));
    }
    [[nodiscard]] std::size_t queued() const noexcept override {
        const auto session = m_session.lock();
        return session ? session->m_outbox.bytes.load() : 0;
    }
    void close() noexcept override {    // NOLINT(bugprone-exception-escape): only where memory runs out
        if (const auto session = m_session.lock()) session->close();
    }

private:
    const std::weak_ptr<SocketSession> m_session;
};

SocketSession::SocketSession(std::shared_ptr<Registry> registry, NetStream stream, const Limits& limits,
                             std::string name, std::shared_ptr<void> slot)
    : m_registry(std::move(registry)),
      m_name(std::move(name)),
      m_limits(limits),
      m_strand(stream.get_executor()),
      m_stream(std::move(stream)),
      m_ping(m_strand),
      m_slot(std::move(slot)) {
    m_stream.read_message_max(static_cast<std::size_t>(std::max<std::uint64_t>(limits.message, 1)));
    m_stream.auto_fragment(false);
    m_stream.write_buffer_bytes(write_run);
    m_stream.text(true);
}

std::shared_ptr<WebSocket> SocketSession::make_handle() { return std::make_shared<SocketHandle>(weak_from_this()); }

void SocketSession::run(SocketEvents events) {
    if (m_finished) return;
    m_running = true;
    m_events = std::move(events);
    m_stream.next_layer().clear_deadline();
    m_stream.next_layer().set_idle_limit(m_limits.idle);
    m_stream.next_layer().set_write_limit(m_limits.write);
    m_stream.next_layer().read_ahead();
    read();
    ping_later();
    write();
}

void SocketSession::abandon() { finish(Error(ErrorCode::cancelled, "the WebSocket to " + m_name + " was not opened")); }

void SocketSession::end() {
    asio::post(m_strand, [self = shared_from_this()] {
        self->finish(Error(ErrorCode::cancelled, "the WebSocket to " + self->m_name + " was closed: shutting down"));
    });
}

void SocketSession::send(std::string text) {
    {
        const std::scoped_lock lock(m_outbox.mutex);
        if (m_outbox.ended) return;
        m_outbox.bytes += text.size();
        m_outbox.messages.push_back(std::move(text));
        if (std::exchange(m_outbox.noted, true)) return;
    }
    asio::post(m_strand, [self = shared_from_this()] { self->write(); });
}

void SocketSession::close() {
    asio::post(m_strand, [self = shared_from_this()] { self->begin_close(); });
}

void SocketSession::read() {
    m_stream.async_read(
        m_buffer, [self = shared_from_this()](boost::beast::error_code error, std::size_t) { self->on_read(error); });
}

void SocketSession::on_read(boost::beast::error_code error) {
    if (m_finished) return;
    if (error) return finish(error_of(error, "reading from"));
    const auto bytes = m_buffer.cdata();
    if (!m_stream.got_text())
        return refuse(websocket::close_code::unknown_data,
                      Error(ErrorCode::io, m_name + " sent a binary WebSocket message, and only text is expected"));
    std::string text(static_cast<const char*>(bytes.data()), bytes.size());
    m_buffer.consume(bytes.size());
    if (m_buffer.capacity() > message_buffer_kept) m_buffer.shrink_to_fit();
    if (!m_closing && m_events.on_message) m_events.on_message(std::move(text));
    // The handler may have been what ends it.
    if (!m_finished) read();
}

void SocketSession::write() {
    if (m_finished || !m_running || m_write_busy || m_close_said || m_refused) return;
    {
        const std::scoped_lock lock(m_outbox.mutex);
        if (m_outbox.messages.empty()) {
            m_outbox.noted = false;
            if (!m_closing) return;
        } else {
            m_outbox.noted = true;
            m_writing = std::move(m_outbox.messages.front());
            m_outbox.messages.pop_front();
            m_write_busy = true;
        }
    }
    if (!m_write_busy) return say_close();
    m_stream.async_write(asio::buffer(m_writing),
                         [self = shared_from_this()](boost::beast::error_code error, std::size_t) {
                             self->m_write_busy = false;
                             if (self->m_finished) return;
                             self->m_outbox.bytes -= self->m_writing.size();
                             // Why it broke is told by the read, which sees what the peer said last.
                             if (error && error != asio::error::operation_aborted)
                                 return self->finish(self->error_of(error, "writing to"));
                             if (!error) self->write();
                         });
}

void SocketSession::ping_later() {
    if (m_limits.ping_every.count() <= 0) return;
    m_ping.expires_after(std::chrono::duration_cast<SteadyClock::duration>(m_limits.ping_every));
    m_ping.async_wait([weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        if (error || !self || self->m_finished || self->m_closing || self->m_refused) return;
        self->m_stream.async_ping({}, [self](boost::beast::error_code) {
            if (!self->m_finished) self->ping_later();
        });
    });
}

void SocketSession::begin_close() {
    if (m_finished || m_closing || m_refused) return;
    m_closing = true;
    if (!m_running) return;
    m_stream.next_layer().set_deadline(close_limit);
    write();
}

void SocketSession::say_close() {
    m_close_said = true;
    m_stream.async_close(websocket::close_code::normal, [self = shared_from_this()](boost::beast::error_code error) {
        self->finish(self->error_of(error, "closing"));
    });
}

void SocketSession::refuse(websocket::close_code code, Error why) {
    m_refused = std::move(why);
    m_stream.next_layer().set_deadline(close_limit);
    m_stream.async_close(code, [self = shared_from_this()](boost::beast::error_code error) {
        self->finish(self->error_of(error, "closing"));
    });
}

Error SocketSession::error_of(const boost::beast::error_code& error, std::string_view doing) {
    if (m_refused) return *m_refused;
    if (m_closing) return {ErrorCode::cancelled, "the WebSocket to " + m_name + " was closed by this side"};
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
        return {ErrorCode::too_large,
                m_name + " sent a WebSocket message of more than " + format_size(m_limits.message)};
    if (error == websocket::error::closed) {
        const auto& reason = m_stream.reason();
        std::string said(reason.reason.data(), reason.reason.size());
        std::ranges::replace_if(said, [](char c) { return c >= '\0' && c < ' '; }, '?');
        return {ErrorCode::io, m_name + " closed the WebSocket (" + std::to_string(reason.code) +
                                   (said.empty() ? "" : ": " + said) + ")"};
    }
    if (m_stream.next_layer().timed_out())
        return {ErrorCode::io,
                "the WebSocket to " + m_name + " is dead: nothing came, or nothing was taken, for too long",
                "check the network and whether the other side is overloaded"};
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
        return {ErrorCode::io, m_name + " broke the WebSocket off", "it may have been restarted: try again"};
    return {ErrorCode::io, std::string(doing) + " the WebSocket to " + m_name + " failed: " + error.message()};
}

void SocketSession::finish(Error why) {
    if (std::exchange(m_finished, true)) return;
    m_ping.cancel();
    m_stream.next_layer().close();
    {
        const std::scoped_lock lock(m_outbox.mutex);
        m_outbox.messages.clear();
        m_outbox.bytes = 0;
        m_outbox.ended = true;
    }
    {
        const SocketEvents events = std::exchange(m_events, {});
        if (m_running && events.on_closed) events.on_closed(std::move(why));
    }
    m_slot.reset();
    m_registry->remove(this);
}

}    // namespace filfil::net
