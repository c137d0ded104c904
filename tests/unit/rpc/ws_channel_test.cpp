// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_node.hpp"

namespace filfil::rpc {
namespace {

using std::chrono::seconds;

class WsChannel : public ClientTest {
protected:
    WsChannel() { start({.url = ws_url}); }

    void answer(std::uint64_t id, const std::string& result) {
        say(R"({"jsonrpc":"2.0","result":)" + result + R"(,"id":)" + std::to_string(id) + "}");
    }
    void value(int channel, const std::string& text) {
        say(R"({"jsonrpc":"2.0","method":"xrpc.ch.val","params":[)" + std::to_string(channel) + "," + text + "]}");
    }
    void close(int channel) {
        say(R"({"jsonrpc":"2.0","method":"xrpc.ch.close","params":[)" + std::to_string(channel) + "]}");
    }
};

TEST_F(WsChannel, GivesItsValuesInOrderThenItsClose) {
    for (const int number : {0, 1, 77}) {
        told = {};
        const std::uint64_t id = open_channel("Filecoin.ChainNotify");
        outside.run_ready();
        answer(id, std::to_string(number));
        ASSERT_EQ(told.answers.size(), 1U);
        EXPECT_EQ(*told.answer(0).result, number);
        value(number, "\"a\"");
        value(number, "[{}]");
        value(number, "null");
        close(number);
        value(number, "\"after\"");
        close(number);
        EXPECT_EQ(told.values, "\"a\" [{}] null closed");
        EXPECT_EQ(closed_by, ErrorCode::io);
    }
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(WsChannel, TwoAtATimeAreTold) {
    const std::uint64_t first = open_channel("a");
    std::string others;
    const std::uint64_t second = client->open_channel(
        "b", Json::array(), {}, {.on_value = [&](const Json& v) { others += write_json(v); }, .on_closed = {}});
    outside.run_ready();
    answer(second, "1");
    answer(first, "2");
    value(1, "10");
    value(2, "20");
    EXPECT_EQ(others, "10");
    EXPECT_EQ(told.values, "20 ");
}

TEST_F(WsChannel, AnErrorOpensNone) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","error":{"code":1,"message":"no"},"id":)" + std::to_string(id) + "}");
    value(1, "1");
    EXPECT_EQ(told.answer(0).error->code, 1);
    EXPECT_EQ(told.values, "");
    EXPECT_EQ(client->pending(), 0U);
}

TEST_F(WsChannel, AResultThatIsNoNumberIsCorruptAndCancelled) {
    for (const char* result : {"\"1\"", "-1", "1.5", "null", "[1]", "{}", "true"}) {
        told = {};
        const std::uint64_t id = open_channel("a");
        outside.run_ready();
        answer(id, result);
        EXPECT_EQ(told.answer(0).failure->code, ErrorCode::corrupt);
        EXPECT_EQ(node.received.back(),
                  R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[)" + std::to_string(id) + "]}");
    }
    EXPECT_TRUE(told.lost.empty());
}

TEST_F(WsChannel, ANumberThatIsTakenIsCorrupt) {
    const std::uint64_t first = open_channel("a");
    const std::uint64_t second = open_channel("b");
    outside.run_ready();
    answer(first, "1");
    answer(second, "1");
    EXPECT_EQ(told.answer(1).failure->code, ErrorCode::corrupt);
    value(1, "7");
    EXPECT_EQ(told.values, "7 ");
}

TEST_F(WsChannel, CancelSendsTheRequestIdAndTellsNothingMore) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    answer(id, "5");
    value(5, "1");
    client->cancel_channel(id);
    outside.run_ready();
    EXPECT_EQ(node.received.back(), R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1]})");
    value(5, "2");
    close(5);
    client->cancel_channel(id);
    client->cancel_channel(12345);
    outside.run_ready();
    EXPECT_EQ(node.received.size(), 2U);
    EXPECT_EQ(told.values, "1 ");
}

TEST_F(WsChannel, ForestsCloseAfterACancelIsNoAnswer) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    answer(id, "0");
    client->cancel_channel(id);
    call("b");
    outside.run_ready();
    say(R"({"jsonrpc":"2.0","id":null,"result":{"jsonrpc":"2.0","method":"xrpc.ch.close","params":[0]}})");
    EXPECT_TRUE(told.lost.empty());
    EXPECT_EQ(client->pending(), 1U);
    // The same for one that is open.
    const std::uint64_t again = open_channel("c");
    outside.run_ready();
    answer(again, "0");
    say(R"({"id":null,"result":{"jsonrpc":"2.0","method":"xrpc.ch.close","params":[0]}})");
    EXPECT_EQ(told.values, "closed");
}

TEST_F(WsChannel, CancelBeforeTheAnswerTellsNothing) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    client->cancel_channel(id);
    outside.run_ready();
    EXPECT_EQ(node.call(1)["method"], "xrpc.cancel");
    answer(id, "1");
    value(1, "1");
    close(1);
    EXPECT_TRUE(told.answers.empty());
    EXPECT_EQ(told.values, "");
    EXPECT_EQ(client->pending(), 0U);
}

TEST_F(WsChannel, CancelBeforeTheSendingSendsNothing) {
    client.reset();
    start({.url = ws_url, .in_flight = 1});
    call("first");
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    node.received.clear();
    client->cancel_channel(id);
    call("next");
    say(R"({"jsonrpc":"2.0","id":1,"result":1})");
    ASSERT_EQ(node.received.size(), 1U);
    EXPECT_EQ(node.call(0)["method"], "next");
}

TEST_F(WsChannel, ACancelledCallMakesRoomForTheNext) {
    client.reset();
    start({.url = ws_url, .in_flight = 1});
    const std::uint64_t id = open_channel("a");
    call("next");
    outside.run_ready();
    client->cancel_channel(id);
    outside.run_ready();
    EXPECT_EQ(node.call(node.received.size() - 1)["method"], "next");
}

TEST_F(WsChannel, ATimeoutCancelsWhatMayStillOpen) {
    const std::uint64_t id = open_channel("a");
    outside.advance(seconds(31));
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::io);
    EXPECT_EQ(node.received.back(), R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1]})");
    answer(id, "1");
    value(1, "1");
    EXPECT_EQ(told.values, "");
}

TEST_F(WsChannel, AValueBeforeItsAnswerIsKept) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    value(3, "1");
    value(4, "99");
    value(3, "2");
    close(3);
    EXPECT_EQ(told.values, "");
    answer(id, "3");
    EXPECT_EQ(told.values, "1 2 closed");
}

TEST_F(WsChannel, NoMoreThanSixteenAreKept) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    for (int i = 0; i < 100; ++i) value(3, "1");
    answer(id, "3");
    EXPECT_EQ(told.values.size(), 32U);
}

TEST_F(WsChannel, ItsHandlersMayCancelCloseOrDestroy) {
    std::string seen;
    std::uint64_t id = client->open_channel("a", Json::array(), [&](const Answer&) { client->cancel_channel(id); },
                                            {.on_value = [&](const Json&) { seen += "value"; }, .on_closed = {}});
    outside.run_ready();
    value(1, "1");
    answer(id, "1");
    value(1, "1");
    EXPECT_EQ(seen, "");

    id = client->open_channel("a", Json::array(), {},
                              {.on_value =
                                   [&](const Json& v) {
                                       seen += write_json(v);
                                       client->cancel_channel(id);
                                   },
                               .on_closed = {}});
    outside.run_ready();
    value(2, "1");
    value(2, "2");
    answer(id, "2");
    EXPECT_EQ(seen, "1");

    id = client->open_channel("a", Json::array(), {},
                              {.on_value = [&](const Json&) { client.reset(); }, .on_closed = {}});
    outside.run_ready();
    answer(id, "3");
    value(3, "1");
    EXPECT_EQ(client, nullptr);
}

TEST_F(WsChannel, ALostConnectionClosesAllChannels) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    answer(id, "1");
    node.socket->close();
    outside.run_ready();
    EXPECT_EQ(told.values, "closed");
    EXPECT_EQ(closed_by, ErrorCode::io);
    EXPECT_EQ(told.lost.size(), 1U);
}

TEST_F(WsChannel, CloseOfTheClientClosesThem) {
    const std::uint64_t id = open_channel("a");
    outside.run_ready();
    answer(id, "1");
    client->close();
    EXPECT_EQ(told.values, "");
    outside.run_ready();
    EXPECT_EQ(told.values, "closed");
    EXPECT_EQ(closed_by, ErrorCode::cancelled);
}

TEST_F(WsChannel, NotificationsOfAWrongShapeEndTheConnection) {
    for (const char* params : {"[]", "[1]", "[1,2,3]", "{\"a\":1}", "null", "[\"1\",2]", "[-1,2]", "[1.5,2]", "7"}) {
        client.reset();
        told = {};
        start({.url = ws_url});
        say(std::string(R"({"jsonrpc":"2.0","method":"xrpc.ch.val","params":)") + params + "}");
        ASSERT_EQ(told.lost.size(), 1U) << params;
        EXPECT_EQ(told.lost[0].code, ErrorCode::corrupt);
    }
    client.reset();
    told = {};
    start({.url = ws_url});
    say(R"({"jsonrpc":"2.0","method":"xrpc.ch.close","params":[1,2]})");
    EXPECT_EQ(told.lost.at(0).code, ErrorCode::corrupt);
}

}    // namespace
}    // namespace filfil::rpc
