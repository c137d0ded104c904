// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "office_rig.hpp"

namespace filfil::service {
namespace {

using incentive::Held;

class Claiming : public OfficeRig {};

TEST_F(Claiming, ADryRunShowsWhatAClaimWouldBringAndSendsNothing) {
    start();
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1'000'000, 1'000'000'000'000'000);
    office->hold(1, Held::published, 8, epoch(), epoch() + 1'000'000);
    office->credit = incentive::U256(50'000'000);
    const Json told = claimed({{"dry_run", true}, {"all", true}});
    ASSERT_EQ(told["items"].size(), 3U) << told.dump(1);
    const Json& settle = told["items"][0];
    EXPECT_EQ(settle["kind"], "settle");
    EXPECT_EQ(settle["outcome"], "would_send");
    EXPECT_EQ(settle["slot"], 65536);
    EXPECT_EQ(settle["target_epoch"], 0);
    EXPECT_EQ(settle["sector"], 7);
    EXPECT_EQ(settle["due"], "8999910000");
    EXPECT_GT(settle["gas"].get<std::uint64_t>(), 0U);
    EXPECT_EQ(told["items"][1]["outcome"], "not_active_yet");
    EXPECT_EQ(told["items"][2]["kind"], "withdraw");
    EXPECT_EQ(told["items"][2]["amount"], "9049910000");
    EXPECT_EQ(told["due"], "8999910000");
    EXPECT_EQ(told["held"], 2);
    EXPECT_EQ(told["failed"], 0);
    EXPECT_TRUE(office->chain.effects().empty());
    EXPECT_EQ(office->chain.in_pool(), 0U);
}

TEST_F(Claiming, SettlesWhatIsDueThenWithdrawsAllOfIt) {
    start();
    office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000);
    office->hold(1, Held::active, 8, epoch() - 20, epoch() + 1'000);
    const Json told = claimed({{"miners", {"t01000"}}});
    ASSERT_EQ(told["items"].size(), 3U) << told.dump(1);
    for (const Json& item : told["items"]) {
        EXPECT_EQ(item["outcome"], "sent") << item.dump(1);
        EXPECT_FALSE(item["hash"].is_null());
    }
    EXPECT_EQ(office->effects<calls::Settle>(), 2U);
    EXPECT_EQ(office->effects<calls::Withdraw>(), 1U);
    EXPECT_NE(told["withdrawn"], "0");
}

TEST_F(Claiming, APieceThatCannotBeSettledIsNamedAndStopsNoOther) {
    start();
    office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000);
    office->hold(1, Held::active, 8, epoch() - 20, epoch() + 1'000);
    office->hold(2, Held::active, 9, epoch() - 20, epoch() + 1'000);
    office->hold(3, Held::active, 10, epoch() - 20, epoch() + 1'000);
    office->sectors[7].status = 0;
    office->sectors[8].status = 2;
    office->refused.insert("settle/2");
    const Json told = claimed(Json::object());
    ASSERT_EQ(told["items"].size(), 5U) << told.dump(1);
    EXPECT_EQ(told["failed"], 3);
    EXPECT_EQ(told["items"][0]["error"]["message"],
              "sector 7 of t01000, which held piece 0 of slot 0 of round 1, is gone");
    EXPECT_NE(told["items"][0]["error"]["remedy"].get<std::string>().find("incentive.upkeep"), std::string::npos);
    EXPECT_EQ(told["items"][1]["error"]["message"],
              "sector 8 of t01000, which holds piece 1 of slot 0 of round 1, is faulty");
    // The contract's own refusal is a sentence, too.
    EXPECT_NE(told["items"][2]["error"]["message"].get<std::string>().find("is not active"), std::string::npos);
    EXPECT_EQ(told["items"][3]["outcome"], "sent");
    EXPECT_EQ(told["items"][4]["kind"], "withdraw");
    EXPECT_EQ(office->effects<calls::Settle>(), 1U);
    EXPECT_EQ(office->effects<calls::Withdraw>(), 1U);
}

TEST_F(Claiming, WhatIsWorthLessThanItsGasIsLeftUnlessAllIsWanted) {
    start();
    office->hold(0, Held::active, 7, epoch() - 1, epoch() + 1'000'000, 10'000'000);
    const Json told = claimed(Json::object());
    ASSERT_EQ(told["items"].size(), 1U) << told.dump(1);
    EXPECT_EQ(told["items"][0]["outcome"], "not_worth_it");
    EXPECT_EQ(told["due"], "0");
    EXPECT_EQ(told["to_come"], "9000000");
    EXPECT_TRUE(office->chain.effects().empty());
    EXPECT_EQ(claimed({{"all", true}})["items"][0]["outcome"], "sent");
}

TEST_F(Claiming, WithNothingHeldThereIsNothingToDo) {
    start();
    const Json told = claimed(Json::object());
    EXPECT_EQ(told["items"], Json::array());
    EXPECT_EQ(told["held"], 0);
    EXPECT_EQ(told["to_come"], "0");
}

TEST_F(Claiming, TwoClaimsAtOnceSettleOnce) {
    start();
    office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000);
    const Json first = rig->ask("FilFil.Claim", {{"all", true}});
    const Json second = rig->ask("FilFil.Claim", {{"all", true}});
    EXPECT_EQ(rig->job(first)["state"], "done");
    EXPECT_EQ(rig->job(second)["state"], "done");
    EXPECT_EQ(office->effects<calls::Settle>(), 1U);
    EXPECT_EQ(office->effects<calls::Withdraw>(), 1U);
}

/// Wherever the daemon is killed, the next claim pays no gas for what the first has sent.
TEST_F(Claiming, AClaimThatIsCutShortIsTakenUpByTheNext) {
    for (const int seconds : {0, 1, 2, 4, 8, 20}) {
        SCOPED_TRACE(seconds);
        TearDown();
        SetUp();
        start();
        office->chain.stop_mining();
        office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000);
        rig->ask("FilFil.Claim");
        rig->clock.advance(std::chrono::seconds(seconds));
        rig->kill();
        start();
        const Json started = rig->ask("FilFil.Claim");
        rig->clock.advance(std::chrono::seconds(5));
        office->chain.mine_every(std::chrono::seconds(3));
        const Json job = rig->job(started);
        ASSERT_EQ(job["state"], "done") << job.dump(1);
        EXPECT_EQ(job["result"]["failed"], 0) << job.dump(1);
        EXPECT_EQ(office->effects<calls::Settle>(), 1U);
        EXPECT_EQ(office->effects<calls::Withdraw>(), 1U);
    }
}

/// As where a round begins between the estimate and the block: opening it takes gas that nobody has reckoned with.
TEST_F(Claiming, WhatFailsOnTheChainThoughItWouldHaveSucceededIsTriedOnceMore) {
    start();
    office->chain.stop_mining();
    office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000);
    const Json started = rig->ask("FilFil.Claim");
    for (int i = 0; i < 50 && office->chain.in_pool() == 0; ++i) rig->clock.advance(std::chrono::seconds(1));
    ASSERT_EQ(office->chain.in_pool(), 1U);
    office->refused.insert("settle/0");
    office->chain.mine();
    office->refused.clear();
    office->chain.mine_every(std::chrono::seconds(3));
    const Json job = rig->job(started);
    ASSERT_EQ(job["state"], "done") << job.dump(1);
    EXPECT_EQ(job["result"]["failed"], 0) << job.dump(1);
    EXPECT_EQ(office->effects<calls::Settle>(), 1U);
}

TEST_F(Claiming, WithoutAWalletOnlyADryRunIsPossible) {
    rig->config.incentive.wallet = "";
    start();
    office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000);
    const rpc::Answer answer = rig->call("FilFil.Claim");
    ASSERT_TRUE(answer.error);
    EXPECT_NE(answer.error->message.find("neither a wallet nor a key"), std::string::npos);
    EXPECT_EQ(claimed({{"dry_run", true}})["items"][0]["outcome"], "would_send");
}

TEST_F(Claiming, AMinerThatIsNoneIsRefused) {
    start();
    const rpc::Answer answer = rig->call("FilFil.Claim", {{"miners", {"t01000", "f2abc"}}});
    ASSERT_TRUE(answer.error);
    EXPECT_NE(answer.error->message.find("miner"), std::string::npos);
}

/// Holdings of rounds long past are found, whatever was staged since.
TEST_F(Claiming, PiecesOfPastRoundsAreFoundToo) {
    start();
    office->round.number = 40;
    office->round.start = epoch() - 1;
    contract::Round past = office->round;
    past.number = 3;
    past.start = 1;
    past.slot_length = 1;
    past.window_length = 1;
    office->put<calls::RoundOf>({.value = past});
    office->hold(0, Held::active, 7, epoch() - 20, epoch() + 1'000).slot = 3U << 16;
    const Json payouts = rig->ask("FilFil.Payouts")["payouts"];
    ASSERT_EQ(payouts.size(), 1U);
    bool found = false;
    for (const Json& held : payouts[0]["holdings"])
        found = found || (held["slot"] == (3U << 16) && held["sector"] == 7);
    EXPECT_TRUE(found) << payouts.dump(1);
}

}    // namespace
}    // namespace filfil::service
