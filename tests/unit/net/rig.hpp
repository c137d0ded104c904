// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "net/asio_transport.hpp"
#include "waiting.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::net {

/// Keeps what was said.
class KeptLog final : public LogSink {
public:
    void write(LogLevel, std::string_view, std::string_view message) noexcept override {
        m_lines.put(std::string(message));
    }
    Inbox<std::string>& lines() { return m_lines; }

private:
    Inbox<std::string> m_lines;
};

/// A server that does what the test says.
class ScriptedServer final : public HttpServer {
public:
    std::function<void(HttpRequest, Respond)> on_request = [](HttpRequest request, const Respond& respond) {
        HttpResponse response;
        response.body = request.method + " " + request.target + " " + request.body;
        respond(std::move(response));
    };
    std::function<std::optional<HttpResponse>(const HttpRequest&)> on_ask = [](const HttpRequest&) {
        return std::nullopt;
    };
    std::function<SocketEvents(std::shared_ptr<WebSocket>, const HttpRequest&)> on_socket =
        [](std::shared_ptr<WebSocket> socket, const HttpRequest&) {
            SocketEvents echo;
            echo.on_message = [socket](std::string text) { socket->send(std::move(text)); };
            return echo;
        };

    void handle(HttpRequest request, Respond respond) override { on_request(std::move(request), std::move(respond)); }
    std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override { return on_ask(request); }
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) override {
        return on_socket(std::move(socket), request);
    }
};

/// A body of `whole`, given as it is asked for.
class TextStream : public BodyStream {
public:
    explicit TextStream(std::string whole, bool knows_size = true) : m_whole(std::move(whole)), m_knows(knows_size) {}
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override {
        return m_knows ? std::optional<std::uint64_t>(m_whole.size()) : std::nullopt;
    }
    Result<std::size_t> read(ByteSpan out) override {
        const std::size_t n = std::min(out.size(), m_whole.size() - m_at);
        std::ranges::copy(bytes_of(m_whole).subspan(m_at, n), out.begin());
        m_at += n;
        return n;
    }

private:
    const std::string m_whole;
    const bool m_knows;
    std::size_t m_at = 0;
};

/// A transport, a server and a listener on a free port of this machine.
struct Rig {
    explicit Rig(ListenOptions options = {}, std::string trust = {}) : transport(log, 2, std::move(trust)) {
        if (options.at.host.empty()) options.at.host = "127.0.0.1";
        auto listening = transport.listen(options, server);
        if (!listening.ok()) throw std::runtime_error(listening.error().text());
        listener = std::move(listening).value();
        tls = options.tls.has_value();
    }
    ~Rig() { listener.reset(); }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    [[nodiscard]] Endpoint at() const { return listener->endpoint(); }
    [[nodiscard]] Url url(std::string target = "/") const {
        return {tls ? Url::Scheme::https : Url::Scheme::http, at(), std::move(target)};
    }
    [[nodiscard]] Url socket_url(std::string target = "/") const {
        return {tls ? Url::Scheme::wss : Url::Scheme::ws, at(), std::move(target)};
    }

    KeptLog log;
    ScriptedServer server;
    AsioTransport transport;
    std::unique_ptr<Transport::Listener> listener;
    bool tls = false;
};

/// Asks and waits.
inline Result<HttpResponse> ask(Transport& transport, const Url& url, HttpRequest request = {},
                                const ClientOptions& options = {}) {
    const auto inbox = std::make_shared<Inbox<Result<HttpResponse>>>();
    transport.request(url, std::move(request), options,
                      [inbox](Result<HttpResponse> answer) { inbox->put(std::move(answer)); });
    return inbox->take();
}

inline HttpRequest request_of(std::string method, std::string body = {}) {
    HttpRequest out;
    out.method = std::move(method);
    out.body = std::move(body);
    return out;
}

/// What one side of a WebSocket heard.
struct Heard {
    Inbox<std::string> messages;
    Inbox<Error> closed;
    std::shared_ptr<WebSocket> socket;

    static SocketEvents events(const std::shared_ptr<Heard>& heard) {
        return {[heard](std::string text) { heard->messages.put(std::move(text)); },
                [heard](Error why) { heard->closed.put(std::move(why)); }};
    }
};

/// Opens a WebSocket and waits.
inline Result<std::shared_ptr<Heard>> open(Transport& transport, const Url& url, const ClientOptions& options = {}) {
    const auto heard = std::make_shared<Heard>();
    const auto inbox = std::make_shared<Inbox<Result<std::shared_ptr<WebSocket>>>>();
    transport.open_socket(url, options, Heard::events(heard),
                          [inbox](Result<std::shared_ptr<WebSocket>> opened) { inbox->put(std::move(opened)); });
    auto opened = inbox->take();
    if (!opened.ok()) return std::move(opened).error();
    heard->socket = std::move(opened).value();
    return heard;
}

}    // namespace filfil::net
