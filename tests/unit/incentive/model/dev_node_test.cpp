// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/dev_node.hpp"

#include "base/random.hpp"
#include "incentive/keccak.hpp"
#include "model_rig.hpp"

namespace filfil::incentive::model {
namespace {

using rpc::Json;

struct DevRig {
    ModelChain chain;
    InlineExecutor loop;
    DevNode node{chain, loop};
    SeededRandom random{5};
    EthAddress account;

    DevRig() {
        EXPECT_TRUE(chain.deploy(here, constructor()).succeeded);
        account = node.add_account(SecretKey::generate(random));
        chain.give(account, 1'000'000'000'000U);
    }
    template <class... Params>
    Json ok(const std::string& method, const Params&... params) {
        const auto reply = node.answer(method, list(params...));
        const auto* json = std::get_if<Json>(&reply);
        EXPECT_NE(json, nullptr) << method << ": " << std::get<ModelNode::Refused>(reply).message;
        return json == nullptr ? Json() : *json;
    }
    template <class... Params>
    std::string refused(const std::string& method, const Params&... params) {
        const auto reply = node.answer(method, list(params...));
        const auto* why = std::get_if<ModelNode::Refused>(&reply);
        return why == nullptr ? "" : why->message;
    }
    [[nodiscard]] Json funding(const EthAddress& from) const {
        return {{"from", from.lower_text()},
                {"to", here.lower_text()},
                {"value", "0x7"},
                {"data", "0x" + to_hex(encode_call<contract::calls::Fund>({.memo = "x"}).value())}};
    }
    /// Braces around a single value would copy it.
    template <class... Params>
    static Json list(const Params&... params) {
        Json out = Json::array();
        (out.push_back(params), ...);
        return out;
    }
    U256 pool() { return chain.contract(here)->state().money.pool; }
};

TEST(DevNode, SendsForItsAccountsAndForNobodyElse) {
    DevRig rig;
    EXPECT_EQ(rig.ok("eth_accounts"), Json::array({rig.account.lower_text()}));
    EXPECT_EQ(rig.refused("eth_sendTransaction", rig.funding(provider)), "unknown account " + provider.lower_text());
    const Json hash = rig.ok("eth_sendTransaction", rig.funding(rig.account));
    const Json waiting = rig.ok("eth_getTransactionByHash", hash);
    EXPECT_EQ(waiting["nonce"], "0x0");
    EXPECT_TRUE(read_quantity(waiting["maxFeePerGas"]).ok());
    EXPECT_EQ(rig.ok("txpool_content")["pending"][rig.account.lower_text()]["0"]["hash"], hash);
    rig.ok("anvil_mine", "0x3");
    EXPECT_EQ(rig.chain.head(), 3U);
    EXPECT_EQ(rig.pool(), U256(7));
    EXPECT_EQ(rig.ok("eth_getTransactionReceipt", hash)["blockNumber"], "0x1");
}

/// As NodeWallet does it: its transactions end in bytes that no other has.
TEST(DevNode, TakesCallsWithATagBehindThem) {
    DevRig rig;
    Json tagged = rig.funding(rig.account);
    tagged["data"] = tagged["data"].get<std::string>() + "00112233445566778899aabbccddeeff";
    EXPECT_TRUE(rig.ok("eth_estimateGas", tagged).is_string());
    rig.ok("eth_sendTransaction", tagged);
    rig.ok("evm_mine");
    EXPECT_EQ(rig.pool(), U256(7));
}

TEST(DevNode, WhatItHasSignedIsTheSameTransactionWhenItIsSent) {
    DevRig rig;
    Json one = rig.funding(rig.account);
    one["nonce"] = "0x0";
    one["gas"] = "0x30d40";
    one["maxFeePerGas"] = "0x3e8";
    one["maxPriorityFeePerGas"] = "0xa";
    const Json raw = rig.ok("eth_signTransaction", one);
    const Json hash = rig.ok("web3_sha3", raw);
    EXPECT_EQ(rig.ok("eth_sendTransaction", one), hash);
    EXPECT_EQ(rig.ok("eth_sendTransaction", one), hash) << "once more is no other transaction";
    EXPECT_EQ(rig.ok("eth_getRawTransactionByHash", hash), raw);
    rig.ok("evm_mine");
    EXPECT_EQ(rig.pool(), U256(7));
}

TEST(DevNode, SignsTextsAsEthereumsWalletsDo) {
    DevRig rig;
    const Json signature = rig.ok("eth_sign", rig.account.lower_text(), "0x616263");
    const Bytes bytes = read_data(signature).value();
    ASSERT_EQ(bytes.size(), 65U);
    Signature read;
    std::ranges::copy(ByteView(bytes).first(32), read.r.begin());
    std::ranges::copy(ByteView(bytes).subspan(32, 32), read.s.begin());
    read.y_parity = static_cast<unsigned>(bytes[64]) - 27;
    const auto hash =
        keccak_256(bytes_of("\x19"
                            "Ethereum Signed Message:\n3abc"));
    EXPECT_EQ(recover(hash, read).value(), rig.account);
}

TEST(DevNode, GoesBackToASnapshotOnceAndForgetsLaterOnes) {
    DevRig rig;
    rig.ok("anvil_mine", "0x2");
    const Json early = rig.ok("evm_snapshot");
    const Json hash = rig.ok("eth_sendTransaction", rig.funding(rig.account));
    rig.ok("anvil_mine", "0x2");
    const Json late = rig.ok("evm_snapshot");
    EXPECT_EQ(rig.pool(), U256(7));
    const Json raw = rig.ok("eth_getRawTransactionByHash", hash);
    EXPECT_EQ(rig.ok("evm_revert", early), Json(true));
    EXPECT_EQ(rig.chain.head(), 2U);
    EXPECT_TRUE(rig.pool().zero());
    EXPECT_EQ(rig.ok("eth_getTransactionByHash", hash), Json());
    EXPECT_EQ(rig.ok("evm_revert", late), Json(false));
    EXPECT_EQ(rig.ok("evm_revert", early), Json(false));
    EXPECT_EQ(rig.ok("eth_sendRawTransaction", raw), hash) << "it comes back";
    rig.ok("anvil_mine");
    EXPECT_EQ(rig.pool(), U256(7));
}

TEST(DevNode, DropsWhatWaits) {
    DevRig rig;
    rig.ok("eth_sendTransaction", rig.funding(rig.account));
    rig.ok("anvil_dropAllTransactions");
    rig.ok("evm_mine");
    EXPECT_TRUE(rig.pool().zero());
}

TEST(DevNode, TellsBeforeEachBlockAndTakesInWhatIsSentThen) {
    DevRig rig;
    int told = 0;
    rig.node.before_block = [&] {
        if (++told != 2) return;
        rig.chain.give(provider, 100);
        rig.chain.send_as(provider, {.to = here, .value = 9, .data = {}});
    };
    rig.ok("anvil_mine", "0x3");
    EXPECT_EQ(told, 3);
    ASSERT_EQ(rig.chain.blocks()[2].transactions.size(), 1U);
    EXPECT_EQ(rig.pool(), U256(9));
}

TEST(DevNode, ParametersOfAnyKindAreRefusedAndDoNothing) {
    DevRig rig;
    const std::vector<Json> odd = {Json(),
                                   Json(7),
                                   Json("x"),
                                   Json::object(),
                                   Json::array(),
                                   Json::array({7}),
                                   Json::array({"zz"}),
                                   Json::array({Json::array()}),
                                   Json::array({{{"from", 1}}}),
                                   Json::array({{{"blockHash", 5}}})};
    for (const char* method :
         {"anvil_mine", "evm_revert", "eth_sendTransaction", "eth_signTransaction", "eth_sign", "web3_sha3",
          "eth_getRawTransactionByHash", "eth_getLogs", "eth_call", "eth_getBlockByNumber", "eth_getBalance",
          "eth_getTransactionReceipt", "eth_feeHistory", "eth_sendRawTransaction"})
        for (const Json& params : odd) (void)rig.node.answer(method, params);
    EXPECT_LT(rig.chain.head(), 10U);
    EXPECT_NE(rig.refused("anvil_mine", "0xffffffffffff"), "");
    EXPECT_TRUE(rig.chain.pool().empty());
}

TEST(DevNode, AnswersOverHttpOnItsLoop) {
    DevRig rig;
    const auto ask = [&](const std::string& body) {
        std::optional<HttpResponse> out;
        rig.node.handle({.method = "POST", .body = body}, [&](HttpResponse answer) { out = std::move(answer); });
        return out.value_or(HttpResponse{.status = 0});
    };
    const HttpResponse good = ask(R"({"jsonrpc":"2.0","id":4,"method":"eth_chainId","params":[]})");
    EXPECT_EQ(good.status, 200);
    const Json answer = Json::parse(good.body);
    EXPECT_EQ(answer["id"], 4);
    EXPECT_EQ(answer["result"], "0x1df5e76");
    const Json unknown = Json::parse(ask(R"({"id":1,"method":"debug_trace"})").body);
    EXPECT_EQ(unknown["error"]["code"], -32601);
    for (const char* body : {"", "{", "[]", "{}", R"({"method":7})", R"([{"method":"eth_chainId"}])"})
        EXPECT_EQ(ask(body).status, 400) << body;
}

}    // namespace
}    // namespace filfil::incentive::model
