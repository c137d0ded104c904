// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/server_session.hpp"

#include "base/units.hpp"
#include "net/failure.hpp"
#include "net/http.hpp"
#include "net/server_socket.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include <algorithm>
#include <atomic>

namespace filfil::net {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

/// What a large request needed is given back after it.
constexpr std::size_t request_buffer_kept = 16UL * 1024;

/// What the copies of one Respond share.
class Answering {
public:
    Answering(std::weak_ptr<ServerSession> session, std::shared_ptr<Registry> sessions)
        : m_session(std::move(session)), m_sessions(std::move(sessions)) {}
    ~Answering() {    // NOLINT(bugprone-exception-escape): only where memory runs out
        HttpResponse none;
        none.status = 500;
        none.fields = {{"Content-Type", "text/plain"}};
        none.body = "the server dropped this request\n";
        give(std::move(none));
    }
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;

    void give(HttpResponse response) {
        if (m_given.exchange(true)) return;
        auto session = m_session.lock();
        // The visit keeps the listener until the response, whose body may be the server's, is in hands or gone.
        if (!session || !m_sessions->enter()) return;
        const Strand strand = session->strand();
        asio::post(strand,
                   [session = std::move(session), sessions = m_sessions, response = std::move(response)]() mutable {
                       session->answer(std::move(response));
                       sessions->leave();
                   });
    }

private:
    const std::weak_ptr<ServerSession> m_session;
    const std::shared_ptr<Registry> m_sessions;
    std::atomic<bool> m_given = false;
};

}    // namespace

ServerSession::ServerSession(std::shared_ptr<ListenerState> state, Socket socket, std::string peer,
                             std::shared_ptr<void> slot, bool welcome)
    : m_state(std::move(state)),
      m_stream(std::move(socket)),
      m_strand(m_stream.get_executor()),
      m_peer(std::move(peer)),
      m_slot(std::move(slot)),
      m_welcome(welcome),
      m_rate(m_state->options.bytes_a_second_a_connection) {}

void ServerSession::start() {
    asio::post(strand(), [self = shared_from_this()] { self->begin(); });
}

void ServerSession::end() {
    asio::post(strand(), [self = shared_from_this()] {
        if (self->m_finished) return;
        self->m_stream.close();
        if (self->m_sender)
            self->m_sender->abort();
        else
            self->finish();
    });
}

void ServerSession::begin() {
    if (m_finished) return;
    m_stream.set_write_limit(m_state->options.write_timeout);
    if (m_state->tls) return shake_hands();
    if (m_welcome) return wait_for_request();
    refuse(503, "too many connections: try again later\n", {{"Retry-After", "1"}});
}

void ServerSession::shake_hands() {
    m_stream.use_tls(*m_state->tls);
    m_stream.set_deadline(m_state->options.request_timeout);
    m_stream.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](error_code error) {
        if (self->m_finished) return;
        if (error) return self->finish();
        if (self->m_welcome) return self->wait_for_request();
        self->refuse(503, "too many connections: try again later\n", {{"Retry-After", "1"}});
    });
}

void ServerSession::wait_for_request() {
    if (m_buffer.size() != 0) return read_head();
    m_stream.set_deadline(m_state->options.idle_timeout);
    m_stream.async_read_some(m_buffer.prepare(4096), [self = shared_from_this()](error_code error, std::size_t n) {
        if (self->m_finished) return;
        if (error) return self->finish();
        self->m_buffer.commit(n);
        self->read_head();
    });
}

void ServerSession::read_head() {
    m_stream.set_deadline(m_state->options.request_timeout);
    m_request.emplace();
    m_request->header_limit(request_head_limit);
    m_request->body_limit(m_state->options.request_limit);
    http::async_read_header(m_stream, m_buffer, *m_request, [self = shared_from_this()](error_code error, std::size_t) {
        if (self->m_finished) return;
        if (error) return self->on_bad_request(error);
        if (self->m_request->is_done()) return self->handle();
        const auto expect = self->m_request->get()[http::field::expect];
        if (beast::iequals(expect, "100-continue")) return self->say_continue();
        self->read_body();
    });
}

void ServerSession::say_continue() {
    constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(m_stream, asio::buffer(text), [self = shared_from_this()](error_code error, std::size_t) {
        if (self->m_finished) return;
        if (error) return self->finish();
        self->read_body();
    });
}

void ServerSession::read_body() {
    m_buffer.reserve(body_read_size);
    http::async_read(m_stream, m_buffer, *m_request, [self = shared_from_this()](error_code error, std::size_t) {
        if (self->m_finished) return;
        if (error) return self->on_bad_request(error);
        self->handle();
    });
}

void ServerSession::on_bad_request(const beast::error_code& error) {
    m_keep_alive = false;
    m_head_only = m_http_1_0 = false;
    if (error == http::error::body_limit)
        return refuse(413, "the request's body is larger than " + format_size(m_state->options.request_limit) + "\n");
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return refuse(431, "the request's head is larger than " + format_size(request_head_limit) + "\n");
    const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
    if (!gone && error.category() == http::make_error_code(http::error::bad_version).category())
        return refuse(400, "this is no HTTP/1.1 request: " + error.message() + "\n");
    finish();
}

void ServerSession::handle() {
    m_stream.clear_deadline();
    auto& message = m_request->get();
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.fields = fields_of(message.base());
    request.body = std::move(message.body());
    request.peer = m_peer;
    m_keep_alive = message.keep_alive();
    m_head_only = message.method() == http::verb::head;
    m_http_1_0 = message.version() == 10;
    m_awaited = true;
    if (is_socket_request(message)) return open_socket(std::move(request));

    const auto answering = std::make_shared<Answering>(weak_from_this(), m_state->sessions);
    m_state->server.handle(std::move(request),
                           [answering](HttpResponse response) { answering->give(std::move(response)); });
}

void ServerSession::open_socket(HttpRequest request) {
    if (auto refused = m_state->server.refuse_socket(request)) return answer(std::move(*refused));
    m_finished = true;
    if (m_buffer.size() != 0)
        m_stream.unread(ByteView(static_cast<const std::byte*>(m_buffer.data().data()), m_buffer.size()));
    accept_socket(m_state, std::move(m_stream), m_request->get(), std::move(request), std::move(m_slot));
    m_state->sessions->remove(this);
}

void ServerSession::answer(HttpResponse response) {
    if (m_finished || !m_awaited) return;
    m_awaited = false;
    BodyKind kind;
    kind.keep_alive = m_keep_alive;
    kind.http_1_0 = m_http_1_0;
    kind.none = is_bodiless(response.status);
    if (!kind.none) {
        if (!response.stream)
            kind.size = response.body.size();
        else
            kind.size = response.stream->size();
        if (!kind.size) {
            kind.chunked = !m_http_1_0;
            if (m_http_1_0) kind.keep_alive = m_keep_alive = false;
        }
    }
    auto head = response_head(response, kind, std::chrono::system_clock::now().time_since_epoch());
    if (!head.ok()) {
        m_state->context.log.write(LogLevel::error, "net", "an answer cannot be sent: " + head.error().text());
        m_awaited = true;
        HttpResponse instead;
        instead.status = 500;
        instead.body = "the server gave no valid answer\n";
        answer(std::move(instead));
        return;
    }
    m_sender = std::make_shared<AnswerSender>(m_state, m_stream, m_rate,
                                              [self = shared_from_this()](bool whole) { self->on_sent(whole); });
    m_sender->send(std::move(head).value(), std::move(response), kind, m_head_only);
}

void ServerSession::refuse(int status, std::string text, HttpFields fields) {
    HttpResponse response;
    response.status = status;
    response.fields = std::move(fields);
    response.fields.emplace_back("Content-Type", "text/plain");
    response.body = std::move(text);
    m_keep_alive = false;
    m_awaited = true;
    answer(std::move(response));
}

void ServerSession::on_sent(bool whole) {
    m_sender.reset();
    if (m_finished) return;
    if (!whole || !m_stream.is_open()) {
        m_stream.reset();
        finish();
        return;
    }
    if (!m_keep_alive) return close_gently();
    m_request.reset();
    if (m_buffer.capacity() > request_buffer_kept) m_buffer.shrink_to_fit();
    wait_for_request();
}

void ServerSession::close_gently() {
    m_stream.linger([self = shared_from_this()](error_code) { self->finish(); });
}

void ServerSession::finish() {
    if (std::exchange(m_finished, true)) return;
    m_stream.close();
    m_slot.reset();
    m_state->sessions->remove(this);
}

}    // namespace filfil::net
