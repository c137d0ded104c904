// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace filfil::net {
namespace {

constexpr std::size_t ahead_bytes = 64UL * 1024;
constexpr std::size_t tls_record_bytes = 16UL * 1024;
constexpr auto linger_time = std::chrono::seconds(2);
constexpr std::size_t linger_bytes = 1024UL * 1024;
constexpr auto never = SteadyClock::time_point::max();

SteadyClock::time_point after(SteadyClock::time_point from, Clock::Duration wait) {
    return wait >= never - from ? never : from + std::chrono::duration_cast<SteadyClock::duration>(wait);
}

template <class Buffers>
std::size_t count(const Buffers& buffers) {
    return static_cast<std::size_t>(std::ranges::count_if(buffers, [](const auto& one) { return one.size() != 0; }));
}

}    // namespace

struct NetStream::State : std::enable_shared_from_this<State> {
    explicit State(Socket connected) : socket(std::move(connected)), timer(socket.get_executor()) {}

    /// To be called whenever a deadline may have come nearer. One that has moved away costs nothing until the timer
    /// goes off in vain: deadlines are moved with each read and write, and seldom pass.
    void arm() {
        const auto next = earliest();
        if (next == never || armed <= next) return;
        armed = next;
        timer.expires_at(next);
        timer.async_wait([weak = weak_from_this()](error_code error) {
            const auto self = weak.lock();
            if (error || !self) return;
            self->armed = never;
            if (self->earliest() <= SteadyClock::now()) {
                self->timed_out = true;
                self->close();
            } else {
                self->arm();
            }
        });
    }

    [[nodiscard]] SteadyClock::time_point earliest() const {
        auto out = deadline;
        if (writing && write_limit.count() > 0) out = std::min(out, after(write_begun, write_limit));
        if (idle_limit.count() > 0) out = std::min(out, after(heard, idle_limit));
        return out;
    }

    void close() {
        error_code ignored;
        socket.close(ignored);
        deadline = never;
        write_limit = idle_limit = {};
        timer.cancel();
        armed = never;
    }

    template <class Buffers, class Next>
    void raw_read(const Buffers& buffers, Next next) {
        auto noted = [self = shared_from_this(), next = std::move(next)](error_code error, std::size_t n) mutable {
            if (n != 0 && self->idle_limit.count() > 0) self->heard = SteadyClock::now();
            next(error, n);
        };
        if (tls)
            tls->async_read_some(buffers, std::move(noted));
        else
            socket.async_read_some(buffers, std::move(noted));
    }

    template <class Buffers>
    void raw_write(const Buffers& buffers, Handler handler) {
        writing = true;
        if (write_limit.count() > 0) {
            write_begun = SteadyClock::now();
            arm();
        }
        auto noted = [self = shared_from_this(), handler = std::move(handler)](error_code error,
                                                                               std::size_t n) mutable {
            self->writing = false;
            std::move(handler)(error, n);
        };
        if (tls)
            tls->async_write_some(buffers, std::move(noted));
        else
            socket.async_write_some(buffers, std::move(noted));
    }

    /// Reads and forgets, up to the end of what comes or the deadline.
    void discard(std::size_t left, Done done) {
        ahead.resize(ahead_bytes);
        socket.async_read_some(asio::buffer(ahead), [self = shared_from_this(), left, done = std::move(done)](
                                                        error_code error, std::size_t n) mutable {
            if (!error && n < left) return self->discard(left - n, std::move(done));
            self->close();
            std::move(done)(error_code());
        });
    }

    [[nodiscard]] std::size_t give(std::span<const asio::mutable_buffer> out) {
        const std::size_t n = asio::buffer_copy(out, asio::buffer(ahead.data() + ahead_begin, ahead_end - ahead_begin));
        ahead_begin += n;
        return n;
    }

    Socket socket;
    std::optional<asio::ssl::stream<Socket&>> tls;
    Timer timer;
    SteadyClock::time_point armed = never;    ///< when the timer goes off
    SteadyClock::time_point deadline = never;
    SteadyClock::time_point heard;
    SteadyClock::time_point write_begun;
    Clock::Duration write_limit{};
    Clock::Duration idle_limit{};
    bool writing = false;
    bool timed_out = false;
    bool reads_ahead = false;
    std::vector<std::byte> ahead;    ///< what was read and not asked for yet: [ahead_begin, ahead_end)
    std::size_t ahead_begin = 0;
    std::size_t ahead_end = 0;
    std::vector<std::byte> record;    ///< small buffers of one write, for TLS
};

NetStream::NetStream(const Strand& strand) : NetStream(Socket(strand)) {}

NetStream::NetStream(Socket socket) : m_state(std::make_shared<State>(std::move(socket))) {}

NetStream::executor_type NetStream::get_executor() const noexcept { return m_state->socket.get_executor(); }

Socket& NetStream::socket() noexcept { return m_state->socket; }

SSL* NetStream::use_tls(asio::ssl::context& context) {
    m_state->tls.emplace(m_state->socket, context);
    return m_state->tls->native_handle();
}

void NetStream::async_handshake(asio::ssl::stream_base::handshake_type side, Done done) {
    m_state->tls->async_handshake(
        side, [self = m_state, done = std::move(done)](error_code error) mutable { std::move(done)(error); });
}

void NetStream::set_deadline(Clock::Duration from_now) {
    m_state->deadline = after(SteadyClock::now(), from_now);
    m_state->arm();
}

void NetStream::clear_deadline() { m_state->deadline = never; }

void NetStream::set_write_limit(Clock::Duration limit) {
    m_state->write_limit = limit;
    m_state->write_begun = SteadyClock::now();
    m_state->arm();
}

void NetStream::set_idle_limit(Clock::Duration limit) {
    m_state->idle_limit = limit;
    m_state->heard = SteadyClock::now();
    m_state->arm();
}

bool NetStream::timed_out() const noexcept { return m_state->timed_out; }

bool NetStream::is_open() const noexcept { return m_state->socket.is_open(); }

void NetStream::close() { m_state->close(); }

void NetStream::reset() {
    error_code ignored;
    m_state->socket.set_option(asio::socket_base::linger(true, 0), ignored);
    m_state->close();
}

void NetStream::linger(Done done) {
    State& state = *m_state;
    if (!state.socket.is_open()) {
        asio::post(state.socket.get_executor(),
                   [self = m_state, done = std::move(done)]() mutable { std::move(done)(error_code()); });
        return;
    }
    state.deadline = std::min(state.deadline, after(SteadyClock::now(), linger_time));
    state.idle_limit = {};
    state.arm();
    if (state.tls) {
        state.tls->async_shutdown([self = m_state, done = std::move(done)](error_code) mutable {
            self->close();
            std::move(done)(error_code());
        });
        return;
    }
    error_code ignored;
    state.socket.shutdown(Socket::shutdown_send, ignored);
    state.discard(linger_bytes, std::move(done));
}

bool NetStream::is_quiet() noexcept {
    if (!m_state->socket.is_open() || m_state->ahead_begin < m_state->ahead_end) return false;
    char byte = 0;
    const auto n = ::recv(m_state->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void NetStream::read_ahead() { m_state->reads_ahead = true; }

void NetStream::unread(ByteView bytes) {
    State& state = *m_state;
    std::vector<std::byte> all(bytes.begin(), bytes.end());
    all.insert(all.end(), state.ahead.begin() + static_cast<std::ptrdiff_t>(state.ahead_begin),
               state.ahead.begin() + static_cast<std::ptrdiff_t>(state.ahead_end));
    state.ahead = std::move(all);
    state.ahead_begin = 0;
    state.ahead_end = state.ahead.size();
}

void NetStream::read(std::array<asio::mutable_buffer, most_buffers> buffers, Handler handler) {
    State& state = *m_state;
    if (state.ahead_begin < state.ahead_end) {
        const std::size_t n = state.give(buffers);
        asio::post(state.socket.get_executor(), [self = m_state, handler = std::move(handler), n]() mutable {
            std::move(handler)(error_code(), n);
        });
        return;
    }
    if (state.reads_ahead && asio::buffer_size(buffers) < ahead_bytes) {
        state.ahead.resize(ahead_bytes);
        state.raw_read(asio::buffer(state.ahead), [self = m_state, buffers, handler = std::move(handler)](
                                                      error_code error, std::size_t n) mutable {
            self->ahead_begin = 0;
            self->ahead_end = n;
            const std::size_t given = self->give(buffers);
            std::move(handler)(error, given);
        });
        return;
    }
    auto next = [handler = std::move(handler)](error_code error, std::size_t n) mutable {
        std::move(handler)(error, n);
    };
    if (count(buffers) == 1)
        state.raw_read(buffers.front(), std::move(next));
    else
        state.raw_read(buffers, std::move(next));
}

void NetStream::write(std::array<asio::const_buffer, most_buffers> buffers, Handler handler) {
    State& state = *m_state;
    if (count(buffers) == 1) return state.raw_write(buffers.front(), std::move(handler));
    if (!state.tls) return state.raw_write(buffers, std::move(handler));
    // A record a buffer would be sent otherwise, each in a packet of its own.
    state.record.resize(std::min(asio::buffer_size(buffers), tls_record_bytes));
    asio::buffer_copy(asio::buffer(state.record), buffers);
    state.raw_write(asio::const_buffer(state.record.data(), state.record.size()), std::move(handler));
}

}    // namespace filfil::net
