// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "memory_transport.hpp"

#include "memory_socket.hpp"

#include <algorithm>

namespace filfil {

struct MemoryPort {
    std::shared_ptr<MemoryNetwork::State> network;
    std::shared_ptr<MemoryTransport::Host> host;
    ListenOptions options;
    HttpServer* server = nullptr;    ///< none once it does not listen any more
    std::vector<std::weak_ptr<MemoryPipe>> pipes{};
    using Body = std::shared_ptr<BodyStream>;
    std::vector<std::weak_ptr<Body>> bodies{};    ///< that are read slowly

    void stop() {
        if (std::exchange(server, nullptr) == nullptr) return;
        for (const auto& weak : std::exchange(bodies, {}))
            if (const auto body = weak.lock()) body->reset();
        network->ports.erase(text_of(options.at));
        for (const auto& weak : std::exchange(pipes, {}))
            if (const auto pipe = weak.lock()) pipe->stop_server();
    }
};

namespace {

constexpr std::uint16_t first_free_port = 40'000;

Error refused(const Url& url) { return {ErrorCode::io, text_of(url, true) + ": connection refused"}; }
Error broken(const Url& url) { return {ErrorCode::io, text_of(url, true) + ": connection reset"}; }

std::string reason(const HttpResponse& response) {
    return response.body.empty() ? std::string() : " (" + response.body + ")";
}

/// One request from its client to the server and back.
struct Exchange {
    std::shared_ptr<MemoryNetwork::State> network;
    std::shared_ptr<MemoryTransport::Host> host;
    Url url;
    ClientOptions options;
    Transport::ResponseHandler handler;
    bool head = false;

    void finish(Result<HttpResponse> result) {
        const auto told = std::exchange(handler, nullptr);
        if (told && host->alive) told(std::move(result));
    }

    void answer(HttpResponse response) {
        if (response.stream) {
            auto body = read_body(*response.stream);
            if (!body.ok()) return finish(std::move(body).error());
            response.body = std::move(*body);
            if (const auto size = response.stream->size())
                response.fields.emplace_back("Content-Length", std::to_string(*size));
            response.stream.reset();
        } else {
            response.fields.emplace_back("Content-Length", std::to_string(response.body.size()));
        }
        if (head) response.body.clear();
        if (response.body.size() > options.body_limit)
            return finish(Error(ErrorCode::too_large, text_of(url, true) + ": the answer is larger than " +
                                                          std::to_string(options.body_limit) + " bytes"));
        finish(std::move(response));
    }

    /// A part now, the others one by one. Where the client waits no more, or is gone, so is the body.
    static void trickle(const std::shared_ptr<Exchange>& self, const std::shared_ptr<HttpResponse>& response,
                        const std::shared_ptr<MemoryPort::Body>& body, std::uint64_t rate) {
        if (self->handler == nullptr || !self->host->alive) return body->reset();
        if (*body == nullptr) return self->finish(broken(self->url));
        Bytes part(std::clamp<std::uint64_t>(rate, 1, 64 * 1024));
        const auto read = (*body)->read(part);
        if (!read.ok() || *read == 0) {
            body->reset();
            if (!read.ok()) return self->finish(broken(self->url));
            return self->finish(std::move(*response));
        }
        response->body.append(reinterpret_cast<const char*>(part.data()), *read);
        const Clock::Duration pause(
            static_cast<Clock::Duration::rep>(static_cast<double>(Clock::Duration(std::chrono::seconds(1)).count()) *
                                              static_cast<double>(*read) / static_cast<double>(rate)));
        self->network->wires.post_after(pause, [self, response, body, rate] { trickle(self, response, body, rate); });
    }

    Result<std::string> read_body(BodyStream& stream) const {
        std::string out;
        if (head) return out;
        Bytes part(64 * 1024);
        while (out.size() <= options.body_limit) {
            auto read = stream.read(part);
            if (!read.ok()) return broken(url);
            if (*read == 0) break;
            out.append(reinterpret_cast<const char*>(part.data()), *read);
        }
        return out;
    }

    static void send(const std::shared_ptr<Exchange>& self, const std::shared_ptr<HttpRequest>& request) {
        Delivery delivery{Delivery::Kind::request, 0, true, self->host->address, self->url.at, request->body};
        const Fate fate = self->network->fate_of(delivery);
        if (fate.close) return self->finish(broken(self->url));
        if (fate.drop || fate.silence) return;
        self->network->wires.post_after(fate.delay, [self, request] { arrive(self, std::move(*request)); });
    }

    static void arrive(const std::shared_ptr<Exchange>& self, HttpRequest request) {
        const auto port = self->network->find(self->url.at);
        if (port == nullptr) return self->finish(refused(self->url));
        if (request.body.size() > port->options.request_limit) return self->answer({.status = 413});
        // Where the server drops it, the last copy of the guard answers.
        struct Guard {
            std::shared_ptr<Exchange> exchange;
            std::shared_ptr<MemoryPort> port;
            ~Guard() { respond({.status = 500}); }
            void respond(HttpResponse response) {
                const auto last = std::exchange(exchange, nullptr);
                if (last == nullptr) return;
                auto out = std::make_shared<HttpResponse>(std::move(response));
                port->network->wires.post([last, out, from = port] { send_back(last, *from, out); });
            }
        };
        auto guard = std::make_shared<Guard>(self, port);
        port->server->handle(std::move(request), [guard = std::move(guard)](HttpResponse response) {
            guard->respond(std::move(response));
        });
    }

    static void send_back(const std::shared_ptr<Exchange>& self, MemoryPort& from,
                          const std::shared_ptr<HttpResponse>& response) {
        if (from.server == nullptr) return self->finish(broken(self->url));
        Delivery delivery{Delivery::Kind::answer, 0, false, self->host->address, self->url.at, response->body};
        const Fate fate = self->network->fate_of(delivery);
        if (fate.close) return self->finish(broken(self->url));
        if (fate.drop || fate.silence) return;
        if (fate.bytes_per_second > 0 && response->stream && !self->head) {
            auto body = std::make_shared<MemoryPort::Body>(std::move(response->stream));
            from.bodies.push_back(body);
            response->stream.reset();
            if (const auto size = (*body)->size())
                response->fields.emplace_back("Content-Length", std::to_string(*size));
            self->network->wires.post_after(fate.delay, [self, response, body, rate = fate.bytes_per_second] {
                trickle(self, response, body, rate);
            });
            return;
        }
        self->network->wires.post_after(fate.delay, [self, response] { self->answer(std::move(*response)); });
    }
};

/// A client that asks for a WebSocket.
struct Opening {
    std::shared_ptr<MemoryNetwork::State> network;
    std::shared_ptr<MemoryTransport::Host> host;
    Url url;
    ClientOptions options;
    SocketEvents events;
    Transport::SocketHandler handler;
    HttpRequest request;

    void finish(Result<std::shared_ptr<WebSocket>> result) {
        const auto told = std::exchange(handler, nullptr);
        if (told && host->alive) told(std::move(result));
    }

    static void send(const std::shared_ptr<Opening>& self) {
        Delivery delivery{Delivery::Kind::open, 0, true, self->host->address, self->url.at, self->request.target};
        const Fate fate = self->network->fate_of(delivery);
        if (fate.close) return self->finish(broken(self->url));
        if (fate.drop || fate.silence) {
            self->network->wires.post_after(self->options.connect_timeout, [self] {
                self->finish(Error(ErrorCode::io, text_of(self->url, true) + ": no connection in time"));
            });
            return;
        }
        self->network->wires.post_after(fate.delay, [self] { self->arrive(); });
    }

    void arrive() {
        if (!host->alive) return;
        const auto port = network->find(url.at);
        if (port == nullptr) return finish(refused(url));
        if (const auto refusal = port->server->refuse_socket(request)) {
            const bool denied = refusal->status == 401 || refusal->status == 403;
            return finish(Error(
                denied ? ErrorCode::denied : ErrorCode::unsupported,
                text_of(url, true) + ": no WebSocket: HTTP " + std::to_string(refusal->status) + reason(*refusal)));
        }
        const auto pipe = std::make_shared<MemoryPipe>(network, url.at, options.idle_timeout);
        pipe->ends[MemoryPipe::client] = {host, std::move(events), options.body_limit};
        pipe->ends[MemoryPipe::server] = {port->host, {}, port->options.request_limit};
        network->pipes.push_back(pipe);
        host->pipes.push_back(pipe);
        port->host->pipes.push_back(pipe);
        port->pipes.push_back(pipe);
        pipe->ends[MemoryPipe::server].events =
            port->server->open_socket(std::make_shared<MemorySocket>(pipe, MemoryPipe::server), request);
        finish(std::shared_ptr<WebSocket>(std::make_shared<MemorySocket>(pipe, MemoryPipe::client)));
    }
};

class MemoryListener final : public Transport::Listener {
public:
    explicit MemoryListener(std::shared_ptr<MemoryPort> port) : m_port(std::move(port)) {}
    ~MemoryListener() override { m_port->stop(); }
    Endpoint endpoint() const override { return m_port->options.at; }
    std::size_t connections() const noexcept override {
        return static_cast<std::size_t>(std::ranges::count_if(m_port->pipes, [](const auto& weak) {
            const auto pipe = weak.lock();
            return pipe != nullptr && pipe->open;
        }));
    }

private:
    std::shared_ptr<MemoryPort> m_port;
};

HttpFields all_fields(const Url& url, const HttpFields& added, HttpFields own) {
    HttpFields out{{"Host", text_of(url.at)}};
    out.insert(out.end(), added.begin(), added.end());
    out.insert(out.end(), own.begin(), own.end());
    return out;
}

}    // namespace

std::shared_ptr<MemoryPort> MemoryNetwork::State::find(const Endpoint& at) const {
    const auto found = ports.find(text_of(at));
    return found == ports.end() ? nullptr : found->second;
}

MemoryNetwork::MemoryNetwork(Executor& wires) : m_state(std::make_shared<State>(wires)) {}

void MemoryNetwork::set_hook(Hook hook) { m_state->hook = std::move(hook); }

std::size_t MemoryNetwork::open_sockets() const {
    return static_cast<std::size_t>(std::ranges::count_if(m_state->pipes, [](const auto& weak) {
        const auto pipe = weak.lock();
        return pipe != nullptr && pipe->open;
    }));
}

void MemoryNetwork::break_sockets() {
    m_state->wires.post([state = m_state] {
        for (const auto& weak : std::vector(state->pipes))
            if (const auto pipe = weak.lock()) pipe->reset();
    });
}

MemoryTransport::MemoryTransport(MemoryNetwork& network, std::string address)
    : m_network(network.m_state), m_host(std::make_shared<Host>()) {
    m_host->address = std::move(address);
}

MemoryTransport::~MemoryTransport() {
    m_host->alive = false;
    for (const auto& weak : std::exchange(m_host->pipes, {}))
        if (const auto pipe = weak.lock()) pipe->leave(*m_host);
    for (const auto& [at, port] : std::map(m_network->ports))
        if (port->host == m_host) port->stop();
}

void MemoryTransport::request(const Url& url, HttpRequest request, const ClientOptions& options,
                              ResponseHandler handler) {
    request.target = url.target;
    request.fields = all_fields(url, options.fields, std::move(request.fields));
    request.peer = m_host->address;
    const bool head = request.method == "HEAD";
    const auto exchange = std::make_shared<Exchange>(m_network, m_host, url, options, std::move(handler), head);
    m_network->wires.post(
        [exchange, sent = std::make_shared<HttpRequest>(std::move(request))] { Exchange::send(exchange, sent); });
    m_network->wires.post_after(options.answer_timeout, [exchange] {
        exchange->finish(Error(ErrorCode::io, text_of(exchange->url, true) + ": no answer in time"));
    });
}

void MemoryTransport::open_socket(const Url& url, const ClientOptions& options, SocketEvents events,
                                  SocketHandler handler) {
    HttpRequest request{.target = url.target, .fields = all_fields(url, options.fields, {}), .peer = m_host->address};
    const auto opening = std::make_shared<Opening>(m_network, m_host, url, options, std::move(events),
                                                   std::move(handler), std::move(request));
    m_network->wires.post([opening] { Opening::send(opening); });
}

Result<std::unique_ptr<Transport::Listener>> MemoryTransport::listen(const ListenOptions& options, HttpServer& server) {
    auto port = std::make_shared<MemoryPort>(m_network, m_host, options, &server);
    Endpoint& at = port->options.at;
    if (at.port == 0) {
        at.port = first_free_port;
        while (m_network->find(at) != nullptr) ++at.port;
    }
    if (m_network->find(at) != nullptr)
        return Error(ErrorCode::io, text_of(at) + ": cannot listen: the address is in use",
                     "end the other program or take another port");
    m_network->ports[text_of(at)] = port;
    return std::unique_ptr<Listener>(std::make_unique<MemoryListener>(std::move(port)));
}

}    // namespace filfil
