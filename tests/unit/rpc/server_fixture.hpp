// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "outside.hpp"
#include "rpc/server.hpp"

#include <gtest/gtest.h>

namespace filfil::rpc {

/// A server with some methods, and raw requests and sockets to it.
class ServerTest : public testing::Test {
protected:
    static inline const std::string read_token = "read-0123456789";
    static inline const std::string admin_token = "admin-987654321";

    ServerTest() { start({}); }

    void start(ServerOptions options) {
        listener.reset();
        server.reset();
        options.read_token = read_token;
        options.admin_token = admin_token;
        server = std::make_unique<Server>(outside.world, options);
        server->add("Echo", {Permission::read, [this](const Json& params, const auto&, const Reply& reply) {
                                 ++ran;
                                 reply(params);
                             }});
        server->add("Fail", {Permission::read, [this](const Json& params, const auto&, const Reply& reply) {
                                 ++ran;
                                 reply(Error(failing, "it went wrong: " + write_json(params), "do otherwise"));
                             }});
        server->add("Admin", {Permission::admin, [this](const Json&, const auto&, const Reply& reply) {
                                  ++ran;
                                  reply(Json("done"));
                              }});
        server->add("Later", {Permission::read, [this](const Json&, const auto&, Reply reply) {
                                  ++ran;
                                  replies.push_back(std::move(reply));
                              }});
        server->add("Watch", {Permission::read, [this](const Json&, const auto& session, const Reply& reply) {
                                  ++ran;
                                  sessions.push_back(session);
                                  session->on_end([this] { ++ended; });
                                  reply(Json(true));
                              }});
        listener = std::move(*outside.transport.listen({.at = {"api", 80}}, *server));
    }

    /// The answer to a POST of `body`, with the read token.
    HttpResponse post(const std::string& body) { return send(request(body)); }

    HttpRequest request(const std::string& body) const {
        return {.method = "POST", .fields = {{"Authorization", "Bearer " + read_token}}, .body = body};
    }

    HttpResponse send(HttpRequest what) {
        ask(std::move(what));
        outside.run_ready();
        return answer();
    }
    void ask(HttpRequest what, std::string target = "/rpc/v1") {
        answers.clear();
        outside.transport.request({.at = {"api", 80}, .target = std::move(target)}, std::move(what), {},
                                  [this](Result<HttpResponse> response) { answers.push_back(std::move(response)); });
    }
    HttpResponse answer() const {
        EXPECT_EQ(answers.size(), 1U);
        if (answers.empty() || !answers[0].ok()) return {.status = 0};
        return *answers[0];
    }

    /// The code of an answer that is an error.
    static std::int64_t code_of(const std::string& body) {
        const auto json = parse_json(body);
        EXPECT_TRUE(json.ok()) << body;
        if (!json.ok() || !json->is_object() || !json->contains("error")) return 0;
        EXPECT_EQ((*json)["jsonrpc"], "2.0");
        EXPECT_FALSE(json->contains("result"));
        return (*json)["error"]["code"].get<std::int64_t>();
    }

    /// A WebSocket's other end. What it is told is in `told`.
    std::shared_ptr<WebSocket> connect(std::string target = "/rpc/v1?token=read-0123456789", HttpFields fields = {}) {
        std::shared_ptr<WebSocket> out;
        refused.reset();
        outside.transport.open_socket({Url::Scheme::ws, {"api", 80}, std::move(target)}, {.fields = std::move(fields)},
                                      {.on_message = [this](std::string text) { told.push_back(std::move(text)); },
                                       .on_closed = [this](const Error&) { ++closed; }},
                                      [&](Result<std::shared_ptr<WebSocket>> socket) {
                                          if (socket.ok())
                                              out = std::move(*socket);
                                          else
                                              refused = socket.error();
                                      });
        outside.run_ready();
        return out;
    }

    Outside outside;
    int ran = 0;
    int ended = 0;
    int closed = 0;
    ErrorCode failing = ErrorCode::io;
    std::vector<Reply> replies;
    std::vector<std::shared_ptr<Session>> sessions;
    std::vector<Result<HttpResponse>> answers;
    std::vector<std::string> told;
    std::optional<Error> refused;
    std::unique_ptr<Server> server;
    std::unique_ptr<Transport::Listener> listener;
};

}    // namespace filfil::rpc
