// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "outside.hpp"
#include "rpc/client.hpp"

#include <gtest/gtest.h>

namespace filfil::rpc {

/// A node whose every answer is said by the test.
class FakeNode final : public HttpServer {
public:
    explicit FakeNode(Outside& outside)
        : m_listener(std::move(*outside.transport.listen({.at = {"node", 1234}, .request_limit = 1 << 20}, *this))) {}

    void handle(HttpRequest request, Respond respond) override {
        requests.push_back(std::move(request));
        responds.push_back(std::move(respond));
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override {
        requests.push_back(request);
        return refusal;
    }
    SocketEvents open_socket(std::shared_ptr<WebSocket> opened, const HttpRequest&) override {
        socket = std::move(opened);
        return {.on_message = [this](std::string text) { received.push_back(std::move(text)); },
                .on_closed = [this](const Error& why) { closed.push_back(why); }};
    }

    /// What it was asked, as JSON.
    [[nodiscard]] Json call(std::size_t i) const { return *parse_json(received.at(i)); }

    std::optional<HttpResponse> refusal;
    std::vector<HttpRequest> requests;
    std::vector<Respond> responds;
    std::shared_ptr<WebSocket> socket;
    std::vector<std::string> received;
    std::vector<Error> closed;

private:
    std::unique_ptr<Transport::Listener> m_listener;
};

/// What a client was told.
struct Told {
    std::vector<std::pair<std::string, Answer>> answers;
    std::vector<Result<void>> opened;
    std::vector<Error> lost;
    std::vector<std::string> notifications;
    std::string values;    ///< of a channel, and "closed" at last

    [[nodiscard]] const Answer& answer(std::size_t i) const { return answers.at(i).second; }

    /// "b a" where that of "b" came first.
    [[nodiscard]] std::string order() const {
        std::string out;
        for (const auto& [name, answer] : answers) out += (out.empty() ? "" : " ") + name;
        return out;
    }
};

class ClientTest : public testing::Test {
protected:
    void start(ClientConfig config) {
        told = {};
        client = make_client(outside.world, std::move(config));
        client->on_notification([this](const std::string& method, const Json& params) {
            told.notifications.push_back(method + " " + write_json(params));
        });
        client->open([this](Result<void> result) { told.opened.push_back(std::move(result)); },
                     [this](const Error& why) { told.lost.push_back(why); });
        EXPECT_TRUE(told.opened.empty());
        outside.run_ready();
    }

    void call(const std::string& name, Json params = Json::array()) {
        client->call(name, std::move(params), remember(name));
    }

    Client::AnswerHandler remember(const std::string& name) {
        return [this, name](Answer answer) { told.answers.emplace_back(name, std::move(answer)); };
    }

    std::uint64_t open_channel(const std::string& name) {
        return client->open_channel(name, Json::array(), remember(name),
                                    {.on_value = [this](const Json& value) { told.values += write_json(value) + " "; },
                                     .on_closed =
                                         [this](const Error& why) {
                                             closed_by = why.code;
                                             told.values += "closed";
                                         }});
    }

    /// The node sends it.
    void say(const std::string& text) {
        node.socket->send(text);
        outside.run_ready();
    }

    Outside outside;
    FakeNode node{outside};
    std::unique_ptr<Client> client;
    Told told;
    ErrorCode closed_by = ErrorCode::internal;
    static inline const Url ws_url{Url::Scheme::ws, {"node", 1234}, "/rpc/v1?token=secret"};
    static inline const Url http_url{Url::Scheme::http, {"node", 1234}, "/rpc/v1"};
};

}    // namespace filfil::rpc
