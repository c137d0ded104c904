// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "server_fixture.hpp"

namespace filfil::rpc {
namespace {

class ServerToken : public ServerTest {
protected:
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"Echo"})";
    const std::string admin_call = R"({"jsonrpc":"2.0","id":1,"method":"Admin"})";

    int status_with(HttpFields fields, const std::string& body) {
        return send({.method = "POST", .fields = std::move(fields), .body = body}).status;
    }
};

TEST_F(ServerToken, NothingIsAnsweredWithoutOneWhateverIsAsked) {
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "x"})
        for (const char* target : {"/", "/rpc/v1", "/rpc/v2", "/healthz", "/rpc/v1?token=read-0123456789", "*", ""})
            for (const char* body : {"", "{", R"({"jsonrpc":"2.0","id":1,"method":"Echo"})", "[]"}) {
                ask({.method = method, .body = body}, target);
                outside.run_ready();
                EXPECT_EQ(answer().status, 401) << method << " " << target;
                EXPECT_EQ(find_field(answer().fields, "WWW-Authenticate"), "Bearer");
                if (std::string_view(method) != "HEAD") EXPECT_EQ(code_of(answer().body), -32001);
                EXPECT_EQ(answer().body.find("Echo"), std::string::npos);
            }
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerToken, WrongOnesAreNone) {
    for (const std::string& token :
         {std::string(), std::string("x"), read_token + "x", read_token.substr(0, read_token.size() - 1),
          "X" + read_token, std::string("READ-0123456789"), read_token + read_token, read_token + " " + read_token,
          "\"" + read_token + "\"", std::string("Bearer ") + read_token, std::string(100'000, 'x')})
        EXPECT_EQ(status_with({{"Authorization", "Bearer " + token}}, call), 401) << token.substr(0, 50);
    for (const std::string& field : {read_token, "Basic " + read_token, "Bearer" + read_token, std::string("Bearer"),
                                     std::string(), "Token " + read_token, "Bearer\t" + read_token})
        EXPECT_EQ(status_with({{"Authorization", field}}, call), 401) << field;
    EXPECT_EQ(status_with({{"X-Authorization", "Bearer " + read_token}}, call), 401);
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerToken, TheReadTokenReads) {
    EXPECT_EQ(status_with({{"authorization", "bearer  " + read_token}}, call), 200);
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(status_with({{"Authorization", "Bearer " + read_token}}, admin_call), 200);
    EXPECT_EQ(code_of(answer().body), -32001);
    EXPECT_EQ(ran, 1);
}

TEST_F(ServerToken, TheAdminTokenDoesBoth) {
    EXPECT_EQ(status_with({{"Authorization", "Bearer " + admin_token}}, call), 200);
    EXPECT_EQ(status_with({{"Authorization", "Bearer " + admin_token}}, admin_call), 200);
    EXPECT_EQ(code_of(answer().body), 0);
    EXPECT_EQ(ran, 2);
}

TEST_F(ServerToken, AnEmptyTokenLetsNobodyIn) {
    listener.reset();
    server = std::make_unique<Server>(outside.world, ServerOptions{});
    server->add("Echo", {Permission::none, [this](const Json& params, const auto&, const Reply& reply) {
                             ++ran;
                             reply(params);
                         }});
    listener = std::move(*outside.transport.listen({.at = {"api", 80}}, *server));
    for (const char* field : {"", "Bearer ", "Bearer", "Bearer  "})
        EXPECT_EQ(status_with({{"Authorization", field}}, call), 401);
    EXPECT_EQ(status_with({}, call), 401);
    EXPECT_EQ(connect("/rpc/v1?token="), nullptr);
    EXPECT_EQ(connect("/rpc/v1"), nullptr);
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerToken, SocketsTakeItInTheirUrlOrAField) {
    for (const char* target : {"/rpc/v1?token=read-0123456789", "/rpc/v1?x=y&token=read-0123456789&z"})
        EXPECT_NE(connect(target), nullptr) << target;
    EXPECT_NE(connect("/rpc/v1", {{"Authorization", "Bearer " + read_token}}), nullptr);
}

TEST_F(ServerToken, SocketsWithoutARightOneAreRefusedAtEveryPath) {
    for (const std::string target :
         {"/rpc/v1", "/", "/rpc/v1?token=", "/rpc/v1?token=x", "/rpc/v1?token=read-0123456789x",
          "/rpc/v1?Token=read-0123456789", "/rpc/v1?xtoken=read-0123456789", "/rpc/v1#token=read-0123456789",
          "/rpc/v1?token=x&token=read-0123456789", "/rpc/v2", "/token=read-0123456789", "?", "?&&=&token"}) {
        EXPECT_EQ(connect(target), nullptr) << target;
        ASSERT_TRUE(refused.has_value());
        EXPECT_EQ(refused->code, ErrorCode::denied);
    }
    EXPECT_EQ(connect("/rpc/v1?token=" + read_token, {{"Authorization", "Bearer x"}}), nullptr);
}

TEST_F(ServerToken, ASocketHasThePermissionOfItsToken) {
    auto socket = connect();
    socket->send(admin_call);
    outside.run_ready();
    EXPECT_EQ(code_of(told.at(0)), -32001);
    socket = connect("/rpc/v1?token=" + admin_token);
    socket->send(admin_call);
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    outside.run_ready();
    EXPECT_EQ(told.at(1), R"({"jsonrpc":"2.0","id":1,"result":"done"})");
    EXPECT_EQ(sessions.at(0)->permission(), Permission::admin);
}

TEST_F(ServerToken, BrowsersComeFromTheNamedOriginsOnly) {
    const auto from = [&](const char* origin) {
        return status_with({{"Authorization", "Bearer " + read_token}, {"Origin", origin}}, call);
    };
    EXPECT_EQ(from("http://evil.example"), 403);
    EXPECT_EQ(from("null"), 403);
    EXPECT_EQ(from(""), 403);
    EXPECT_EQ(connect("/rpc/v1?token=" + read_token, {{"origin", "http://evil.example"}}), nullptr);
    EXPECT_EQ(refused->code, ErrorCode::denied);
    start({.origins = {"http://127.0.0.1:8080"}});
    EXPECT_EQ(from("http://127.0.0.1:8080"), 200);
    EXPECT_EQ(from("http://127.0.0.1:80801"), 403);
    EXPECT_NE(connect("/rpc/v1?token=" + read_token, {{"Origin", "http://127.0.0.1:8080"}}), nullptr);
    EXPECT_EQ(send({.method = "POST", .fields = {{"Origin", "http://127.0.0.1:8080"}}, .body = call}).status, 401);
}

}    // namespace
}    // namespace filfil::rpc
