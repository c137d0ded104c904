// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/http_client.hpp"

#include "rpc/excerpt.hpp"
#include "rpc/message.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace filfil::rpc {
namespace {

/// What came for one request: messages, or why there are none. Made on the transport's thread.
struct Reading {
    std::vector<Message> messages{};
    bool array = false;
    std::optional<Error> wrong{};
};

Error status_error(const Url& url, const HttpResponse& response) {
    const int status = response.status;
    const std::string text = text_of(url, true) + ": HTTP " + std::to_string(status) +
                             (response.body.empty() ? "" : " ('" + excerpt(response.body) + "')");
    if (status == 401 || status == 403)
        return {ErrorCode::denied, text, "give the node's token with --node-token-file"};
    // These may go away by themselves.
    if (status >= 500 || status == 408 || status == 429) return {ErrorCode::io, text};
    return {ErrorCode::corrupt, text, "check the URL: nodes answer at /rpc/v1"};
}

Reading read_answer(const Url& url, Result<HttpResponse> response) {
    Reading out;
    if (!response.ok()) {
        out.wrong = std::move(response).error();
        return out;
    }
    const bool denied = response->status == 401 || response->status == 403;
    auto messages = read_messages(response->body, out.array);
    if (!denied && messages.ok())
        out.messages = std::move(*messages);
    else if (response->status != 200)
        out.wrong = status_error(url, *response);
    else
        out.wrong = messages.error().in(text_of(url, true) + ": HTTP 200");
    return out;
}

/// Touched on the loop only.
class HttpCalls : public std::enable_shared_from_this<HttpCalls> {
public:
    HttpCalls(World& world, ClientConfig config) : m_world(world), m_config(std::move(config)) {
        m_config.transport.answer_timeout = std::min(m_config.transport.answer_timeout, m_config.call_timeout);
    }

    std::uint64_t call(std::string method, const Json& params, Client::AnswerHandler handler) {
        const std::uint64_t id = ++m_last_id;
        if (m_closed) {
            refuse(std::move(handler), closed());
            return id;
        }
        m_waiting.push_back({id, write_request(id, method, params)});
        m_calls.emplace(id, Call{std::move(method), std::move(handler)});
        send_soon();
        return id;
    }

    /// Fails a call that was never made.
    std::uint64_t refuse(Client::AnswerHandler handler, Error why) {
        later([handler = std::move(handler), why = std::move(why)](HttpCalls&) {
            if (handler) handler(failed(why));
        });
        return ++m_last_id;
    }

    /// Posts a task to the loop that runs where this is still there then.
    template <class Body>
    void later(Body body) {
        m_world.loop.post([weak = weak_from_this(), body = std::move(body)]() mutable {
            if (const auto self = weak.lock(); self != nullptr && !self->m_dropped) body(*self);
        });
    }

    void close() {
        if (std::exchange(m_closed, true)) return;
        later([](HttpCalls& self) {
            self.m_waiting.clear();
            for (const auto& [id, call] : std::exchange(self.m_calls, {})) {
                if (call.handler) call.handler(failed(closed()));
                if (self.m_dropped) return;
            }
        });
    }

    void drop() {
        m_dropped = true;
        const auto calls = std::exchange(m_calls, {});
    }

    [[nodiscard]] std::size_t pending() const noexcept { return m_calls.size(); }

private:
    struct Call {
        std::string method;
        Client::AnswerHandler handler;
    };
    struct Waiting {
        std::uint64_t id;
        std::string text;
    };
    using Ids = std::vector<std::uint64_t>;

    static Error closed() { return {ErrorCode::cancelled, "the client was closed"}; }

    void send_soon() {
        // Not at once: the calls that follow on the loop's same task go into the same batch.
        if (std::exchange(m_sending, true)) return;
        later([](HttpCalls& self) {
            self.m_sending = false;
            self.send_waiting();
        });
    }

    void send_waiting() {
        while (!m_closed && !m_waiting.empty() && m_requests < m_config.in_flight) {
            Ids ids;
            std::string body;
            while (!m_waiting.empty() && ids.size() < m_config.batch) {
                body += (ids.empty() ? "" : ",") + m_waiting.front().text;
                ids.push_back(m_waiting.front().id);
                m_waiting.pop_front();
            }
            if (ids.size() > 1) body = "[" + body + "]";
            send(std::move(ids), std::move(body));
        }
    }

    void send(Ids ids, std::string body) {
        ++m_requests;
        HttpRequest request{.method = "POST",
                            .target = m_config.url.target,
                            .fields = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
                            .body = std::move(body)};
        Executor& loop = m_world.loop;
        m_world.transport.request(
            m_config.url, std::move(request), m_config.transport,
            [weak = weak_from_this(), &loop, url = m_config.url, ids = std::move(ids)](Result<HttpResponse> response) {
                const auto reading = std::make_shared<Reading>(read_answer(url, std::move(response)));
                loop.post([weak, ids, reading] {
                    if (const auto self = weak.lock(); self != nullptr && !self->m_dropped)
                        self->receive(ids, std::move(*reading));
                });
            });
    }

    void receive(const Ids& ids, Reading reading) {
        --m_requests;
        send_waiting();
        // An error without an id is about the request as a whole.
        if (!reading.array && reading.messages.size() == 1 && !reading.messages[0].id &&
            reading.messages[0].answer.error) {
            for (const std::uint64_t id : ids)
                if (!answer(id, reading.messages[0].answer)) return;
            return;
        }
        for (Message& message : reading.messages)
            if (message.id && std::ranges::find(ids, *message.id) != ids.end())
                if (!answer(*message.id, std::move(message.answer))) return;
        for (const std::uint64_t id : ids) {
            const auto call = m_calls.find(id);
            if (call == m_calls.end()) continue;
            Error why = reading.wrong ? *reading.wrong
                                      : Error(ErrorCode::corrupt, text_of(m_config.url, true) + ": the answer to " +
                                                                      call->second.method + " is missing");
            if (!answer(id, failed(std::move(why)))) return;
        }
    }

    /// @return false where the client is gone now
    bool answer(std::uint64_t id, Answer answer) {
        const auto found = m_calls.find(id);
        if (found == m_calls.end()) return true;
        const Call call = std::move(found->second);
        m_calls.erase(found);
        if (call.handler) call.handler(std::move(answer));
        return !m_dropped;
    }

    World& m_world;
    ClientConfig m_config;
    bool m_dropped = false;
    bool m_closed = false;
    bool m_sending = false;
    std::uint64_t m_last_id = 0;
    std::map<std::uint64_t, Call> m_calls;
    std::deque<Waiting> m_waiting;
    std::size_t m_requests = 0;
};

class HttpClient final : public Client {
public:
    HttpClient(World& world, ClientConfig config) : m_calls(std::make_shared<HttpCalls>(world, std::move(config))) {}
    ~HttpClient() override { m_calls->drop(); }
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    void open(std::function<void(Result<void>)> handler, std::function<void(Error)>) override {
        m_calls->later([handler = std::move(handler)](HttpCalls&) {
            if (handler) handler(Result<void>());
        });
    }
    void call(std::string method, Json params, AnswerHandler handler) override {
        m_calls->call(std::move(method), params, std::move(handler));
    }
    std::uint64_t open_channel(std::string method, Json, AnswerHandler handler, ChannelEvents) override {
        return m_calls->refuse(std::move(handler), Error(ErrorCode::unsupported, method + ": HTTP carries no channels",
                                                         "use the node's WebSocket: ws:// or wss:// in its URL"));
    }
    void cancel_channel(std::uint64_t) override {}
    void on_notification(std::function<void(std::string, Json)>) override {}
    void close() override { m_calls->close(); }
    std::size_t pending() const noexcept override { return m_calls->pending(); }

private:
    std::shared_ptr<HttpCalls> m_calls;
};

}    // namespace

std::unique_ptr<Client> make_http_client(World& world, ClientConfig config) {
    return std::make_unique<HttpClient>(world, std::move(config));
}

}    // namespace filfil::rpc
