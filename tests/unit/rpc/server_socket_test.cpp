// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "server_fixture.hpp"

namespace filfil::rpc {
namespace {

using std::chrono::seconds;

class ServerSocket : public ServerTest {};

TEST_F(ServerSocket, AnswersCallsInTheOrderInWhichTheyEnd) {
    const auto socket = connect();
    ASSERT_NE(socket, nullptr);
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Later"})");
    socket->send(R"({"jsonrpc":"2.0","id":"two","method":"Echo","params":[2]})");
    outside.run_ready();
    replies.at(0)(Json(1));
    outside.run_ready();
    EXPECT_EQ(told, (std::vector<std::string>{R"({"jsonrpc":"2.0","id":"two","result":[2]})",
                                              R"({"jsonrpc":"2.0","id":1,"result":1})"}));
}

TEST_F(ServerSocket, WrongMessagesAreAnsweredAndEndNothing) {
    const auto socket = connect();
    const std::vector<std::pair<std::string, int>> cases = {
        {"", -32700},
        {"{", -32700},
        {std::string(100'000, '['), -32700},
        {"\"\xff\"", -32700},
        {std::string("{\"a\0\":1}", 8), -32700},
        {"7", -32600},
        {"{}", -32600},
        {R"({"jsonrpc":"2.0","id":1,"method":"None"})", -32601},
        {R"({"jsonrpc":"2.0","id":1,"method":"Echo","params":7})", -32602},
        {R"({"jsonrpc":"2.0","id":1,"method":"Admin"})", -32001},
    };
    for (const auto& [text, code] : cases) {
        told.clear();
        socket->send(text);
        outside.run_ready();
        ASSERT_EQ(told.size(), 1U) << text;
        EXPECT_EQ(code_of(told[0]), code) << text;
    }
    EXPECT_EQ(ran, 0);
    EXPECT_EQ(closed, 0);
}

TEST_F(ServerSocket, SessionsAreTold) {
    const auto socket = connect();
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    outside.run_ready();
    EXPECT_TRUE(sessions.at(0)->notify("FilFil.Event", Json{{"n", 1}}));
    outside.run_ready();
    EXPECT_EQ(told.at(1), R"({"jsonrpc":"2.0","method":"FilFil.Event","params":{"n":1}})");
}

TEST_F(ServerSocket, EndOfTheConnectionIsToldOnce) {
    auto socket = connect();
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    outside.run_ready();
    socket.reset();
    outside.run_ready();
    EXPECT_EQ(ended, 1);
    EXPECT_FALSE(sessions.at(0)->notify("x", Json::array()));
    sessions[0]->on_end([this] { ended += 10; });
    EXPECT_EQ(ended, 1);
    outside.run_ready();
    EXPECT_EQ(ended, 11);
    outside.advance(seconds(100));
    EXPECT_EQ(ended, 11);
}

TEST_F(ServerSocket, AnAnswerToWhoIsGoneIsDropped) {
    auto socket = connect();
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Later"})");
    outside.run_ready();
    socket.reset();
    outside.run_ready();
    replies.at(0)(Json(1));
    outside.run_ready();
    EXPECT_TRUE(told.empty());
}

TEST_F(ServerSocket, APeerThatDoesNotReadIsEnded) {
    start({.queue_limit = 1000});
    const auto slow = connect();
    const auto other = connect();
    slow->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    outside.run_ready();
    other->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    outside.run_ready();
    told.clear();
    outside.network.set_hook([](const Delivery& delivery) {
        return Fate{.delay = !delivery.to_server && delivery.connection == 1 ? seconds(1000) : seconds(0)};
    });
    int sent = 0;
    while (sent < 1000 && sessions.at(0)->notify("x", Json::array({std::string(100, 'x')}))) {
        EXPECT_TRUE(sessions.at(1)->notify("x", Json::array({sent})));
        ++sent;
        outside.run_ready();
    }
    EXPECT_GE(sent, 5);
    EXPECT_LE(sent, 10);
    EXPECT_EQ(ended, 0);
    outside.run_ready();
    EXPECT_EQ(ended, 1);
    EXPECT_FALSE(sessions[0]->notify("x", Json::array()));
    EXPECT_TRUE(sessions[1]->notify("x", Json::array()));
    EXPECT_EQ(told.size(), static_cast<std::size_t>(sent));
}

TEST_F(ServerSocket, AnswersCountAgainstTheSameLimit) {
    start({.queue_limit = 1000});
    const auto slow = connect();
    slow->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    outside.run_ready();
    outside.network.set_hook(
        [](const Delivery& delivery) { return Fate{.delay = delivery.to_server ? seconds(0) : seconds(1000)}; });
    for (int i = 0; i < 100; ++i) {
        slow->send(R"({"jsonrpc":"2.0","id":1,"method":"Echo","params":[")" + std::string(100, 'x') + "\"]}");
        outside.run_ready();
    }
    EXPECT_EQ(ended, 1);
    EXPECT_LT(ran, 20);
}

TEST_F(ServerSocket, AMessageAboveTheTransportsLimitEndsIt) {
    const auto socket = connect();
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    socket->send(std::string(9 << 20, ' '));
    outside.run_ready();
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(closed, 1);
}

TEST_F(ServerSocket, DestroyedItEndsConnectionsAndCallsNobody) {
    const auto socket = connect();
    socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Watch"})");
    socket->send(R"({"jsonrpc":"2.0","id":2,"method":"Later"})");
    outside.run_ready();
    told.clear();
    socket->send(R"({"jsonrpc":"2.0","id":3,"method":"Echo"})");
    outside.wires.run_ready();
    ran = 0;
    listener.reset();
    server.reset();
    replies.at(0)(Json(1));
    EXPECT_FALSE(sessions.at(0)->notify("x", Json::array()));
    sessions[0]->on_end([this] { ++ended; });
    outside.advance(seconds(100));
    EXPECT_EQ(ran, 0);
    EXPECT_EQ(ended, 0);
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(closed, 1);
}

TEST_F(ServerSocket, ADroppedReplyIsAnErrorOnTheSocket) {
    const auto socket = connect();
    socket->send(R"({"jsonrpc":"2.0","id":2,"method":"Later"})");
    outside.run_ready();
    replies.clear();
    outside.run_ready();
    EXPECT_EQ(code_of(told.at(0)), -32000);
}

TEST_F(ServerSocket, AnotherPathIsRefused) {
    EXPECT_EQ(connect("/rpc/v2?token=" + read_token), nullptr);
    EXPECT_NE(refused->message.find("404"), std::string::npos);
}

}    // namespace
}    // namespace filfil::rpc
