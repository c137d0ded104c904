// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "server_fixture.hpp"

namespace filfil::rpc {
namespace {

class ServerBatch : public ServerTest {
protected:
    static std::string call(int id, const std::string& method, const std::string& params = "[]") {
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"(","params":)" +
               params + "}";
    }
};

TEST_F(ServerBatch, AnswersInTheOrderOfTheCallsHoweverTheyCome) {
    ask(request("[" + call(1, "Later") + "," + call(2, "Echo", "[2]") + "," + call(3, "Later") + "]"));
    outside.run_ready();
    replies.at(1)(Json("third"));
    EXPECT_TRUE(answers.empty());
    replies.at(0)(Json("first"));
    outside.run_ready();
    EXPECT_EQ(answer().body, R"([{"jsonrpc":"2.0","id":1,"result":"first"},{"jsonrpc":"2.0","id":2,"result":[2]},)"
                             R"({"jsonrpc":"2.0","id":3,"result":"third"}])");
}

TEST_F(ServerBatch, NotificationsHaveNoPlaceInTheAnswer) {
    const std::string note = R"({"jsonrpc":"2.0","method":"Echo"})";
    EXPECT_EQ(post("[" + note + "," + call(1, "Echo") + "," + note + "]").body,
              R"([{"jsonrpc":"2.0","id":1,"result":[]}])");
    EXPECT_EQ(ran, 3);
    const HttpResponse none = post("[" + note + "," + note + "]");
    EXPECT_EQ(none.status, 204);
    EXPECT_EQ(none.body, "");
}

TEST_F(ServerBatch, WrongOnesAreAnsweredBesideRightOnes) {
    const auto out = parse_json(post("[7," + call(1, "Echo") + ",[]," + call(2, "None") + "]").body);
    ASSERT_TRUE(out.ok());
    ASSERT_EQ(out->size(), 4U);
    EXPECT_EQ((*out)[0]["error"]["code"], -32600);
    EXPECT_TRUE((*out)[0]["id"].is_null());
    EXPECT_EQ((*out)[1]["id"], 1);
    EXPECT_EQ((*out)[2]["error"]["code"], -32600);
    EXPECT_EQ((*out)[3]["error"]["code"], -32601);
}

TEST_F(ServerBatch, AnEmptyOneIsNoRequest) {
    const std::string body = post("[]").body;
    EXPECT_EQ(code_of(body), -32600);
}

TEST_F(ServerBatch, MoreThanTheLimitAreRefusedUnrun) {
    start({.batch_limit = 3});
    const std::string three = call(1, "Echo") + "," + call(2, "Echo") + "," + call(3, "Echo");
    EXPECT_EQ(parse_json(post("[" + three + "]").body)->size(), 3U);
    ran = 0;
    EXPECT_EQ(code_of(post("[" + three + "," + call(4, "Echo") + "]").body), -32600);
    EXPECT_EQ(ran, 0);
}

TEST_F(ServerBatch, ADroppedReplyFailsOnlyItsCall) {
    ask(request("[" + call(1, "Later") + "," + call(2, "Echo") + "]"));
    outside.run_ready();
    replies.clear();
    outside.run_ready();
    const auto out = parse_json(answer().body);
    EXPECT_EQ((*out)[0]["error"]["code"], -32000);
    EXPECT_EQ((*out)[1]["result"], Json::array());
}

TEST_F(ServerBatch, GoesOverASocketToo) {
    const auto socket = connect();
    socket->send("[" + call(1, "Later") + "," + call(2, "Echo", "[2]") + R"(,{"jsonrpc":"2.0","method":"Echo"}])");
    socket->send(R"([{"jsonrpc":"2.0","method":"Echo"}])");
    socket->send("[]");
    outside.run_ready();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(code_of(told[0]), -32600);
    replies.at(0)(Json(1));
    outside.run_ready();
    EXPECT_EQ(told.at(1), R"([{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":2,"result":[2]}])");
    EXPECT_EQ(ran, 4);
}

}    // namespace
}    // namespace filfil::rpc
