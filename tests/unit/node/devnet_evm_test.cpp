// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "chain/address.hpp"
#include "devnet_evm_rig.hpp"

namespace filfil::node {
namespace {

class DevnetEvm : public DevnetBefore<FakeEvm> {};

TEST_F(DevnetEvm, TheBlockNumberIsTheEpochThroughForksAndNullRounds) {
    start();
    EXPECT_FALSE(evm.automine);
    EXPECT_EQ(evm.number, rig->devnet->status().epoch.value);
    for (int event = 0; event < 100; ++event) {
        ASSERT_TRUE(rig->devnet->step().value());
        ASSERT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
        ASSERT_EQ(evm.number, rig->devnet->status().epoch.value);
    }
    EXPECT_GT(evm.reverts, 3);
    EXPECT_FALSE(rig->outside.log.has("out of step"));
}

TEST_F(DevnetEvm, EventsThatComeFasterThanItMinesAreCaughtUpWith) {
    start();
    for (int event = 0; event < 50; ++event) ASSERT_TRUE(rig->devnet->step().value());
    EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    EXPECT_EQ(evm.number, rig->devnet->status().epoch.value);
}

TEST_F(DevnetEvm, OtherWaysOfMiningAreTried) {
    for (const char* way : {"hardhat_mine", "evm_mine"}) {
        evm.mining = way;
        start();
        ASSERT_TRUE(rig->devnet->step().value());
        EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
        EXPECT_EQ(evm.number, rig->devnet->status().epoch.value) << way;
    }
}

TEST_F(DevnetEvm, OneThatCannotMineIsReportedAndStillAsked) {
    evm.mining = "none";
    rig->devnet->start();
    rig->advance(std::chrono::seconds(1));
    EXPECT_TRUE(rig->outside.log.has("out of step", LogLevel::warning));
    EXPECT_EQ(rig->result("eth_chainId"), "0x1df5e76");
}

TEST_F(DevnetEvm, OneThatIsAheadIsReported) {
    evm.number = 1'000'000;
    rig->devnet->start();
    rig->advance(std::chrono::seconds(1));
    EXPECT_TRUE(rig->outside.log.has("above the head's epoch", LogLevel::warning));
}

TEST_F(DevnetEvm, EthCallsArePassedOnAndErrorsComeBackWhole) {
    start();
    EXPECT_EQ(rig->result("eth_chainId"), "0x1df5e76");
    const Json answer = rig->call("eth_call", Json::array({Json{{"to", "0x1"}}, "latest"}));
    EXPECT_EQ(answer["error"]["code"], -32601);
    EXPECT_EQ(answer["error"]["data"], "0x08c379a0");
    EXPECT_EQ(evm.last("eth_call").value(), Json::array({Json{{"to", "0x1"}}, "latest"}));
    const auto wire = rig->connect();
    EXPECT_EQ(rig->ask(*wire, "eth_chainId")["result"], "0x1df5e76");
}

TEST_F(DevnetEvm, ACallThatMetTheWayBackToAnotherBranchIsPassedOnOnceMore) {
    start();
    const Json params = Json::array({"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "latest"});
    evm.times_lost = 2;
    EXPECT_EQ(rig->result("eth_getBalance", params), "0x5");
    // Who asks for a block that there is not is told so.
    evm.times_lost = 3;
    EXPECT_EQ(rig->call("eth_getBalance", params)["error"]["code"], -32602);
    EXPECT_EQ(evm.times_lost, 0);
}

TEST_F(DevnetEvm, SigningNeedsATokenAndAKnownAccount) {
    start();
    const Json params = Json::array({"f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za", to_base64(bytes_of("hello"))});
    const Json refused = rig->call("Filecoin.WalletSign", params);
    EXPECT_EQ(refused["error"]["message"], "missing permission to invoke 'WalletSign' (need 'sign')");
    const Json answer = rig->call("Filecoin.WalletSign", params, admin);
    ASSERT_TRUE(answer.contains("result")) << answer.dump();
    EXPECT_EQ(answer["result"]["Type"], 1);
    EXPECT_EQ(from_base64(answer["result"]["Data"].get<std::string>()).value().size(), 65U);
    EXPECT_EQ(evm.last("eth_sign").value(),
              Json::array({"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x68656c6c6f"}));
    const Json unknown =
        rig->call("Filecoin.WalletSign", Json::array({"f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy", ""}), admin);
    EXPECT_EQ(unknown["error"]["code"], 1);
}

TEST_F(DevnetEvm, ACallOfAContractBecomesATransaction) {
    start();
    Bytes contract = {std::byte{4}, std::byte{10}};
    contract.insert(contract.end(), 20, std::byte{0xcd});
    const std::string to = chain::Address::from_bytes(contract).value().text();
    Json message = {{"Version", 0},
                    {"To", to},
                    {"From", "f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za"},
                    {"Nonce", 0},
                    {"Value", "1000000000000000000"},
                    {"GasLimit", 0},
                    {"GasFeeCap", "0"},
                    {"GasPremium", "0"},
                    {"Method", 3844450837},
                    {"Params", to_base64(from_hex("44a9059cbb").value())}};
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({message, nullptr})).contains("error"));
    const Json answer = rig->call("Filecoin.MpoolPushMessage", Json::array({message, nullptr}), admin);
    ASSERT_TRUE(answer.contains("result")) << answer.dump();
    const Json sent = evm.last("eth_sendTransaction").value()[0];
    EXPECT_EQ(sent["from"], "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    EXPECT_EQ(sent["to"], "0x" + std::string("cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"));
    EXPECT_EQ(sent["value"], "0xde0b6b3a7640000");
    EXPECT_EQ(sent["data"], "0xa9059cbb");
    // The CID holds the transaction's hash, as Lotus has it.
    const ipld::Cid cid = ipld::Cid::parse(cid_text(answer["result"]["CID"])).value();
    EXPECT_EQ(to_hex(cid.hash().digest), std::string(64, 'b'));
    message["Method"] = 7;
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({message, nullptr}), admin).contains("error"));
    for (const char* field : {"To", "From", "Method", "Params"}) {
        Json broken = message;
        broken["Method"] = 3844450837;
        broken[field] = "?";
        EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({broken, nullptr}), admin).contains("error"))
            << field;
    }
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({7, nullptr}), admin).contains("error"));
}

/// A call of a contract as a wallet sends it: without nonce and gas.
Json unsigned_call() {
    Bytes contract = {std::byte{4}, std::byte{10}};
    contract.insert(contract.end(), 20, std::byte{0xcd});
    return {{"Version", 0},
            {"To", chain::Address::from_bytes(contract).value().text()},
            {"From", "f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za"},
            {"Nonce", 0},
            {"Value", "5"},
            {"GasLimit", 0},
            {"GasFeeCap", "0"},
            {"GasPremium", "0"},
            {"Method", 3844450837},
            {"Params", to_base64(from_hex("44a9059cbb").value())}};
}

TEST_F(DevnetEvm, WhatIsPushedIsToldWithTheNonceAndTheGasThatItGot) {
    start();
    const Json answer = rig->call("Filecoin.MpoolPushMessage", Json::array({unsigned_call(), nullptr}), admin);
    ASSERT_TRUE(answer.contains("result")) << answer.dump();
    EXPECT_EQ(evm.last("eth_sendTransaction").value()[0]["gas"], "0x1f4") << "a quarter more than the estimate";
    EXPECT_EQ(evm.last("eth_getTransactionByHash").value()[0], "0x" + std::string(64, 'b'));
    const Json& message = answer["result"]["Message"];
    EXPECT_EQ(message["Nonce"], 7);
    EXPECT_EQ(message["GasLimit"], 21000);
    EXPECT_EQ(message["GasFeeCap"], "2000000000");
    EXPECT_EQ(message["GasPremium"], "1000000000");
    EXPECT_EQ(message["CID"], answer["result"]["CID"]);
    EXPECT_EQ(answer["result"]["Signature"]["Type"], 1);
    Json limited = unsigned_call();
    limited["GasLimit"] = 77;
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({limited, nullptr}), admin).contains("result"));
    EXPECT_EQ(evm.last("eth_sendTransaction").value()[0]["gas"], "0x4d");
    evm.knows = false;
    for (const Json& one : {unsigned_call(), limited})
        EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({one, nullptr}), admin).contains("error"));
    // What went wrong holds up nothing.
    evm.knows = true;
    EXPECT_TRUE(
        rig->call("Filecoin.MpoolPushMessage", Json::array({unsigned_call(), nullptr}), admin).contains("result"));
}

TEST_F(DevnetEvm, WhatWasSignedIsSentOnceMoreAsTheSameTransaction) {
    start();
    const Json pushed = rig->call("Filecoin.MpoolPushMessage", Json::array({unsigned_call(), nullptr}), admin);
    const Json again = rig->call("Filecoin.MpoolPush", Json::array({pushed["result"]}), admin);
    ASSERT_TRUE(again.contains("result")) << again.dump();
    EXPECT_EQ(again["result"], pushed["result"]["CID"]);
    const Json sent = evm.last("eth_sendTransaction").value()[0];
    EXPECT_EQ(sent["nonce"], "0x7");
    EXPECT_EQ(sent["gas"], "0x5208");
    EXPECT_EQ(sent["maxFeePerGas"], "0x77359400");
    EXPECT_EQ(sent["maxPriorityFeePerGas"], "0x3b9aca00");
    EXPECT_EQ(sent["value"], "0x5");
    EXPECT_EQ(sent["data"], "0xa9059cbb");

    // One whose transaction is another was signed elsewhere.
    evm.next = 'd';
    EXPECT_TRUE(rig->call("Filecoin.MpoolPush", Json::array({pushed["result"]}), admin).contains("error"));
    EXPECT_TRUE(rig->call("Filecoin.MpoolPush", Json::array({pushed["result"]})).contains("error"));
    for (const char* field : {"CID", "Message"}) {
        Json broken = pushed["result"];
        broken[field] = 7;
        EXPECT_TRUE(rig->call("Filecoin.MpoolPush", Json::array({broken}), admin).contains("error")) << field;
    }
    Json without = pushed["result"];
    without["Message"].erase("Nonce");
    EXPECT_TRUE(rig->call("Filecoin.MpoolPush", Json::array({without}), admin).contains("error"));
    EXPECT_TRUE(rig->call("Filecoin.MpoolPush", Json::array({nullptr}), admin).contains("error"));
}

TEST_F(DevnetEvm, AMessageIsSignedWithTheNonceAndTheFeesThatItHas) {
    start();
    Json message = unsigned_call();
    message["Nonce"] = 3;
    message["GasLimit"] = 90'000;
    message["GasFeeCap"] = "3000000000";
    message["GasPremium"] = "2000000000";
    const Json params = Json::array({message["From"], message});
    EXPECT_TRUE(rig->call("Filecoin.WalletSignMessage", params).contains("error"));
    const Json answer = rig->call("Filecoin.WalletSignMessage", params, admin);
    ASSERT_TRUE(answer.contains("result")) << answer.dump();
    const Json asked = evm.last("eth_signTransaction").value()[0];
    EXPECT_EQ(asked["nonce"], "0x3");
    EXPECT_EQ(asked["gas"], "0x15f90");
    EXPECT_EQ(asked["maxFeePerGas"], "0xb2d05e00");
    EXPECT_EQ(evm.last("web3_sha3").value(), Json::array({"0x02f86e"}));
    const ipld::Cid cid = ipld::Cid::parse(cid_text(answer["result"]["CID"])).value();
    EXPECT_EQ(to_hex(cid.hash().digest), std::string(64, 'c'));
    EXPECT_EQ(answer["result"]["Message"]["Nonce"], 3);
    EXPECT_FALSE(evm.last("eth_sendTransaction"));
    message["Method"] = 7;
    EXPECT_TRUE(
        rig->call("Filecoin.WalletSignMessage", Json::array({message["From"], message}), admin).contains("error"));
}

TEST_F(DevnetEvm, AnAccountThatIsAnActorsNumberIsLookedUpByIt) {
    start();
    const auto look_up = [&](const Json& address) {
        return rig->call("Filecoin.StateLookupID", Json::array({address, nullptr}));
    };
    EXPECT_EQ(look_up("t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy")["result"], "t0501000");
    EXPECT_EQ(look_up("f01234")["result"], "f01234");
    // One of Ethereum's own has a number that only the chain's state knows.
    EXPECT_NE(look_up("f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za")["error"]["message"].get<std::string>().find(
                  "actor not found"),
              std::string::npos);
    const auto key_of = [&](const Json& address) {
        return rig->call("Filecoin.StateAccountKey", Json::array({address, nullptr}));
    };
    EXPECT_EQ(key_of("t0501000")["result"], "t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy");
    EXPECT_EQ(key_of("t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy")["result"],
              "t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy");
    EXPECT_TRUE(key_of("t0501001").contains("error"));
    EXPECT_TRUE(key_of("nobody").contains("error"));
    EXPECT_TRUE(key_of(7).contains("error"));
    EXPECT_TRUE(look_up("nobody").contains("error"));
    EXPECT_TRUE(look_up(7).contains("error"));
}

TEST_F(DevnetEvm, TellsWhatADealWantsAsCollateral) {
    start();
    const std::string method = "Filecoin.StateDealProviderCollateralBounds";
    const Json bounds = rig->call(method, Json::array({2048, false, nullptr}))["result"];
    EXPECT_EQ(bounds["Min"], "1000");
    EXPECT_EQ(bounds["Max"], "2000000000000000000000000000");
    EXPECT_TRUE(rig->call(method, Json::array({"2048", false, nullptr})).contains("error"));
    EXPECT_TRUE(rig->call(method, Json::array({2048, 1, nullptr})).contains("error"));
    EXPECT_TRUE(rig->call(method, Json::array({2048, false})).contains("error"));
}

}    // namespace
}    // namespace filfil::node
