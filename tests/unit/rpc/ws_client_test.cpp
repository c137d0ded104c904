// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_node.hpp"

namespace filfil::rpc {
namespace {

using std::chrono::seconds;

class WsClient : public ClientTest {};

TEST_F(WsClient, OpensWithItsToken) {
    start({.url = ws_url, .token = "abc"});
    ASSERT_EQ(told.opened.size(), 1U);
    EXPECT_TRUE(told.opened[0].ok());
    EXPECT_EQ(node.requests.at(0).target, "/rpc/v1?token=secret");
    EXPECT_EQ(find_field(node.requests[0].fields, "Authorization"), "Bearer abc");
}

TEST_F(WsClient, WithoutATokenSendsNone) {
    start({.url = ws_url});
    EXPECT_FALSE(find_field(node.requests.at(0).fields, "Authorization").has_value());
}

TEST_F(WsClient, ANodeThatRefusesIsAnError) {
    node.refusal = HttpResponse{.status = 401};
    start({.url = ws_url});
    ASSERT_EQ(told.opened.size(), 1U);
    EXPECT_EQ(told.opened[0].error().code, ErrorCode::denied);
    call("late");
    outside.run_ready();
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::denied);
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(WsClient, CallsAreNumberedFromOneAndSaidOnTheWire) {
    start({.url = ws_url});
    call("Filecoin.ChainHead");
    call("Filecoin.ChainReadObj", Json::array({Json{{"/", "bafy"}}}));
    EXPECT_EQ(client->pending(), 2U);
    outside.run_ready();
    EXPECT_EQ(node.received.at(0), R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":[]})");
    EXPECT_EQ(node.received.at(1),
              R"({"jsonrpc":"2.0","id":2,"method":"Filecoin.ChainReadObj","params":[{"/":"bafy"}]})");
}

TEST_F(WsClient, AnswersComeInAnyOrder) {
    start({.url = ws_url});
    for (const char* name : {"a", "b", "c"}) call(name);
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":3,"result":"three"})");
    say(R"({"id":"1","result":{"x":[1]},"jsonrpc":"2.0"})");
    say(R"({"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"no such thing","data":[7]}})");
    EXPECT_EQ(told.order(), "c a b");
    EXPECT_EQ(*told.answer(0).result, "three");
    EXPECT_EQ(write_json(*told.answer(1).result), R"({"x":[1]})");
    ASSERT_TRUE(told.answer(2).error.has_value());
    EXPECT_EQ(told.answer(2).error->code, 1);
    EXPECT_EQ(told.answer(2).error->message, "no such thing");
    EXPECT_EQ(told.answer(2).error->data, Json::array({7}));
    EXPECT_FALSE(told.answer(2).result || told.answer(2).failure);
    EXPECT_EQ(client->pending(), 0U);
}

TEST_F(WsClient, AnAnswerWithoutAResultIsNull) {
    start({.url = ws_url});
    call("a");
    call("b");
    call("c");
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":1})");
    say(R"({"jsonrpc":"2.0","id":2,"result":null})");
    say(R"({"jsonrpc":"2.0","id":3,"result":null,"error":{"code":-32601,"message":"no"}})");
    EXPECT_TRUE(told.answer(0).result->is_null());
    EXPECT_TRUE(told.answer(1).result->is_null());
    EXPECT_EQ(told.answer(2).error->code, -32601);
}

TEST_F(WsClient, AnswersToNothingAreIgnored) {
    start({.url = ws_url});
    call("a");
    outside.run_ready();
    for (const char* id : {"2", "0", "\"x\"", "-1", "1.5", "18446744073709551615", "\"01x\"", "\"\"", "1e300"})
        say(std::string(R"({"jsonrpc":"2.0","id":)") + id + R"(,"result":1})");
    say(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}})");
    EXPECT_TRUE(told.answers.empty());
    EXPECT_TRUE(outside.log.has("parse", LogLevel::warning));
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    say(R"({"jsonrpc":"2.0","id":1,"result":2})");
    EXPECT_EQ(told.answers.size(), 1U);
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(WsClient, ToResultSaysWhatTheRemoteSideSaid) {
    const auto result = [](Answer answer) { return std::move(answer).to_result("M"); };
    EXPECT_EQ(*result({.result = Json(7)}), 7);
    EXPECT_EQ(result({.error = RemoteError{-32601, "method not found"}}).error().code, ErrorCode::unsupported);
    const auto internal = result({.error = RemoteError{1, "ipld: could not find bafy\x1b[2J"}});
    EXPECT_EQ(internal.error().code, ErrorCode::internal);
    EXPECT_EQ(internal.error().message, "M: ipld: could not find bafy?[2J (code 1)");
    EXPECT_EQ(result({.failure = Error(ErrorCode::io, "gone")}).error().message, "gone");
    EXPECT_EQ(result({}).error().code, ErrorCode::internal);
}

TEST_F(WsClient, MoreThanInFlightWaitInOrder) {
    start({.url = ws_url, .in_flight = 2});
    for (const char* name : {"a", "b", "c", "d"}) call(name);
    outside.run_ready();
    EXPECT_EQ(node.received.size(), 2U);
    EXPECT_EQ(client->pending(), 4U);
    say(R"({"jsonrpc":"2.0","id":2,"result":1})");
    ASSERT_EQ(node.received.size(), 3U);
    EXPECT_EQ(node.call(2)["method"], "c");
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    EXPECT_EQ(node.call(3)["method"], "d");
}

TEST_F(WsClient, AnAnswerToACallThatStillWaitsIsIgnored) {
    start({.url = ws_url, .in_flight = 1});
    for (const char* name : {"a", "b", "c"}) call(name);
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":2,"result":1})");
    EXPECT_TRUE(told.answers.empty());
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    ASSERT_EQ(node.received.size(), 2U);
    EXPECT_EQ(node.call(1)["method"], "b");
}

TEST_F(WsClient, CallsBeforeItIsOpenWait) {
    client = make_client(outside.world, {.url = ws_url});
    call("a");
    outside.run_ready();
    EXPECT_TRUE(node.received.empty());
    client->open([this](Result<void> result) { told.opened.push_back(std::move(result)); }, {});
    call("b");
    outside.run_ready();
    EXPECT_EQ(node.received.size(), 2U);
}

TEST_F(WsClient, ASilentNodeTimesOutEachCallAlone) {
    start({.url = ws_url, .call_timeout = seconds(30)});
    call("a");
    outside.advance(seconds(10));
    call("b");
    outside.advance(seconds(19));
    EXPECT_TRUE(told.answers.empty());
    outside.advance(seconds(1));
    ASSERT_EQ(told.order(), "a");
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::io);
    EXPECT_EQ(told.answer(0).failure->message, "ws://node:1234/rpc/v1?…: no answer to a within 30 s");
    say(R"({"jsonrpc":"2.0","id":2,"result":1})");
    say(R"({"jsonrpc":"2.0","id":1,"result":"late"})");
    outside.advance(seconds(100));
    EXPECT_EQ(told.order(), "a b");
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(WsClient, TheTimeoutCountsFromTheSending) {
    start({.url = ws_url, .call_timeout = seconds(30), .in_flight = 1});
    call("a");
    call("b");
    outside.advance(seconds(30));
    EXPECT_EQ(told.order(), "a");
    EXPECT_EQ(node.received.size(), 2U);
    outside.advance(seconds(29));
    EXPECT_EQ(told.order(), "a");
    outside.advance(seconds(1));
    EXPECT_EQ(told.order(), "a b");
}

TEST_F(WsClient, ALostConnectionFailsAllCallsThenSaysSo) {
    start({.url = ws_url, .in_flight = 1});
    call("a");
    call("b");
    outside.run_ready();
    outside.network.break_sockets();
    outside.run_ready();
    EXPECT_EQ(told.order(), "a b");
    EXPECT_EQ(told.answer(1).failure->code, ErrorCode::io);
    ASSERT_EQ(told.lost.size(), 1U);
    EXPECT_EQ(told.lost[0].code, ErrorCode::io);
    EXPECT_EQ(told.lost[0].message.find("secret"), std::string::npos);
    call("c");
    EXPECT_EQ(told.answers.size(), 2U);
    outside.run_ready();
    EXPECT_EQ(told.answer(2).failure->code, ErrorCode::io);
    EXPECT_EQ(told.lost.size(), 1U);
}

TEST_F(WsClient, CloseCancelsCallsAndLosesNothing) {
    start({.url = ws_url});
    call("a");
    client->close();
    EXPECT_TRUE(told.answers.empty());
    outside.run_ready();
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::cancelled);
    EXPECT_TRUE(told.lost.empty());
    EXPECT_EQ(node.closed.size(), 1U);
    call("b");
    client->close();
    outside.run_ready();
    EXPECT_EQ(told.answer(1).failure->code, ErrorCode::cancelled);
}

TEST_F(WsClient, CloseInTheMomentInWhichItBreaksIsAClose) {
    start({.url = ws_url});
    call("a");
    outside.run_ready();
    outside.network.break_sockets();
    outside.wires.run_ready();
    client->close();
    outside.run_ready();
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::cancelled);
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(WsClient, CloseWhileOpeningIsToldAsCancelled) {
    client = make_client(outside.world, {.url = ws_url});
    client->open([this](Result<void> result) { told.opened.push_back(std::move(result)); }, {});
    client->close();
    outside.run_ready();
    ASSERT_EQ(told.opened.size(), 1U);
    EXPECT_EQ(told.opened[0].error().code, ErrorCode::cancelled);
    EXPECT_EQ(outside.network.open_sockets(), 0U);
}

TEST_F(WsClient, OpeningTwiceIsRefused) {
    start({.url = ws_url});
    client->open([this](Result<void> result) { told.opened.push_back(std::move(result)); }, {});
    outside.run_ready();
    EXPECT_EQ(told.opened.at(1).error().code, ErrorCode::busy);
}

TEST_F(WsClient, DestroyedItCallsNobodyAndClosesTheConnection) {
    start({.url = ws_url});
    call("a");
    open_channel("ch");
    outside.run_ready();
    node.socket->send(R"({"jsonrpc":"2.0","id":1,"result":1})");
    client.reset();
    outside.advance(seconds(100));
    EXPECT_TRUE(told.answers.empty());
    EXPECT_TRUE(told.lost.empty());
    EXPECT_EQ(told.values, "");
    EXPECT_EQ(node.closed.size(), 1U);
}

TEST_F(WsClient, DestroyedWhileOpeningItClosesWhatComes) {
    client = make_client(outside.world, {.url = ws_url});
    client->open([this](Result<void> result) { told.opened.push_back(std::move(result)); }, {});
    client.reset();
    outside.run_ready();
    EXPECT_TRUE(told.opened.empty());
    EXPECT_EQ(outside.network.open_sockets(), 0U);
}

TEST_F(WsClient, AnyHandlerMayDestroyIt) {
    const auto destroy = [this](const auto&...) { client.reset(); };
    const auto open = [&](std::function<void(Result<void>)> opened, std::function<void(Error)> lost) {
        client = make_client(outside.world, {.url = ws_url});
        client->open(std::move(opened), std::move(lost));
    };
    open(destroy, {});
    call("a");
    outside.run_ready();
    EXPECT_EQ(client, nullptr);

    open({}, {});
    client->call("a", Json::array(), destroy);
    call("b");
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    EXPECT_EQ(client, nullptr);

    open({}, destroy);
    client->call("a", Json::array(), destroy);
    call("b");
    outside.run_ready();
    outside.network.break_sockets();
    outside.run_ready();
    EXPECT_EQ(client, nullptr);

    open({}, {});
    client->on_notification(destroy);
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","method":"x","params":[]})");
    EXPECT_EQ(client, nullptr);

    open({}, {});
    client->call("a", Json::array(), destroy);
    call("b");
    outside.advance(seconds(31));
    EXPECT_EQ(client, nullptr);
    EXPECT_TRUE(told.answers.empty());
}

TEST_F(WsClient, AHandlerMayCallAgain) {
    start({.url = ws_url, .in_flight = 1});
    client->call("a", Json::array(), [this](const Answer&) { call("b"); });
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    EXPECT_EQ(node.call(1)["method"], "b");
    say(R"({"jsonrpc":"2.0","id":2,"result":1})");
    EXPECT_EQ(told.order(), "b");
}

TEST_F(WsClient, MissingHandlersAreNoDefect) {
    start({.url = ws_url});
    client->call("a", Json::array(), {});
    client->open_channel("c", Json::array(), {}, {});
    client->on_notification({});
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    say(R"({"jsonrpc":"2.0","id":2,"result":1})");
    say(R"({"jsonrpc":"2.0","method":"xrpc.ch.val","params":[1,1]})");
    say(R"({"jsonrpc":"2.0","method":"xrpc.ch.close","params":[1]})");
    say(R"({"jsonrpc":"2.0","method":"other"})");
    EXPECT_EQ(client->pending(), 0U);
}

TEST_F(WsClient, OtherNotificationsAreToldWithTheirParams) {
    start({.url = ws_url});
    say(R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{}}})");
    say(R"({"jsonrpc":"2.0","id":9,"method":"call.back","params":[1]})");
    say(R"({"jsonrpc":"2.0","method":"bare"})");
    EXPECT_EQ(told.notifications, (std::vector<std::string>{R"(eth_subscription {"subscription":"0x1","result":{}})",
                                                            "call.back [1]", "bare null"}));
}

TEST_F(WsClient, AMessageAboveTheLimitEndsIt) {
    ClientConfig config{.url = ws_url};
    config.transport.body_limit = 1000;
    start(config);
    call("a");
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":1,"result":")" + std::string(1000, 'x') + "\"}");
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::too_large);
    EXPECT_EQ(told.lost.at(0).code, ErrorCode::too_large);
}

}    // namespace
}    // namespace filfil::rpc
