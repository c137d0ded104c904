// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_node.hpp"

namespace filfil::rpc {
namespace {

using std::chrono::seconds;

class HttpClient : public ClientTest {
protected:
    void respond(std::size_t i, HttpResponse response) {
        node.responds.at(i)(std::move(response));
        outside.run_ready();
    }
    void respond(std::size_t i, const std::string& body) { respond(i, HttpResponse{.body = body}); }
};

TEST_F(HttpClient, PostsEachCall) {
    start({.url = http_url, .token = "abc"});
    ASSERT_EQ(told.opened.size(), 1U);
    EXPECT_TRUE(told.opened[0].ok());
    call("a", Json::array({1}));
    call("b");
    outside.run_ready();
    ASSERT_EQ(node.requests.size(), 2U);
    EXPECT_EQ(node.requests[0].method, "POST");
    EXPECT_EQ(node.requests[0].target, "/rpc/v1");
    EXPECT_EQ(node.requests[0].body, R"({"jsonrpc":"2.0","id":1,"method":"a","params":[1]})");
    EXPECT_EQ(find_field(node.requests[0].fields, "Authorization"), "Bearer abc");
    EXPECT_EQ(find_field(node.requests[0].fields, "Content-Type"), "application/json");
    respond(1, R"({"jsonrpc":"2.0","id":2,"result":"B"})");
    respond(0, R"({"jsonrpc":"2.0","id":"1","result":"A"})");
    EXPECT_EQ(told.order(), "b a");
    EXPECT_EQ(*told.answer(1).result, "A");
    EXPECT_EQ(client->pending(), 0U);
}

TEST_F(HttpClient, NoMoreThanInFlightRequestsAtOnce) {
    start({.url = http_url, .in_flight = 2});
    for (const char* name : {"a", "b", "c"}) call(name);
    outside.run_ready();
    EXPECT_EQ(node.requests.size(), 2U);
    EXPECT_EQ(client->pending(), 3U);
    respond(0, R"({"id":1,"result":1})");
    EXPECT_EQ(node.requests.size(), 3U);
}

TEST_F(HttpClient, BatchesWhatWaitsAndMatchesByIds) {
    start({.url = http_url, .batch = 3});
    for (const char* name : {"a", "b", "c", "d"}) call(name);
    outside.run_ready();
    ASSERT_EQ(node.requests.size(), 2U);
    EXPECT_EQ(parse_json(node.requests[0].body)->size(), 3U);
    EXPECT_TRUE(parse_json(node.requests[0].body)->is_array());
    EXPECT_TRUE(parse_json(node.requests[1].body)->is_object());
    respond(0, R"([{"id":3,"result":"C"},{"id":1,"error":{"code":1,"message":"x"}},{"id":"2","result":"B"}])");
    EXPECT_EQ(told.order(), "c a b");
    EXPECT_EQ(told.answer(1).error->message, "x");
    EXPECT_EQ(*told.answer(2).result, "B");
}

TEST_F(HttpClient, AnAnswerThatIsMissingFailsThatCall) {
    start({.url = http_url, .batch = 3});
    for (const char* name : {"a", "b", "c"}) call(name);
    outside.run_ready();
    // One answer is twice there, one is of another call, one is of none.
    respond(
        0,
        R"([{"id":3,"result":1},{"id":3,"result":2},{"id":7,"result":1},{"id":"x","result":1},{"id":1,"result":1}])");
    EXPECT_EQ(told.order(), "c a b");
    EXPECT_EQ(*told.answer(0).result, 1);
    EXPECT_EQ(told.answer(2).failure->code, ErrorCode::corrupt);
    EXPECT_EQ(told.answer(2).failure->message, "http://node:1234/rpc/v1: the answer to b is missing");
}

TEST_F(HttpClient, AnAnswerIsOnlyTakenFromItsOwnRequest) {
    start({.url = http_url});
    call("a");
    call("b");
    outside.run_ready();
    respond(0, R"({"id":2,"result":"stolen"})");
    EXPECT_EQ(told.order(), "a");
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::corrupt);
    respond(1, R"({"id":2,"result":"own"})");
    EXPECT_EQ(*told.answer(1).result, "own");
}

TEST_F(HttpClient, OneErrorForAWholeBatchIsEachCalls) {
    start({.url = http_url, .batch = 3});
    call("a");
    call("b");
    outside.run_ready();
    respond(0, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}})");
    EXPECT_EQ(told.answer(0).error->code, -32600);
    EXPECT_EQ(told.answer(1).error->code, -32600);
}

TEST_F(HttpClient, A500WithAnErrorOfJsonRpcIsThatError) {
    start({.url = http_url});
    call("a");
    outside.run_ready();
    respond(0, {.status = 500,
                .body = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"method 'a' not found"}})"});
    ASSERT_TRUE(told.answer(0).error.has_value());
    EXPECT_EQ(told.answer(0).error->code, -32601);
}

TEST_F(HttpClient, AWrongTokenIsDeniedWithARemedy) {
    start({.url = http_url});
    for (std::size_t i = 0; i < 2; ++i) {
        call("a");
        outside.run_ready();
        respond(i, {.status = i == 0 ? 401 : 403,
                    .body = R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"missing permission"}})"});
        EXPECT_EQ(told.answer(i).failure->code, ErrorCode::denied);
        EXPECT_NE(told.answer(i).failure->remedy.find("--node-token-file"), std::string::npos);
        EXPECT_NE(told.answer(i).failure->message.find("missing permission"), std::string::npos);
    }
}

TEST_F(HttpClient, OtherStatusesAreNamedWithWhatCame) {
    struct Case {
        int status;
        ErrorCode code;
    };
    start({.url = http_url});
    std::size_t i = 0;
    for (const Case& one : {Case{200, ErrorCode::corrupt}, Case{204, ErrorCode::corrupt}, Case{301, ErrorCode::corrupt},
                            Case{404, ErrorCode::corrupt}, Case{429, ErrorCode::io}, Case{500, ErrorCode::io},
                            Case{502, ErrorCode::io}}) {
        call("a");
        outside.run_ready();
        respond(i, {.status = one.status, .body = "<html>\n" + std::string(100, 'x')});
        const Error& why = *told.answer(i++).failure;
        EXPECT_EQ(why.code, one.code) << one.status;
        EXPECT_NE(why.message.find("HTTP " + std::to_string(one.status)), std::string::npos) << why.message;
        EXPECT_NE(why.message.find("<html>?xxx"), std::string::npos) << why.message;
        EXPECT_EQ(why.message.find('\n'), std::string::npos);
    }
}

TEST_F(HttpClient, WrongShapesAreCorrupt) {
    start({.url = http_url});
    std::size_t i = 0;
    for (const char* body :
         {"", "7", "{}", "[]", "[7]", R"([{"id":1}, 7])", R"({"method":"x"})", R"({"id":null,"result":1})",
          R"({"id":true,"result":1})", "{\"id\":1,\"result\":\"\xff\"}"}) {
        call("a");
        outside.run_ready();
        respond(i, body);
        ASSERT_TRUE(told.answer(i).failure.has_value()) << body;
        EXPECT_EQ(told.answer(i++).failure->code, ErrorCode::corrupt) << body;
    }
}

TEST_F(HttpClient, ANodeThatIsSilentOrGoneIsAnIoError) {
    start({.url = http_url, .call_timeout = seconds(5)});
    call("a");
    outside.advance(seconds(4));
    EXPECT_TRUE(told.answers.empty());
    outside.advance(seconds(2));
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::io);
    outside.network.set_hook([](const Delivery&) { return Fate{.close = true}; });
    call("b");
    outside.run_ready();
    EXPECT_EQ(told.answer(1).failure->code, ErrorCode::io);
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(HttpClient, ChannelsAreUnsupported) {
    start({.url = http_url});
    client->cancel_channel(open_channel("Filecoin.ChainNotify"));
    EXPECT_TRUE(told.answers.empty());
    outside.run_ready();
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::unsupported);
    EXPECT_EQ(told.values, "");
    EXPECT_TRUE(node.requests.empty());
}

TEST_F(HttpClient, CloseCancelsCalls) {
    start({.url = http_url, .in_flight = 1});
    call("a");
    call("b");
    outside.run_ready();
    client->close();
    call("c");
    EXPECT_TRUE(told.answers.empty());
    outside.run_ready();
    EXPECT_EQ(told.order(), "a b c");
    for (const auto& [name, answer] : told.answers) EXPECT_EQ(answer.failure->code, ErrorCode::cancelled);
    respond(0, R"({"id":1,"result":1})");
    EXPECT_EQ(told.answers.size(), 3U);
    EXPECT_EQ(node.requests.size(), 1U);
}

TEST_F(HttpClient, DestroyedItCallsNobody) {
    start({.url = http_url, .batch = 2});
    client->call("a", Json::array(), [this](const Answer&) { client.reset(); });
    call("b");
    outside.run_ready();
    respond(0, R"([{"id":1,"result":1},{"id":2,"result":1}])");
    EXPECT_EQ(client, nullptr);
    start({.url = http_url});
    call("c");
    outside.run_ready();
    client.reset();
    respond(1, R"({"id":1,"result":1})");
    outside.advance(seconds(100));
    EXPECT_TRUE(told.answers.empty());
}

}    // namespace
}    // namespace filfil::rpc
