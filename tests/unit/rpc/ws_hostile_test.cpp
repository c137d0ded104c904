// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_node.hpp"

namespace filfil::rpc {
namespace {

class HostileNode : public ClientTest {
protected:
    /// What ends a connection over which `text` comes.
    std::optional<Error> end_by(const std::string& text) {
        client.reset();
        told = {};
        start({.url = ws_url});
        call("a");
        outside.run_ready();
        say(text);
        if (told.lost.empty()) return std::nullopt;
        EXPECT_EQ(told.answers.size(), 1U);
        EXPECT_EQ(told.answer(0).failure->code, told.lost[0].code);
        EXPECT_EQ(outside.network.open_sockets(), 0U);
        return told.lost[0];
    }
};

TEST_F(HostileNode, WhatIsNoJsonEndsTheConnectionAndIsShown) {
    const auto end = end_by("<html>\x1b[2J" + std::string(200, 'x'));
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(end->code, ErrorCode::corrupt);
    EXPECT_EQ(end->message, "ws://node:1234/rpc/v1?…: JSON: byte 0: a value is expected, not '<' ('<html>?[2J" +
                                std::string(70, 'x') + "…')");
}

TEST_F(HostileNode, EveryWrongShapeEndsTheConnection) {
    const std::vector<std::string> wrong = {
        "",
        "7",
        "null",
        "\"text\"",
        "[]",
        R"([{"jsonrpc":"2.0","id":1,"result":1}])",
        "{}",
        R"({"id":null})",
        R"({"id":null,"result":7})",
        R"({"id":null,"result":{}})",
        R"({"id":null,"result":{"method":7}})",
        R"({"id":true,"result":1})",
        R"({"id":[1],"result":1})",
        R"({"id":{},"result":1})",
        R"({"method":7})",
        R"({"method":""})",
        R"({"method":["x"],"params":[]})",
        R"({"id":1,"result":1,"error":{"code":1,"message":"both"}})",
        R"({"id":1,"error":7})",
        R"({"id":1,"error":"text"})",
        R"({"id":1,"error":[]})",
        R"({"id":1,"error":{}})",
        R"({"id":1,"error":{"code":1}})",
        R"({"id":1,"error":{"message":"x"}})",
        R"({"id":1,"error":{"code":"1","message":"x"}})",
        R"({"id":1,"error":{"code":1.5,"message":"x"}})",
        R"({"id":1,"error":{"code":18446744073709551615,"message":"x"}})",
        R"({"id":1,"error":{"code":1,"message":7}})",
        R"({"id":1,"id":1,"result":1})",
        R"({"id":1,"result":1}{"id":1,"result":1})",
        R"({"id":1,"result":")"
        "\xff"
        R"("})",
        std::string("{\"id\":1,\"result\":\"a\0b\"}", 22),
        std::string(100'000, '['),
    };
    for (const std::string& text : wrong) {
        const auto end = end_by(text);
        ASSERT_TRUE(end.has_value()) << text;
        EXPECT_TRUE(end->code == ErrorCode::corrupt || end->code == ErrorCode::too_large) << text;
        EXPECT_TRUE(end->message.starts_with("ws://node:1234/rpc/v1?…: ")) << end->message;
    }
}

TEST_F(HostileNode, NothingIsReadBehindWhatEndedIt) {
    start({.url = ws_url});
    call("a");
    outside.run_ready();
    node.socket->send("?");
    node.socket->send(R"({"id":1,"result":1})");
    node.socket->send("?");
    outside.run_ready();
    EXPECT_EQ(told.answers.size(), 1U);
    EXPECT_EQ(told.answer(0).failure->code, ErrorCode::corrupt);
    EXPECT_EQ(told.lost.size(), 1U);
}

TEST_F(HostileNode, EveryTruncatedAnswerEndsTheConnection) {
    const std::string whole = R"({"jsonrpc":"2.0","id":1,"result":{"a":["é",1.5e3]}})";
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_TRUE(end_by(whole.substr(0, size)).has_value());
    EXPECT_FALSE(end_by(whole).has_value());
    EXPECT_EQ(told.answers.size(), 1U);
}

}    // namespace
}    // namespace filfil::rpc
