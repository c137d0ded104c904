// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/client_socket.hpp"

#include "net/connector.hpp"
#include "net/failure.hpp"
#include "net/socket_session.hpp"
#include "net/wire.hpp"

#include <algorithm>

namespace filfil::net {
namespace {

namespace websocket = boost::beast::websocket;

/// From the wish for a WebSocket until it is open or cannot be. All but end() on its strand.
class Opening final : public Registry::Member, public std::enable_shared_from_this<Opening> {
public:
    Opening(Context& context, Url url, ClientOptions options, SocketEvents events, Transport::SocketHandler handler)
        : m_context(context),
          m_calls(context.calls),
          m_url(std::move(url)),
          m_options(std::move(options)),
          m_events(std::move(events)),
          m_handler(handler ? std::move(handler) : [](const Result<std::shared_ptr<WebSocket>>&) {}),
          m_strand(context.make_strand()) {}

    void start() {
        asio::post(m_strand, [self = shared_from_this()] { self->connect(); });
    }

    void end() override {
        asio::post(m_strand, [self = shared_from_this()] {
            self->fail(Error(ErrorCode::cancelled, "opening " + text_of(self->m_url, true) + " was cancelled"));
        });
    }

private:
    void connect() {
        if (!m_handler) return;
        if (m_url.scheme != Url::Scheme::ws && m_url.scheme != Url::Scheme::wss)
            return fail(Error(ErrorCode::invalid_argument, text_of(m_url, true) + " is no ws:// or wss:// URL"));
        for (const auto& [name, value] : m_options.fields)
            if (!is_valid_field(name, value))
                return fail(
                    Error(ErrorCode::invalid_argument, "the HTTP field '" + name.substr(0, 60) + "' cannot be sent"));
        m_connector = std::make_shared<Connector>(m_context, m_strand, m_url, m_options.connect_timeout,
                                                  [self = shared_from_this()](Result<NetStream> stream) {
                                                      self->m_connector.reset();
                                                      if (!stream.ok()) return self->fail(std::move(stream).error());
                                                      self->shake_hands(std::move(stream).value());
                                                  });
        m_connector->start();
    }

    void shake_hands(NetStream stream) {
        stream.set_deadline(m_options.answer_timeout);
        SocketSession::Limits limits;
        limits.message = m_options.body_limit;
        limits.ping_every = m_options.ping_every;
        limits.idle = limits.write = m_options.idle_timeout;
        m_session = std::make_shared<SocketSession>(m_calls, std::move(stream), limits, text_of(m_url, true));
        m_session->stream().set_option(
            websocket::stream_base::decorator([fields = m_options.fields](websocket::request_type& request) {
                request.set(boost::beast::http::field::user_agent, "fil-fil");
                for (const auto& [name, value] : fields)
                    if (!find_field({{"Upgrade", ""}, {"Connection", ""}, {"Content-Length", ""}}, name) &&
                        !find_field({{"Transfer-Encoding", ""}, {"Sec-WebSocket-Key", ""}}, name))
                        request.set(name, value);
            }));
        const std::string whole = text_of(Url{m_url.scheme, m_url.at, "/"});
        const std::size_t begin = whole.find("://") + 3;
        m_session->stream().async_handshake(
            m_response, whole.substr(begin, whole.size() - begin - 1), m_url.target,
            [self = shared_from_this()](boost::beast::error_code error) { self->shaken(error); });
    }

    void shaken(boost::beast::error_code error) {
        if (!m_handler) return;
        if (error) return fail(error_of(error));
        const auto session = std::move(m_session);
        if (!m_calls->add(session)) return fail(Error(ErrorCode::cancelled, "the transport is shutting down"));
        auto handle = session->make_handle();
        finish(std::move(handle));
        session->run(std::move(m_events));
    }

    Error error_of(const boost::beast::error_code& error) {
        const std::string to = text_of(m_url, true);
        if (error == websocket::error::upgrade_declined) {
            const int status = m_response.result_int() < 1000 ? static_cast<int>(m_response.result_int()) : 0;
            const std::string answer = to + " does not open a WebSocket: it answers " + std::to_string(status) + " " +
                                       std::string(reason_of(status));
            if (status == 401 || status == 403)
                return {ErrorCode::denied, answer, "check the token, and that it is one for this node"};
            return {ErrorCode::unsupported, answer, "check the path of the URL"};
        }
        if (m_session->stream().next_layer().timed_out())
            return timeout_failure("no WebSocket from", m_url, m_options.answer_timeout);
        if (error.category() == asio::error::get_system_category() ||
            error.category() == asio::error::get_misc_category() || error.category() == asio::error::get_ssl_category())
            return failure("no WebSocket from", m_url, error);
        if (error == boost::beast::http::error::end_of_stream)
            return failure("no WebSocket from", m_url, asio::error::eof);
        return {ErrorCode::corrupt, "what " + to + " answers is no WebSocket handshake: " + error.message(),
                "check the port, and whether it expects TLS (wss://)"};
    }

    void fail(Error error) {
        if (m_connector) m_connector->cancel();
        m_connector.reset();
        if (m_session) m_session->abandon();
        m_session.reset();
        finish(std::move(error));
    }

    void finish(Result<std::shared_ptr<WebSocket>> result) {
        if (!m_handler) return;
        const auto handler = std::move(m_handler);
        m_handler = nullptr;
        handler(std::move(result));
        m_calls->remove(this);
    }

    Context& m_context;
    const std::shared_ptr<Registry> m_calls;
    const Url m_url;
    const ClientOptions m_options;
    SocketEvents m_events;
    Transport::SocketHandler m_handler;    ///< nothing once it was called
    const Strand m_strand;
    std::shared_ptr<Connector> m_connector;
    std::shared_ptr<SocketSession> m_session;
    websocket::response_type m_response;
};

}    // namespace

void start_socket(Context& context, const Url& url, const ClientOptions& options, SocketEvents events,
                  Transport::SocketHandler handler) {
    const auto opening = std::make_shared<Opening>(context, url, options, std::move(events), std::move(handler));
    if (context.calls->add(opening)) opening->start();
}

}    // namespace filfil::net
