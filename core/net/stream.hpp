// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/asio.hpp"

#include <array>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <utility>

namespace filfil::net {

/// One connection, plain or with TLS, as Asio's and Beast's algorithms take it: a stream whose layers they do not see,
/// so that they are compiled once. It knows deadlines: where one passes the connection is closed, what is under way
/// fails, and timed_out() tells why.
///
/// Used on its strand only, where all handlers are called, whatever executor they ask for. May be moved while nothing
/// is under way.
class NetStream {
public:
    using executor_type = Strand;
    using Handler = asio::any_completion_handler<void(error_code, std::size_t)>;
    using Done = asio::any_completion_handler<void(error_code)>;

    /// Not connected yet.
    explicit NetStream(const Strand& strand);
    explicit NetStream(Socket socket);

    [[nodiscard]] executor_type get_executor() const noexcept;
    [[nodiscard]] Socket& socket() noexcept;

    /// Puts TLS on the connection; `context` must outlive it. @return OpenSSL's handle, for names and results
    SSL* use_tls(asio::ssl::context& context);
    void async_handshake(asio::ssl::stream_base::handshake_type side, Done done);

    /// Ends all that is under way if it is not over in so long. Replaces the one before.
    void set_deadline(Clock::Duration from_now);
    void clear_deadline();

    /// Closes it where the peer takes no byte of a write for so long; 0: waits for ever.
    void set_write_limit(Clock::Duration limit);

    /// Closes it where nothing came for so long, from now on; 0: waits for ever.
    void set_idle_limit(Clock::Duration limit);
    [[nodiscard]] bool timed_out() const noexcept;
    [[nodiscard]] bool is_open() const noexcept;

    /// Closes it at once; what is under way fails. Nothing happens on one that is closed.
    void close();

    /// The same, and the peer gets an error instead of an end.
    void reset();

    /// Says that nothing more comes, waits a moment for the peer to do the same, and closes. Closing while something is
    /// unread would take from the peer what it has not read yet.
    void linger(Done done);

    /// Whether the peer did not close it and sent nothing. Never waits.
    [[nodiscard]] bool is_quiet() noexcept;

    /// Small reads are served from large ones, from now on.
    void read_ahead();

    /// Puts bytes back before what comes.
    void unread(ByteView bytes);

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [](auto&& handler, NetStream* stream, const Buffers& out) {
                stream->read(take<asio::mutable_buffer>(out), Handler(std::forward<decltype(handler)>(handler)));
            },
            token, this, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [](auto&& handler, NetStream* stream, const Buffers& in) {
                stream->write(take<asio::const_buffer>(in), Handler(std::forward<decltype(handler)>(handler)));
            },
            token, this, buffers);
    }

private:
    struct State;
    static constexpr std::size_t most_buffers = 16;

    /// As many buffers as go in one system call; a write of a part is a write.
    template <class Buffer, class Buffers>
    static std::array<Buffer, most_buffers> take(const Buffers& from) {
        std::array<Buffer, most_buffers> out;
        std::size_t n = 0;
        const auto end = asio::buffer_sequence_end(from);
        for (auto at = asio::buffer_sequence_begin(from); at != end && n < most_buffers; ++at) {
            const Buffer buffer(*at);
            if (buffer.size() != 0) out[n++] = buffer;
        }
        return out;
    }

    void read(std::array<asio::mutable_buffer, most_buffers> buffers, Handler handler);
    void write(std::array<asio::const_buffer, most_buffers> buffers, Handler handler);

    std::shared_ptr<State> m_state;
};

/// How Beast ends a WebSocket's connection.
template <class Handler>
void async_teardown(boost::beast::role_type, NetStream& stream, Handler&& handler) {
    stream.linger(NetStream::Done(std::forward<Handler>(handler)));
}

/// How Beast closes a stream at once.
inline void beast_close_socket(NetStream& stream) { stream.close(); }

}    // namespace filfil::net
