// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/client_http.hpp"

#include "base/units.hpp"
#include "net/connector.hpp"
#include "net/failure.hpp"
#include "net/http.hpp"
#include "net/wire.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace filfil::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

/// One request, until its handler was called. All but end() on the strand of its connection.
class HttpCall final : public Registry::Member, public std::enable_shared_from_this<HttpCall> {
public:
    HttpCall(Context& context, Url url, HttpRequest request, ClientOptions options, Transport::ResponseHandler handler,
             std::optional<NetStream> kept)
        : m_context(context),
          m_url(std::move(url)),
          m_request(std::move(request)),
          m_options(std::move(options)),
          m_handler(handler ? std::move(handler) : [](const Result<HttpResponse>&) {}),
          m_strand(kept ? kept->get_executor() : context.make_strand()),
          m_stream(std::move(kept)),
          m_kept(m_stream.has_value()) {}

    static std::string server_of(const Url& url) { return text_of(Url{url.scheme, url.at, "/"}); }

    void start() {
        asio::post(m_strand, [self = shared_from_this()] { self->begin(); });
    }

    void end() override {
        asio::post(m_strand, [self = shared_from_this()] {
            self->fail(Error(ErrorCode::cancelled, "the request to " + text_of(self->m_url, true) + " was cancelled"));
        });
    }

private:
    void begin() {
        if (!m_handler) return;
        if (m_url.scheme != Url::Scheme::http && m_url.scheme != Url::Scheme::https)
            return fail(Error(ErrorCode::invalid_argument, text_of(m_url, true) + " is no http:// or https:// URL"));
        auto head = request_head(m_url, m_request, m_options.fields);
        if (!head.ok()) return fail(std::move(head).error());
        m_head = std::move(head).value();
        if (m_stream)
            send();
        else
            connect();
    }

    void connect() {
        m_stream.reset();
        m_kept = false;
        m_connector = std::make_shared<Connector>(m_context, m_strand, m_url, m_options.connect_timeout,
                                                  [self = shared_from_this()](Result<NetStream> stream) {
                                                      self->m_connector.reset();
                                                      if (!stream.ok()) return self->fail(std::move(stream).error());
                                                      self->m_stream = std::move(stream).value();
                                                      self->send();
                                                  });
        m_connector->start();
    }

    void send() {
        m_buffer.clear();
        m_buffer.reserve(body_read_size);
        m_parser.emplace();
        m_parser->header_limit(response_head_limit);
        m_parser->body_limit(m_options.body_limit);
        m_parser->skip(m_request.method == "HEAD");
        m_stream->set_deadline(m_options.answer_timeout);
        const std::array<asio::const_buffer, 2> whole = {asio::buffer(m_head), asio::buffer(m_request.body)};
        asio::async_write(*m_stream, whole, [self = shared_from_this()](error_code error, std::size_t sent) {
            if (!self->m_handler) return;
            // A server may refuse a body without reading all of it; what it says is still worth reading.
            if (error && (self->m_stream->timed_out() || sent == 0)) return self->broken(error, true);
            self->receive();
        });
    }

    void receive() {
        http::async_read(*m_stream, m_buffer, *m_parser,
                         [self = shared_from_this()](error_code error, std::size_t) { self->received(error); });
    }

    void received(error_code error) {
        if (!m_handler) return;
        if (error) return broken(error, false);
        if (m_parser->get().result_int() / 100 == 1) {
            // Something preliminary; the answer is still to come, on the same connection.
            m_parser.emplace();
            m_parser->header_limit(response_head_limit);
            m_parser->body_limit(m_options.body_limit);
            m_parser->skip(m_request.method == "HEAD");
            receive();
            return;
        }
        HttpResponse response;
        response.status = static_cast<int>(m_parser->get().result_int());
        response.fields = fields_of(m_parser->get().base());
        const bool again = m_parser->keep_alive() && m_buffer.size() == 0;
        response.body = std::move(m_parser->get().body());
        if (again)
            m_context.pool.put(server_of(m_url), std::move(*m_stream));
        else
            m_stream->close();
        m_stream.reset();
        finish(std::move(response));
    }

    /// @param unsent nothing of the request was taken
    void broken(error_code error, bool unsent) {
        if (m_stream->timed_out()) return fail(timeout_failure("no answer from", m_url, m_options.answer_timeout));
        const bool silent = m_buffer.size() == 0 && !m_parser->got_some();
        if (m_kept && silent && (unsent || may_repeat())) return connect();
        if (error == http::error::body_limit)
            return fail(Error(ErrorCode::too_large, "the answer of " + text_of(m_url, true) + " is larger than " +
                                                        format_size(m_options.body_limit)));
        if (error == http::error::header_limit)
            return fail(Error(ErrorCode::too_large, "the head of the answer of " + text_of(m_url, true) +
                                                        " is larger than " + format_size(response_head_limit)));
        if (error == http::error::end_of_stream) error = asio::error::eof;
        if (error == http::error::partial_message || error == asio::ssl::error::stream_truncated)
            return fail(Error(ErrorCode::io, "the answer of " + text_of(m_url, true) + " broke off in its middle",
                              "try again; if it stays so see the other side's log"));
        if (error.category() == http::make_error_code(http::error::bad_version).category())
            return fail(Error(ErrorCode::corrupt,
                              "what " + text_of(m_url, true) + " answers is no HTTP/1.1: " + error.message(),
                              "check the port, and whether it expects TLS (https://)"));
        fail(failure("no answer from", m_url, error));
    }

    /// A request that does the same when it is done twice.
    [[nodiscard]] bool may_repeat() const {
        const std::string& method = m_request.method;
        return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" || method == "DELETE";
    }

    void fail(Error error) {
        if (m_connector) m_connector->cancel();
        m_connector.reset();
        if (m_stream) m_stream->close();
        finish(std::move(error));
    }

    void finish(Result<HttpResponse> result) {
        if (!m_handler) return;
        const auto handler = std::move(m_handler);
        m_handler = nullptr;
        handler(std::move(result));
        m_context.calls->remove(this);
    }

    Context& m_context;
    const Url m_url;
    const HttpRequest m_request;
    const ClientOptions m_options;
    Transport::ResponseHandler m_handler;    ///< nothing once it was called
    const Strand m_strand;
    std::optional<NetStream> m_stream;
    bool m_kept;    ///< the stream was used before, and nothing has come from it since
    std::string m_head;
    std::shared_ptr<Connector> m_connector;
    beast::flat_buffer m_buffer;
    std::optional<http::response_parser<http::string_body>> m_parser;
};

}    // namespace

void start_request(Context& context, const Url& url, HttpRequest request, const ClientOptions& options,
                   Transport::ResponseHandler handler) {
    const auto call = std::make_shared<HttpCall>(context, url, std::move(request), options, std::move(handler),
                                                 context.pool.take(HttpCall::server_of(url)));
    if (context.calls->add(call)) call->start();
}

}    // namespace filfil::net
