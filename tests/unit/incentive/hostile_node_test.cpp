// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/filecoin_message.hpp"
#include "sender_rig.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

using namespace std::chrono_literals;
using rpc::Json;

std::vector<FakeChain::Outcome> nonsense() {
    return {Json(),
            Json(""),
            Json("0x"),
            Json("zz"),
            Json("0x" + std::string(66, 'f')),
            Json(std::string(100'000, 'a')),
            Json(-1),
            Json(1.5),
            Json(true),
            Json::array(),
            Json::array({Json(), 1, "x", Json::object()}),
            Json::object(),
            Json{{"number", "0x"}, {"hash", 7}, {"transactions", Json::array({Json(), Json::object()})}},
            Json{{"Message", Json::object()}, {"Signature", Json()}, {"CID", {{"/", "b"}}}},
            Json{{"blockNumber", "0x1"}, {"blockHash", "0x1"}, {"status", "0x7"}},
            FakeChain::Refused{0, "", {}},
            FakeChain::Refused{3, std::string(5000, '\x01'), Json::array()},
            FakeChain::Refused{-32601, "not found", Json{{"data", Json()}}}};
}

class HostileNode : public testing::TestWithParam<WalletKind> {};
INSTANTIATE_TEST_SUITE_P(Wallets, HostileNode,
                         testing::Values(WalletKind::local, WalletKind::lotus, WalletKind::forest));

// Each answer in turn is nonsense for a while. Nothing breaks, nothing is sent twice, and in the end it is done.
TEST_P(HostileNode, CannotMakeItSendTwice) {
    for (const std::string method :
         {"eth_chainId", "eth_blockNumber", "eth_maxPriorityFeePerGas", "eth_getBlockByNumber", "eth_getBalance",
          "eth_call", "eth_estimateGas", "eth_sendRawTransaction", "eth_getTransactionReceipt",
          "eth_getTransactionByHash", "eth_getTransactionHashByCid", "Filecoin.StateLookupID", "Filecoin.MpoolPending",
          "Filecoin.MpoolPushMessage", "Filecoin.StateSearchMsg"})
        for (const FakeChain::Outcome& answer : nonsense()) {
            SenderRig rig(GetParam());
            bool lying = true;
            rig.chain.lies = [&](const std::string& asked, const Json&) -> std::optional<FakeChain::Outcome> {
                if (!lying || asked != method) return std::nullopt;
                return answer;
            };
            rig.chain.mine_every(30s);
            rig.start();
            rig.send("stage/1");
            rig.clock.advance(15min);
            lying = false;
            if (!rig.results.contains("stage/1")) ASSERT_TRUE(rig.ended("stage/1")) << method << "\n" << rig.log_text();
            const bool over = rig.results.at("stage/1").ok();
            if (!over) rig.send("stage/1");
            ASSERT_TRUE(over || rig.ended("stage/1")) << method << "\n" << rig.log_text();
            ASSERT_TRUE(rig.results.at("stage/1").ok()) << method << ": " << rig.results.at("stage/1").error().text();
            ASSERT_EQ(rig.effects_of(SenderRig::hex_bytes_of("c0ffee01")), 1U) << method << "\n" << rig.log_text();
        }
}

TEST(HostileWallet, ThatSignsSomethingElseIsNotBelieved) {
    SenderRig rig(WalletKind::lotus);
    rig.chain.lies = [](const std::string& method, const Json& params) -> std::optional<FakeChain::Outcome> {
        if (method != "Filecoin.MpoolPushMessage") return std::nullopt;
        Json message = params[0];
        message["To"] = "f0999";
        return Json{{"Message", message},
                    {"Signature", {{"Type", 1}, {"Data", "AA=="}}},
                    {"CID", {{"/", "bafy2bzacedhwri3ghzo7l6denzqav6rke3mlj62knpowxii4seb3inppea6ea"}}}};
    };
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(30s);
    ASSERT_TRUE(rig.info("stage/1").trouble.has_value());
    EXPECT_NE(rig.info("stage/1").trouble->message.find("another message"), std::string::npos);
    EXPECT_FALSE(rig.info("stage/1").hash.has_value());
}

TEST(FilecoinMessage, CallsAContractAsFevmHasIt) {
    const Bytes data = SenderRig::hex_bytes_of("c0ffee01");
    const Bytes tag(16, std::byte{0x11});
    const auto message = message_of(test_wallet, {SenderRig::contract(), 5, data}, tag);
    ASSERT_TRUE(message.ok()) << message.error().text();
    EXPECT_EQ(message->method, 3'844'450'837U);
    EXPECT_EQ(to_hex(message->to.bytes()), "040a5fbdb2315678afecb367f032d93f642f64180aa3");
    EXPECT_EQ(to_hex(message->params), "54c0ffee01" + std::string(32, '1'));
    const Json json = json_of(*message, {});
    EXPECT_EQ(json["Params"], Json("VMD/7gERERERERERERERERERERER"));
    EXPECT_EQ(json["Value"], Json("5"));
    EXPECT_EQ(json["Nonce"], Json(0));
    EXPECT_EQ(json["From"], Json(test_wallet));
    EXPECT_EQ(json["To"].get<std::string>().substr(0, 5), "f410f");

    // New code goes through the Ethereum address manager.
    const auto creation = message_of("t0100", {std::nullopt, {}, data}, {});
    ASSERT_TRUE(creation.ok());
    EXPECT_EQ(creation->method, 4U);
    EXPECT_EQ(json_of(*creation, {})["To"], Json("t010"));
    EXPECT_FALSE(message_of(test_wallet, {SenderRig::contract(), 5, {}}, tag).ok());
}

}    // namespace
}    // namespace filfil::incentive
