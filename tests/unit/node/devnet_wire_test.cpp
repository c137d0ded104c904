// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "devnet_rig.hpp"

namespace filfil::node {
namespace {

DevnetOptions with(Flavour flavour, std::string token = {}) {
    DevnetOptions options;
    options.flavour = flavour;
    options.token = std::move(token);
    return options;
}

constexpr const char* head_call = R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":[]})";

TEST(DevnetHttp, LotusPutsErrorsOfTheProtocolUnder500AndThoseOfMethodsUnder200) {
    DevnetRig rig;
    const auto check = [&](const std::string& body, int status, std::int64_t code) {
        const auto answer = rig.post(body);
        ASSERT_TRUE(answer.ok());
        EXPECT_EQ(answer->status, status) << body;
        const Json json = Json::parse(answer->body, nullptr, false);
        ASSERT_TRUE(json.is_object()) << answer->body;
        EXPECT_EQ(json["error"]["code"], code) << answer->body;
        EXPECT_FALSE(json.contains("result"));
    };
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.Nothing","params":[]})", 500, -32601);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":[1]})", 500, -32602);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainReadObj","params":[]})", 500, -32602);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainReadObj","params":["bafy"]})", 500, -32700);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainReadObj","params":{"cid":1}})", 500, -32700);
    check(R"({"jsonrpc":"2.0","id":[1],"method":"Filecoin.ChainHead","params":[]})", 500, -32700);
    check(R"({"jsonrpc":"2.0","id":1,"method":7})", 500, -32700);
    check("no JSON", 500, -32700);
    check("7", 500, -32700);
    check("[7]", 500, -32700);
    check("", 400, -32600);
    check(" \n ", 400, -32600);
    check("[]", 400, -32600);
    const Json nowhere = json_of(ipld::cid_of_block(ipld::Codec::raw, {}));
    const Json request = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "Filecoin.ChainReadObj"}, {"params", {nowhere}}};
    check(request.dump(), 200, 1);
}

TEST(DevnetHttp, ForestHas200ForEveryAnswer) {
    DevnetRig rig(with(Flavour::forest));
    const auto check = [&](const std::string& body, std::int64_t code) {
        const auto answer = rig.post(body);
        ASSERT_TRUE(answer.ok());
        EXPECT_EQ(answer->status, 200) << body;
        EXPECT_EQ(Json::parse(answer->body, nullptr, false)["error"]["code"], code) << body;
    };
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.Nothing","params":[]})", -32601);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":[1]})", -32602);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainReadObj","params":["bafy"]})", -32602);
    check(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainExport","params":[10,true,null]})", -32602);
    check("no JSON", -32700);
    check("7", -32600);
    check("[]", -32600);
    EXPECT_EQ(rig.send({"GET", "/rpc/v1", {}, {}, {}})->status, 405);
}

TEST(DevnetHttp, ForestTakesFewerParametersWhereTheLastMayBeLeftOut) {
    DevnetRig forest(with(Flavour::forest));
    EXPECT_TRUE(forest.call("Filecoin.ChainGetTipSetByHeight", Json::array({0})).contains("result"));
    DevnetRig lotus;
    const Json answer = lotus.call("Filecoin.ChainGetTipSetByHeight", Json::array({0}));
    EXPECT_EQ(answer["error"]["message"], "wrong param count (method 'Filecoin.ChainGetTipSetByHeight'): 1 != 2");
}

TEST(DevnetHttp, NullAndMissingParametersAreNone) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        DevnetRig rig(with(flavour));
        for (const char* body : {R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":null})",
                                 R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead"})"})
            EXPECT_TRUE(Json::parse(rig.post(body)->body).contains("result")) << body;
    }
}

TEST(DevnetHttp, IdsComeBackAsTheNodeKeepsThem) {
    DevnetRig rig;
    const auto id_for = [&](const std::string& id) {
        const std::string body = R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"Filecoin.Version","params":[]})";
        return Json::parse(rig.post(body)->body)["id"];
    };
    EXPECT_EQ(id_for("7").dump(), "7");
    EXPECT_EQ(id_for("\"seven\"").dump(), "\"seven\"");
    EXPECT_EQ(id_for("1.5").dump(), "1.5");
    // Numbers become float64.
    EXPECT_EQ(id_for("9007199254740993").dump(), "9007199254740992");
}

TEST(DevnetHttp, WhatHasNoIdGetsNoAnswer) {
    DevnetRig rig;
    for (const char* body : {R"({"jsonrpc":"2.0","method":"Filecoin.ChainHead","params":[]})",
                             R"({"jsonrpc":"2.0","id":null,"method":"Filecoin.ChainHead","params":[]})"}) {
        const auto answer = rig.post(body);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "");
    }
}

TEST(DevnetHttp, BatchesAreAnsweredInOrder) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        DevnetRig rig(with(flavour));
        Json calls = Json::array();
        for (int i = 0; i < 20; ++i)
            calls.push_back({{"jsonrpc", "2.0"},
                             {"id", i},
                             {"method", i % 5 == 4 ? "Filecoin.Nothing" : "Filecoin.ChainHead"},
                             {"params", Json::array()}});
        const auto answer = rig.post(calls.dump());
        EXPECT_EQ(answer->status, 200);
        const Json answers = Json::parse(answer->body, nullptr, false);
        ASSERT_EQ(answers.size(), 20U) << answer->body.substr(0, 200);
        for (int i = 0; i < 20; ++i) {
            const Json& one = answers[static_cast<std::size_t>(i)];
            EXPECT_EQ(one["id"], i);
            EXPECT_EQ(one.contains("error"), i % 5 == 4);
        }
    }
}

TEST(DevnetHttp, ANotificationInALotusBatchLeavesAStrayComma) {
    DevnetRig rig;
    const std::string body = R"([{"jsonrpc":"2.0","method":"Filecoin.Version"},)" + std::string(head_call) + "]";
    EXPECT_TRUE(rig.post(body)->body.starts_with("[,{"));
    DevnetRig forest(with(Flavour::forest));
    EXPECT_EQ(Json::parse(forest.post(body)->body).size(), 1U);
}

TEST(DevnetHttp, ChannelsNeedAWebSocket) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        DevnetRig rig(with(flavour));
        const Json error = rig.call("Filecoin.ChainNotify")["error"];
        EXPECT_EQ(error["code"], -32601);
        EXPECT_NE(error["message"].get<std::string>().find("not supported in this mode (no out channel support)"),
                  std::string::npos);
    }
}

TEST(DevnetHttp, AWrongTokenIs401AndNoneMayRead) {
    DevnetRig rig(with(Flavour::lotus, "right"));
    const auto status = [&](const HttpFields& fields, const std::string& target = "/rpc/v1") {
        return rig.post(head_call, fields, target)->status;
    };
    EXPECT_EQ(status({}), 200);
    EXPECT_EQ(status({{"Authorization", "Bearer right"}}), 200);
    EXPECT_EQ(status({{"authorization", "Bearer right"}}), 200);
    EXPECT_EQ(status({{"Authorization", "Bearer wrong"}}), 401);
    EXPECT_EQ(status({{"Authorization", "right"}}), 401);
    EXPECT_EQ(status({{"Authorization", "Basic right"}}), 401);
    EXPECT_EQ(status({{"Authorization", "Bearer "}}), 401);
    EXPECT_EQ(status({}, "/rpc/v1?token=right"), 200);
    EXPECT_EQ(status({}, "/rpc/v1?a=b&token=right&c=d"), 200);
    EXPECT_EQ(status({}, "/rpc/v1?token=wrong"), 401);
    EXPECT_EQ(status({}, "/rpc/v1?token="), 200);
    EXPECT_EQ(status({}, "/rpc/v0"), 200);
    EXPECT_EQ(status({}, "/rpc/v7"), 404);
}

TEST(DevnetSocket, AWrongTokenIsRefusedAndARightOneIsNot) {
    DevnetRig rig(with(Flavour::lotus, "right"));
    const auto wrong = rig.connect("/rpc/v1", {{"Authorization", "Bearer wrong"}});
    ASSERT_TRUE(wrong->refused.has_value());
    EXPECT_EQ(wrong->refused->code, ErrorCode::denied);
    EXPECT_TRUE(rig.connect("/rpc/v1?token=wrong")->refused.has_value());
    EXPECT_TRUE(rig.connect("/nowhere")->refused.has_value());
    EXPECT_TRUE(rig.ask(*rig.connect("/rpc/v1?token=right"), "Filecoin.ChainHead").contains("result"));
    EXPECT_TRUE(rig.ask(*rig.connect(), "Filecoin.ChainHead").contains("result"));
}

TEST(DevnetSocket, LotusSaysNothingToWhatIsNoFrame) {
    DevnetRig rig;
    const auto wire = rig.connect();
    for (const std::string& text :
         {std::string("no JSON"), std::string("7"), "[" + std::string(head_call) + "]", std::string("[]"),
          std::string(R"({"jsonrpc":"2.0","id":[1],"method":"Filecoin.ChainHead"})"),
          std::string(R"({"jsonrpc":"2.0","id":9,"result":1})"), std::string(R"({"id":1,"method":"xrpc.ch.val"})"),
          std::string(R"({"jsonrpc":"2.0","method":"Filecoin.ChainHead","params":[]})"),
          std::string(R"({"jsonrpc":"2.0","method":"Filecoin.Nothing","params":[]})")})
        wire->socket->send(text);
    rig.advance(std::chrono::minutes(1));
    EXPECT_TRUE(wire->messages.empty()) << wire->messages.front();
    EXPECT_FALSE(wire->closed.has_value());
    // It is still there.
    EXPECT_TRUE(rig.ask(*wire, "Filecoin.ChainHead").contains("result"));
    EXPECT_EQ(rig.ask(*wire, "Filecoin.Nothing")["error"]["code"], -32601);
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainHead", Json::array({1}))["error"]["code"], -32602);
}

TEST(DevnetSocket, ForestAnswersArraysAndWhatIsNoRequest) {
    DevnetRig rig(with(Flavour::forest));
    const auto wire = rig.connect();
    wire->socket->send("no JSON");
    wire->socket->send("[]");
    wire->socket->send("7");
    wire->socket->send("[" + std::string(head_call) + R"(,7,{"jsonrpc":"2.0","method":"Filecoin.Version"}])");
    rig.advance(std::chrono::seconds(1));
    const std::vector<Json> all = wire->all();
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0]["error"]["code"], -32700);
    EXPECT_TRUE(all[0]["id"].is_null());
    EXPECT_EQ(all[1]["error"]["code"], -32600);
    EXPECT_EQ(all[2]["error"]["code"], -32600);
    ASSERT_EQ(all[3].size(), 2U) << all[3].dump().substr(0, 300);
}

TEST(DevnetSocket, CallsAreAnsweredSideBySide) {
    DevnetRig rig;
    const auto wire = rig.connect();
    for (int i = 0; i < 300; ++i)
        wire->socket->send(
            Json{{"jsonrpc", "2.0"}, {"id", i}, {"method", "Filecoin.ChainHead"}, {"params", Json::array()}}.dump());
    rig.advance(std::chrono::seconds(1));
    EXPECT_EQ(wire->messages.size(), 300U);
}

TEST(DevnetSocket, HostileFramesNeverEndIt) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        DevnetRig rig(with(flavour));
        const auto wire = rig.connect();
        SeededRandom random(5);
        const std::string good =
            R"({"jsonrpc":"2.0","id":"x","method":"Filecoin.ChainGetTipSetByHeight","params":[3,null]})";
        for (int i = 0; i < 2000; ++i) {
            std::string text = good.substr(0, random.below(good.size() + 1));
            for (int change = 0; change < 3 && !text.empty(); ++change)
                text[random.below(text.size())] = static_cast<char>(random.below(256));
            wire->socket->send(text);
        }
        for (const std::string& params : {std::string(R"([-9223372036854775808,null])"), std::string("[1e99,null]"),
                                          std::string(R"([{},{"/":[]}])"), std::string(R"([3,[{"/":"bafy"}]])")})
            wire->socket->send(R"({"jsonrpc":"2.0","id":"x","method":"Filecoin.ChainGetTipSetByHeight","params":)" +
                               params + "}");
        wire->socket->send(std::string(100'000, '['));
        for (const char* method : {"Filecoin.ChainReadObj", "Filecoin.ChainStatObj", "Filecoin.ChainGetTipSet",
                                   "Filecoin.ChainGetPath", "Filecoin.ChainExport", "xrpc.cancel"})
            for (const char* params :
                 {"[]", "[null]", "[null,null]", "[null,null,null]", R"([{"/":7},[],{}])", "{}", "7"})
                wire->socket->send(R"({"jsonrpc":"2.0","id":"x","method":")" + std::string(method) + R"(","params":)" +
                                   params + "}");
        EXPECT_TRUE(rig.ask(*wire, "Filecoin.ChainHead").contains("result"));
        EXPECT_FALSE(wire->closed.has_value());
    }
}

}    // namespace
}    // namespace filfil::node
