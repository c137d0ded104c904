// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "server_fixture.hpp"

namespace filfil::rpc {
namespace {

class ServerHttp : public ServerTest {};

TEST_F(ServerHttp, AnswersACall) {
    const HttpResponse out = post(R"({"jsonrpc":"2.0","id":1,"method":"Echo","params":{"a":[1,"é"]}})");
    EXPECT_EQ(out.status, 200);
    EXPECT_EQ(find_field(out.fields, "Content-Type"), "application/json");
    EXPECT_EQ(out.body, R"({"jsonrpc":"2.0","id":1,"result":{"a":[1,"é"]}})");
}

TEST_F(ServerHttp, NamesItsMethodsSorted) {
    EXPECT_EQ(server->methods(), (std::vector<std::string>{"Admin", "Echo", "Fail", "Later", "Watch"}));
}

TEST_F(ServerHttp, IdsComeBackAsTheyWere) {
    for (const std::string id : {"0", "-7", "18446744073709551615", "\"x\\n\"", "\"\"", "null", "1.5"})
        EXPECT_EQ(post(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"Echo","params":[]})").body,
                  R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":[]})");
}

TEST_F(ServerHttp, NoParamsAreAnEmptyObject) {
    for (const char* params : {"", R"(,"params":null)", R"(,"params":{})"})
        EXPECT_EQ(post(std::string(R"({"jsonrpc":"2.0","id":1,"method":"Echo")") + params + "}").body,
                  R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

TEST_F(ServerHttp, ParamsOfAnotherTypeAreWrong) {
    for (const char* params : {"7", "\"x\"", "true", "1.5"}) {
        const std::string body =
            post(std::string(R"({"jsonrpc":"2.0","id":1,"method":"Echo","params":)") + params + "}").body;
        EXPECT_EQ(code_of(body), -32602);
    }
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerHttp, NotificationsRunAndAreNotAnswered) {
    const HttpResponse out = post(R"({"jsonrpc":"2.0","method":"Echo"})");
    EXPECT_EQ(out.status, 204);
    EXPECT_EQ(out.body, "");
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(post(R"({"jsonrpc":"2.0","method":"None"})").status, 204);
    EXPECT_EQ(post(R"({"jsonrpc":"2.0","method":"Admin"})").status, 204);
    EXPECT_EQ(ran, 1);
}

TEST_F(ServerHttp, WhatIsNoJsonIsAParseErrorWithItsByte) {
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("<html>"), std::string(100'000, '['), std::string("[1,\0]", 5),
          std::string("\"\xff\""), std::string(R"({"a":1,"a":1})")}) {
        const HttpResponse out = post(text);
        EXPECT_EQ(out.status, 200);
        EXPECT_EQ(code_of(out.body), -32700);
        EXPECT_TRUE((*parse_json(out.body))["id"].is_null());
        EXPECT_NE(out.body.find("byte "), std::string::npos);
    }
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerHttp, WhatIsNoRequestIsSaid) {
    for (const char* text :
         {"7", "null", "\"x\"", "{}", R"({"id":1,"method":"Echo"})", R"({"jsonrpc":2.0,"id":1,"method":"Echo"})",
          R"({"jsonrpc":"1.0","id":1,"method":"Echo"})", R"({"jsonrpc":"2.0","id":1})",
          R"({"jsonrpc":"2.0","id":1,"method":7})", R"({"jsonrpc":"2.0","id":1,"method":null})",
          R"({"jsonrpc":"2.0","id":1,"method":["Echo"]})", R"({"jsonrpc":"2.0","id":true,"method":"Echo"})",
          R"({"jsonrpc":"2.0","id":[1],"method":"Echo"})", R"({"jsonrpc":"2.0","id":{},"method":"Echo"})", "[]"})
        EXPECT_EQ(code_of(post(text).body), -32600) << text;
    EXPECT_EQ(ran, 0);
    EXPECT_EQ((*parse_json(post(R"({"jsonrpc":"2.0","id":5,"method":7})").body))["id"], 5);
    EXPECT_TRUE((*parse_json(post(R"({"jsonrpc":"2.0","id":true,"method":"Echo"})").body))["id"].is_null());
}

TEST_F(ServerHttp, AMethodThatIsNotThereIsNamed) {
    const std::string body = post(R"({"jsonrpc":"2.0","id":1,"method":"None\u001b"})").body;
    EXPECT_EQ(code_of(body), -32601);
    EXPECT_NE(body.find("'None?'"), std::string::npos);
}

TEST_F(ServerHttp, ErrorsCarryCodeMessageAndRemedy) {
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"Fail","params":[7]})";
    EXPECT_EQ(post(call).body,
              R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"it went wrong: [7]","data":)"
              R"({"code":"io","message":"it went wrong: [7]","remedy":"do otherwise"}}})");
    failing = ErrorCode::invalid_argument;
    EXPECT_EQ(code_of(post(call).body), -32602);
    failing = ErrorCode::denied;
    EXPECT_EQ(code_of(post(call).body), -32001);
    for (const ErrorCode code : {ErrorCode::not_found, ErrorCode::busy, ErrorCode::unsupported, ErrorCode::internal}) {
        failing = code;
        EXPECT_EQ(code_of(post(call).body), -32000);
    }
}

TEST_F(ServerHttp, AnswersMayComeLater) {
    ask(request(R"({"jsonrpc":"2.0","id":1,"method":"Later"})"));
    outside.run_ready();
    EXPECT_TRUE(answers.empty());
    replies.at(0)(Json("late"));
    outside.run_ready();
    EXPECT_EQ(answer().body, R"({"jsonrpc":"2.0","id":1,"result":"late"})");
}

TEST_F(ServerHttp, OnlyTheFirstReplyCounts) {
    ask(request(R"({"jsonrpc":"2.0","id":1,"method":"Later"})"));
    outside.run_ready();
    const Reply copy = replies.at(0);
    replies[0](Json("first"));
    copy(Json("second"));
    copy(Error(ErrorCode::io, "third"));
    outside.run_ready();
    EXPECT_EQ(answer().body, R"({"jsonrpc":"2.0","id":1,"result":"first"})");
}

TEST_F(ServerHttp, AReplyThatIsDroppedIsAnError) {
    ask(request(R"({"jsonrpc":"2.0","id":1,"method":"Later"})"));
    outside.run_ready();
    replies.clear();
    outside.run_ready();
    EXPECT_EQ(code_of(answer().body), -32000);
    EXPECT_NE(answer().body.find("\"internal\""), std::string::npos);
}

TEST_F(ServerHttp, AReplyThatIsDroppedBehindTheServersEndTouchesNoLoop) {
    ask(request(R"({"jsonrpc":"2.0","id":1,"method":"Later"})"));
    outside.run_ready();
    listener.reset();
    server.reset();
    outside.run_ready();
    // What a method waits for may come to its end behind the daemon's.
    replies.clear();
    EXPECT_EQ(outside.loop.clear(), 0U);
}

TEST_F(ServerHttp, OnlyPostIsTaken) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "post", ""}) {
        HttpRequest what = request(R"({"jsonrpc":"2.0","id":1,"method":"Echo"})");
        what.method = method;
        const HttpResponse out = send(what);
        EXPECT_EQ(out.status, 405) << method;
        EXPECT_EQ(find_field(out.fields, "Allow"), "POST");
    }
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerHttp, OnlyItsPathIsTaken) {
    for (const char* target : {"/", "/rpc", "/rpc/v1/", "/rpc/v2", "//rpc/v1", "/RPC/V1", "/x?/rpc/v1", ""}) {
        ask(request(R"({"jsonrpc":"2.0","id":1,"method":"Echo"})"), target);
        outside.run_ready();
        EXPECT_EQ(answer().status, 404) << target;
    }
    EXPECT_EQ(ran, 0);
    ask(request(R"({"jsonrpc":"2.0","id":1,"method":"Echo"})"), "/rpc/v1?x=y");
    outside.run_ready();
    EXPECT_EQ(answer().status, 200);
}

TEST_F(ServerHttp, OnlyJsonIsTaken) {
    const auto typed = [&](const char* type) {
        HttpRequest what = request(R"({"jsonrpc":"2.0","id":1,"method":"Echo"})");
        what.fields.emplace_back("content-type", type);
        return send(what).status;
    };
    for (const char* type :
         {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;x"})
        EXPECT_EQ(typed(type), 200) << type;
    ran = 0;
    for (const char* type :
         {"text/plain", "application/x-www-form-urlencoded", "", "application/jsonx", "multipart/form-data"})
        EXPECT_EQ(typed(type), 415) << type;
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerHttp, ItsSessionHearsNothingLater) {
    post(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    ASSERT_EQ(sessions.size(), 1U);
    EXPECT_FALSE(sessions[0]->notify("x", Json::array()));
    outside.advance(std::chrono::seconds(100));
    sessions.clear();
    EXPECT_EQ(ended, 0);
}

TEST_F(ServerHttp, DestroyedItRunsAndAnswersNothing) {
    ask(request(R"([{"jsonrpc":"2.0","id":1,"method":"Later"},{"jsonrpc":"2.0","id":2,"method":"Echo"}])"));
    outside.run_ready();
    ran = 0;
    outside.transport.request({.at = {"api", 80}, .target = "/rpc/v1"},
                              request(R"({"jsonrpc":"2.0","id":1,"method":"Echo"})"), {},
                              [this](Result<HttpResponse> response) { answers.push_back(std::move(response)); });
    outside.wires.run_ready();
    server.reset();
    replies.at(0)(Json("late"));
    replies.clear();
    outside.run_ready();
    EXPECT_EQ(ran, 0);
    for (const auto& one : answers) EXPECT_EQ(one->status, 500);
    listener.reset();
}

TEST_F(ServerHttp, AMethodMayDestroyIt) {
    listener.reset();
    server = std::make_unique<Server>(outside.world, ServerOptions{.read_token = read_token});
    server->add("Stop", {Permission::read, [this](const Json&, const auto&, const Reply& reply) {
                             ++ran;
                             server.reset();
                             reply(Json(1));
                         }});
    server->handle({.method = "POST",
                    .target = "/rpc/v1",
                    .fields = {{"Authorization", "Bearer " + read_token}},
                    .body = R"([{"jsonrpc":"2.0","id":1,"method":"Stop"},{"jsonrpc":"2.0","id":2,"method":"Stop"}])"},
                   [&](const HttpResponse&) { ++closed; });
    outside.run_ready();
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(closed, 0);
}

}    // namespace
}    // namespace filfil::rpc
