// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/server.hpp"

#include "rpc/server_auth.hpp"
#include "rpc/server_calls.hpp"

#include <cassert>
#include <mutex>
#include <set>
#include <utility>

namespace filfil::rpc {
namespace {

class HttpSession final : public Session {
public:
    explicit HttpSession(Permission permission) : m_permission(permission) {}
    Permission permission() const noexcept override { return m_permission; }
    bool notify(std::string_view, Json) override { return false; }
    void on_end(std::function<void()>) override {}

private:
    Permission m_permission;
};

/// Used on the loop only.
class SocketSession final : public Session, public std::enable_shared_from_this<SocketSession> {
public:
    SocketSession(Executor& loop, std::shared_ptr<WebSocket> socket, Permission permission, std::size_t queue_limit)
        : m_loop(loop), m_socket(std::move(socket)), m_permission(permission), m_queue_limit(queue_limit) {}

    Permission permission() const noexcept override { return m_permission; }

    bool notify(std::string_view method, Json params) override {
        if (m_socket == nullptr) return false;
        return send(R"({"jsonrpc":"2.0","method":)" + write_json(method) + ",\"params\":" + write_json(params) + "}");
    }

    void on_end(std::function<void()> handler) override {
        if (m_dropped) return;
        m_on_end.push_back(std::move(handler));
        if (m_socket == nullptr) tell_end();
    }

    [[nodiscard]] bool open() const noexcept { return m_socket != nullptr; }

    bool send(std::string text) {
        if (m_socket == nullptr) return false;
        if (m_socket->queued() > m_queue_limit) {
            end();
            return false;
        }
        m_socket->send(std::move(text));
        return true;
    }

    void end() {
        if (m_socket == nullptr) return;
        m_socket->close();
        m_socket.reset();
        tell_end();
    }

    /// The server is gone.
    void drop() {
        m_dropped = true;
        if (m_socket != nullptr) m_socket->close();
        m_socket.reset();
        const auto handlers = std::exchange(m_on_end, {});
    }

private:
    void tell_end() {
        // By a task: who is in the middle of telling all sessions something is not called back meanwhile.
        m_loop.post([weak = weak_from_this()] {
            const auto self = weak.lock();
            if (self == nullptr) return;
            const auto handlers = std::exchange(self->m_on_end, {});
            for (const auto& handler : handlers)
                if (handler && !self->m_dropped) handler();
        });
    }

    Executor& m_loop;
    std::shared_ptr<WebSocket> m_socket;    ///< none once it has ended
    Permission m_permission;
    std::size_t m_queue_limit;
    bool m_dropped = false;
    std::vector<std::function<void()>> m_on_end;
};

bool is_json(const HttpRequest& request) {
    const auto field = find_field(request.fields, "Content-Type");
    if (!field) return true;
    std::string type(field->substr(0, field->find(';')));
    while (type.ends_with(' ')) type.pop_back();
    for (char& c : type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return type == "application/json";
}

}    // namespace

struct Server::Impl {
    World& world;
    ServerOptions options;
    std::shared_ptr<CallTable> table;

    std::mutex mutex{};    ///< over what follows
    std::set<std::shared_ptr<SocketSession>> sessions{};

    void remove(const std::shared_ptr<SocketSession>& session) {
        const std::lock_guard lock(mutex);
        sessions.erase(session);
    }
};

Server::Server(World& world, ServerOptions options)
    : m_impl(std::make_shared<Impl>(world, std::move(options), std::make_shared<CallTable>())) {
    m_impl->table->batch_limit = m_impl->options.batch_limit;
    m_impl->table->loop = &world.loop;
}

Server::~Server() {
    // Methods may hold sessions and answers that come back here while they are destroyed.
    m_impl->table->stopped = true;
    const auto sessions = std::exchange(m_impl->sessions, {});
    for (const auto& session : sessions) session->drop();
}

void Server::add(std::string name, Method method) {
    [[maybe_unused]] const bool added = m_impl->table->methods.emplace(std::move(name), std::move(method)).second;
    assert(added);
}

std::vector<std::string> Server::methods() const {
    std::vector<std::string> out;
    for (const auto& [name, method] : m_impl->table->methods) out.push_back(name);
    return out;
}

void Server::handle(HttpRequest request, Respond respond) {
    const ServerOptions& options = m_impl->options;
    if (auto refused = refuse(request, options, false)) return respond(*std::move(refused));
    if (request.method != "POST") {
        HttpResponse out =
            refusal(405, invalid_request_code, Error(ErrorCode::unsupported, "calls are sent with POST"));
        out.fields.emplace_back("Allow", "POST");
        return respond(std::move(out));
    }
    if (!is_json(request))
        return respond(
            refusal(415, invalid_request_code, Error(ErrorCode::unsupported, "calls are sent as application/json")));
    const Permission permission = permission_of(request, options, false);
    const auto message = std::make_shared<Result<Json>>(parse_json(request.body));
    m_impl->world.loop.post([weak = std::weak_ptr(m_impl), message, permission, respond = std::move(respond)] {
        const auto self = weak.lock();
        if (self == nullptr || self->table->stopped) return;
        run_message(self->table, std::move(*message), std::make_shared<HttpSession>(permission),
                    [respond](std::optional<std::string> text) {
                        if (!text) return respond({.status = 204});
                        respond({.fields = {{"Content-Type", "application/json"}}, .body = *std::move(text)});
                    });
    });
}

std::optional<HttpResponse> Server::refuse_socket(const HttpRequest& request) {
    return refuse(request, m_impl->options, true);
}

SocketEvents Server::open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) {
    const auto session =
        std::make_shared<SocketSession>(m_impl->world.loop, std::move(socket),
                                        permission_of(request, m_impl->options, true), m_impl->options.queue_limit);
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->sessions.insert(session);
    }
    Executor& loop = m_impl->world.loop;
    SocketEvents out;
    out.on_message = [weak = std::weak_ptr(m_impl), of = std::weak_ptr(session), &loop](const std::string& text) {
        loop.post([weak, of, message = std::make_shared<Result<Json>>(parse_json(text))] {
            const auto self = weak.lock();
            const auto to = of.lock();
            if (self == nullptr || to == nullptr || !to->open() || self->table->stopped) return;
            run_message(self->table, std::move(*message), to, [of](std::optional<std::string> answer) {
                if (const auto still = of.lock(); still != nullptr && answer) still->send(*std::move(answer));
            });
        });
    };
    out.on_closed = [weak = std::weak_ptr(m_impl), of = std::weak_ptr(session), &loop](const Error&) {
        loop.post([weak, of] {
            const auto self = weak.lock();
            const auto to = of.lock();
            if (self == nullptr || to == nullptr) return;
            to->end();
            self->remove(to);
        });
    };
    return out;
}

}    // namespace filfil::rpc
