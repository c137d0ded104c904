// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sender_rig.hpp"

#include <gtest/gtest.h>

#include <set>

namespace filfil::incentive {
namespace {

using namespace std::chrono_literals;

const Bytes call_data = SenderRig::hex_bytes_of("c0ffee01");

std::string name_of_kind(const testing::TestParamInfo<WalletKind>& info) {
    return info.param == WalletKind::local ? "LocalKey" : info.param == WalletKind::lotus ? "Lotus" : "Forest";
}

class SenderTest : public testing::TestWithParam<WalletKind> {};
INSTANTIATE_TEST_SUITE_P(Wallets, SenderTest, testing::Values(WalletKind::local, WalletKind::lotus, WalletKind::forest),
                         name_of_kind);

/// What is true at the end of everything, however it came to it.
void expect_done_once(SenderRig& rig, const std::string& key = "stage/1") {
    SCOPED_TRACE(rig.log_text());
    ASSERT_TRUE(rig.results.contains(key));
    const auto& result = rig.results.at(key);
    ASSERT_TRUE(result.ok()) << result.error().text();
    EXPECT_EQ(rig.effects_of(call_data), 1U);
    EXPECT_EQ(rig.disk.effects.at(key).state, journal::EffectRecord::State::done);
    for (const auto& [name, effect] : rig.disk.effects)
        EXPECT_NE(effect.state, journal::EffectRecord::State::intended) << name;
    // The outcome is that of the transaction in the chain.
    const FakeChain::Block& block = rig.chain.blocks().at(result->block);
    bool found = false;
    for (const FakeChain::Pooled& one : block.transactions) found = found || one.hash == result->hash;
    EXPECT_TRUE(found);
}

TEST_P(SenderTest, SendsOnceAndTellsTheEnd) {
    SenderRig rig(GetParam());
    rig.chain.mine_every(30s);
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
    EXPECT_EQ(rig.results.at("stage/1")->gas_used, U256(50'000));
    EXPECT_EQ(rig.results.at("stage/1")->gas_price, U256(110));
    EXPECT_TRUE(rig.sender().list().empty());

    // Again, by the same process and by the next: the same answer, and nothing is sent.
    const std::size_t operations = rig.disk.operations;
    const SendOutcome first = *rig.results.at("stage/1");
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    EXPECT_EQ(*rig.results.at("stage/1"), first);
    rig.kill();
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    EXPECT_EQ(*rig.results.at("stage/1"), first);
    EXPECT_EQ(rig.disk.operations, operations);
    EXPECT_EQ(rig.effects_of(call_data), 1U);
}

TEST_P(SenderTest, WaitsForItsConfirmations) {
    SenderRig rig(GetParam());
    rig.options.confirmations = 10;
    rig.options.stuck_after = 100;
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.mine(9);
    rig.clock.advance(60s);
    EXPECT_FALSE(rig.results.contains("stage/1"));
    EXPECT_EQ(rig.info("stage/1").phase, SendPhase::included);
    rig.chain.mine();
    ASSERT_TRUE(rig.ended("stage/1", 1h));
    expect_done_once(rig);
}

TEST_P(SenderTest, IsDoneAsSoonAsTheBlockIsFinal) {
    SenderRig rig(GetParam());
    rig.options.confirmations = 900;
    rig.options.finality = true;
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.mine();
    rig.chain.final_block = rig.chain.head() - 1;
    rig.clock.advance(60s);
    EXPECT_FALSE(rig.results.contains("stage/1"));
    rig.chain.final_block = rig.chain.head();
    ASSERT_TRUE(rig.ended("stage/1", 1h));
    expect_done_once(rig);
}

TEST_P(SenderTest, TellsARefusalBeforeAnythingIsSpent) {
    SenderRig rig(GetParam());
    rig.chain.mine_every(30s);
    rig.chain.refuses = [](const EthAddress&, const Bytes&) { return SenderRig::hex_bytes_of("deadbeef"); };
    rig.options.revert = [](ByteView data, const std::string&) {
        return Error(ErrorCode::denied, "the contract said 0x" + to_hex(data), "do as it says");
    };
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().message, "the contract said 0xdeadbeef");
    EXPECT_EQ(rig.results.at("stage/1").error().remedy, "do as it says");
    EXPECT_EQ(rig.chain.in_pool(), 0U);
    EXPECT_TRUE(rig.disk.effects.empty());

    // Once it is right, the same effect can be had.
    rig.chain.refuses = {};
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

TEST_P(SenderTest, TellsThatTheBalanceDoesNotDo) {
    SenderRig rig(GetParam());
    rig.chain.balances[rig.account()] = 1000;
    rig.start();
    rig.send("stage/1", call_data, 500);
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    const Error& error = rig.results.at("stage/1").error();
    EXPECT_EQ(error.code, ErrorCode::too_small);
    EXPECT_NE(error.message.find("0.000000000000001 FIL"), std::string::npos) << error.message;
    EXPECT_NE(error.remedy.find("send "), std::string::npos) << error.remedy;
    EXPECT_EQ(rig.chain.in_pool(), 0U);
    EXPECT_TRUE(rig.disk.effects.empty());
}

TEST_P(SenderTest, TellsWhyTheContractRefusedOnTheChain) {
    SenderRig rig(GetParam());
    rig.options.revert = [](ByteView data, const std::string&) {
        return Error(ErrorCode::denied, "the contract said 0x" + to_hex(data), "do as it says");
    };
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    EXPECT_EQ(rig.chain.in_pool(), 1U);
    rig.chain.refuses = [](const EthAddress&, const Bytes&) { return SenderRig::hex_bytes_of("deadbeef"); };
    rig.chain.mine(3);
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().message, "the contract said 0xdeadbeef");
    EXPECT_EQ(rig.disk.effects.at("stage/1").state, journal::EffectRecord::State::failed);
    EXPECT_EQ(rig.effects_of(call_data), 0U);

    // A new attempt is a new transaction.
    rig.chain.refuses = {};
    rig.chain.mine_every(30s);
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
    EXPECT_EQ(rig.disk.effects.at("stage/1").attempts, 2U);
}

TEST_P(SenderTest, RefusesAnotherCallUnderTheSameKey) {
    SenderRig rig(GetParam());
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    const auto refused = [&] {
        std::optional<Result<SendOutcome>> other;
        rig.sender().send({"stage/1", "other", {SenderRig::contract(), {}, {}}},
                          [&](const Result<SendOutcome>& result) { other = result; });
        rig.clock.run_until([&] { return other.has_value(); }, 1min);
        return other && !other->ok() && other->error().code == ErrorCode::mismatch;
    };
    EXPECT_TRUE(refused());
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    EXPECT_TRUE(refused());
    expect_done_once(rig);
}

TEST_P(SenderTest, ComesBackAfterAReorgWithTheSameTransaction) {
    for (const bool to_pool : {true, false}) {
        SenderRig rig(GetParam());
        rig.options.confirmations = 6;
        rig.options.stuck_after = 50;
        rig.start();
        rig.send("stage/1");
        rig.clock.advance(60s);
        rig.chain.mine(4);
        rig.clock.advance(60s);
        EXPECT_EQ(rig.info("stage/1").phase, SendPhase::included);
        const auto hash = rig.info("stage/1").hash;
        rig.chain.reorg(4, to_pool);
        rig.clock.advance(30s);
        EXPECT_NE(rig.info("stage/1").phase, SendPhase::included);
        EXPECT_TRUE(rig.log.has("left the chain"));
        rig.chain.mine_every(30s);
        ASSERT_TRUE(rig.ended("stage/1"));
        expect_done_once(rig);
        EXPECT_EQ(rig.results.at("stage/1")->hash, hash);
    }
}

TEST_P(SenderTest, IsNotTakenInByTheReceiptOfABlockThatLeftTheChain) {
    SenderRig rig(GetParam());
    rig.options.confirmations = 6;
    rig.options.stuck_after = 1000;
    rig.chain.keeps_receipts = true;
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.mine(3);
    rig.clock.advance(60s);
    rig.chain.takes_in = false;
    rig.chain.reorg(3, true);
    rig.chain.mine(20);
    rig.clock.advance(10min);
    EXPECT_FALSE(rig.results.contains("stage/1"));
    EXPECT_EQ(rig.effects_of(call_data), 0U);
    rig.chain.takes_in = true;
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

// What was written down keeps its nonce, though no node has seen it yet.
TEST(SenderNonces, AreNotGivenAwayTwiceWhereTheNodeHasNotTakenTheFirst) {
    SenderRig rig;
    bool refusing = true;
    rig.chain.lies = [&](const std::string& method, const rpc::Json&) -> std::optional<FakeChain::Outcome> {
        if (refusing && method == "eth_sendRawTransaction") return FakeChain::Refused{-32000, "not now", {}};
        return std::nullopt;
    };
    rig.start();
    for (int i = 0; i < 3; ++i) rig.send("call/" + std::to_string(i), Bytes(8, static_cast<std::byte>(i + 1)));
    rig.clock.advance(60s);
    std::set<std::uint64_t> nonces;
    for (const SendInfo& info : rig.sender().list()) {
        ASSERT_TRUE(info.nonce.has_value());
        nonces.insert(*info.nonce);
        ASSERT_TRUE(info.trouble.has_value());
        EXPECT_NE(info.trouble->message.find("not now"), std::string::npos);
    }
    EXPECT_EQ(nonces, (std::set<std::uint64_t>{0, 1, 2}));

    // The same after a crash, with one more that is asked for.
    rig.kill();
    rig.start();
    rig.send("call/3", Bytes(8, std::byte{4}));
    rig.clock.advance(60s);
    refusing = false;
    rig.chain.mine_every(30s);
    for (int i = 0; i < 4; ++i) rig.send("call/" + std::to_string(i), Bytes(8, static_cast<std::byte>(i + 1)));
    for (int i = 0; i < 4; ++i) {
        const std::string key = "call/" + std::to_string(i);
        ASSERT_TRUE(rig.ended(key));
        EXPECT_TRUE(rig.results.at(key).ok());
        EXPECT_EQ(rig.effects_of(Bytes(8, static_cast<std::byte>(i + 1))), 1U) << i;
    }
    EXPECT_EQ(rig.chain.effects().size(), 4U);
}

// Two programs with one key: the node has the other's transaction under the same nonce. It is not outbid.
TEST(SenderNonces, AreNotFoughtForWithAnotherProgram) {
    SenderRig rig;
    SenderRig::Process other(rig);
    rig.chain.least_tip = 1000;
    std::optional<Draft> theirs;
    other.wallet->prepare({SenderRig::contract(), {}, SenderRig::hex_bytes_of("aa")}, {.id = "x"},
                          [&](Result<Draft> draft) { theirs = *draft; });
    ASSERT_TRUE(rig.clock.run_until([&] { return theirs.has_value(); }, 1min));
    rig.chain.lies = [&](const std::string& method, const rpc::Json& params) -> std::optional<FakeChain::Outcome> {
        // Ours is made before theirs is in the pool.
        if (method == "eth_getTransactionCount" && params[1] == rpc::Json("pending")) return rpc::Json("0x0");
        return std::nullopt;
    };
    other.wallet->send(*theirs, [](const Result<Draft>&) {});
    rig.clock.advance(5s);
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.mine(30);
    rig.clock.advance(10min);
    EXPECT_EQ(rig.info("stage/1").replacements, 0U);
    EXPECT_EQ(rig.chain.in_pool(), 1U);
    rig.chain.lies = {};
    rig.chain.least_tip = 0;
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
    EXPECT_EQ(rig.effects_of(SenderRig::hex_bytes_of("aa")), 1U);
}

TEST_P(SenderTest, SendsAgainWhatThePoolHasLost) {
    SenderRig rig(GetParam());
    rig.options.stuck_after = 1000;
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    ASSERT_EQ(rig.chain.in_pool(), 1U);
    rig.chain.lose_pool();
    rig.clock.advance(60s);
    EXPECT_EQ(rig.chain.in_pool(), 1U);
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

TEST_P(SenderTest, RaisesTheFeesOfWhatIsStuck) {
    SenderRig rig(GetParam());
    rig.chain.least_tip = 15;
    rig.chain.mine_every(30s);
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
    EXPECT_GE(rig.disk.effects.size(), 3U);
    // 10 → 14 → 19: two replacements, never two in the pool at once.
    std::size_t drafts = 0;
    for (const auto& [name, effect] : rig.disk.effects) drafts += name.starts_with("stage/1/tx/") ? 1U : 0U;
    EXPECT_GE(drafts, 3U);
}

TEST_P(SenderTest, IsDoneWhenAnEarlierOneOfItsReplacementsComesIn) {
    SenderRig rig(GetParam());
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.takes_in = false;
    rig.chain.mine(6);
    // The block that is found at last had been built on the first one.
    const auto first = rig.info("stage/1").hash;
    rig.clock.advance(60s);
    EXPECT_EQ(rig.info("stage/1").replacements, 1U);
    EXPECT_NE(rig.info("stage/1").hash, first);
    rig.chain.takes_in = true;
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

TEST_P(SenderTest, OutlivesANodeThatIsGone) {
    SenderRig rig(GetParam());
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.dead = true;
    rig.clock.advance(30min);
    EXPECT_TRUE(rig.info("stage/1").trouble.has_value());
    EXPECT_FALSE(rig.results.contains("stage/1"));
    rig.chain.dead = false;
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

TEST_P(SenderTest, TellsAtOnceThatThereIsNoNodeBeforeAnythingIsSent) {
    SenderRig rig(GetParam());
    rig.chain.dead = true;
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1", 5min));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().code, ErrorCode::io);
    EXPECT_TRUE(rig.disk.effects.empty());
}

TEST_P(SenderTest, RefusesANodeOfAnotherChain) {
    SenderRig rig(GetParam());
    rig.chain.chain_id = 1;
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().code, ErrorCode::mismatch);
}

TEST_P(SenderTest, SaysWhatANodeWithoutEthereumsInterfaceLacks) {
    SenderRig rig(GetParam());
    rig.chain.missing = {"eth_chainId", "eth_call"};
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().code, ErrorCode::unsupported);
    EXPECT_NE(rig.results.at("stage/1").error().remedy.find("EnableEthRPC"), std::string::npos);
}

TEST_P(SenderTest, SendsManyAtOnceWithoutAGap) {
    SenderRig rig(GetParam());
    rig.start();
    for (int i = 0; i < 20; ++i) rig.send("call/" + std::to_string(i), Bytes(8, static_cast<std::byte>(i + 1)));
    rig.clock.advance(3min);
    EXPECT_EQ(rig.chain.in_pool(), 20U);
    rig.chain.mine_every(30s);
    for (int i = 0; i < 20; ++i) {
        const std::string key = "call/" + std::to_string(i);
        ASSERT_TRUE(rig.ended(key));
        ASSERT_TRUE(rig.results.at(key).ok()) << rig.results.at(key).error().text();
        EXPECT_EQ(rig.effects_of(Bytes(8, static_cast<std::byte>(i + 1))), 1U) << i;
    }
    EXPECT_EQ(rig.chain.effects().size(), 20U);
}

TEST_P(SenderTest, GoesByTheChainWhereTheNodeHasNoIndex) {
    SenderRig rig(GetParam());
    rig.chain.has_index = false;
    rig.chain.mine_every(30s);
    rig.start();
    rig.send("stage/1");
    if (GetParam() != WalletKind::local) {
        // StateSearchMsg does without.
        ASSERT_TRUE(rig.ended("stage/1"));
        expect_done_once(rig);
        return;
    }
    rig.clock.advance(30min);
    EXPECT_FALSE(rig.results.contains("stage/1"));
    ASSERT_TRUE(rig.info("stage/1").trouble.has_value());
    EXPECT_NE(rig.info("stage/1").trouble->remedy.find("EnableIndexer"), std::string::npos);
    EXPECT_EQ(rig.effects_of(call_data), 1U);
    rig.chain.has_index = true;
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

TEST_P(SenderTest, TakesTheNextNonceOnlyWhenItsOwnIsLostForGood) {
    SenderRig rig(GetParam());
    rig.options.confirmations = 5;
    rig.options.stuck_after = 1000;
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    ASSERT_EQ(rig.chain.in_pool(), 1U);
    rig.chain.foreign(rig.account(), SenderRig::hex_bytes_of("aa"));
    rig.clock.advance(60s);
    ASSERT_TRUE(rig.info("stage/1").trouble.has_value());
    EXPECT_NE(rig.info("stage/1").trouble->message.find("used the nonce"), std::string::npos);
    rig.chain.mine(3);
    rig.clock.advance(60s);
    EXPECT_EQ(rig.chain.in_pool(), 0U);

    // Another fork without it: the first transaction is good after all.
    rig.chain.reorg(4, false);
    rig.clock.advance(60s);
    EXPECT_EQ(rig.chain.in_pool(), 1U);

    rig.chain.foreign(rig.account(), SenderRig::hex_bytes_of("bb"));
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    expect_done_once(rig);
}

TEST_P(SenderTest, FailsWhereTheCallMakesNoSenseAnyMoreAfterItsNonceWasLost) {
    SenderRig rig(GetParam());
    rig.start();
    rig.send("stage/1");
    rig.clock.advance(60s);
    rig.chain.foreign(rig.account(), SenderRig::hex_bytes_of("aa"));
    rig.chain.refuses = [](const EthAddress&, const Bytes&) { return SenderRig::hex_bytes_of("deadbeef"); };
    rig.chain.mine_every(30s);
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.disk.effects.at("stage/1").state, journal::EffectRecord::State::failed);
    EXPECT_EQ(rig.effects_of(call_data), 0U);
}

TEST_P(SenderTest, KeepsToTheUsersLimits) {
    SenderRig rig(GetParam());
    rig.limits.fee_cap = 50;
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().code, ErrorCode::busy);
    EXPECT_EQ(rig.chain.in_pool(), 0U);
    rig.kill();
    rig.limits = {.most = U256(1000)};
    rig.start();
    rig.send("stage/1");
    ASSERT_TRUE(rig.ended("stage/1"));
    ASSERT_FALSE(rig.results.at("stage/1").ok());
    EXPECT_EQ(rig.results.at("stage/1").error().code, ErrorCode::too_large);
}

}    // namespace
}    // namespace filfil::incentive
