// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "office_rig.hpp"

namespace filfil::service {
namespace {

using incentive::Held;

/// What is done for held pieces unasked.
class Caretaking : public OfficeRig {
protected:
    void SetUp() override {
        OfficeRig::SetUp();
        rig->config.incentive.upkeep = true;
    }
};

TEST_F(Caretaking, SettlesADayBeforeThePiecesTermEndsAndOnceMoreJustBefore) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 2880 + 30, 1'000'000'000'000);
    rig->go_on(70);    // the holdings are read every 60 epochs
    EXPECT_EQ(office->effects<calls::Settle>(), 1U);
    rig->go_on(60);
    EXPECT_EQ(office->effects<calls::Settle>(), 1U) << "once";
    office->pieces[0].holder.until = epoch() + 100;
    office->sectors[7].expiration = epoch() + 100;
    rig->go_on(70);
    EXPECT_EQ(office->effects<calls::Settle>(), 2U);
    EXPECT_EQ(office->pieces[0].holder.state, static_cast<std::uint8_t>(Held::active));
    // The sector ends with the term: there is no more to have, and nothing to be told.
    office->sectors[7].status = 0;
    rig->go_on(100);
    EXPECT_EQ(office->effects<calls::Settle>(), 2U);
    EXPECT_FALSE(alert("not_settled_t01000_65536_0"));
    EXPECT_EQ(office->effects<calls::Withdraw>(), 0U) << "withdrawing is for people";
}

TEST_F(Caretaking, TheRestIsSettledWhereTheSectorLivesOn) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 20);
    office->sectors[7].expiration = epoch() + 100'000;
    rig->go_on(90);
    EXPECT_EQ(office->pieces[0].holder.state, static_cast<std::uint8_t>(Held::done));
    EXPECT_EQ(office->pieces[0].holder.paid, office->pieces[0].holder.share);
}

TEST_F(Caretaking, WhatAFaultySectorHasEarnedIsSettledOnceItIsRecoveredAlsoBehindTheTerm) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 20);
    office->sectors[7].expiration = epoch() + 100'000;
    office->sectors[7].status = 2;
    rig->go_on(90);
    EXPECT_EQ(office->effects<calls::Settle>(), 0U);
    EXPECT_TRUE(alert("not_settled_t01000_65536_0"));
    office->sectors[7].status = 1;
    rig->go_on(20);
    EXPECT_EQ(office->pieces[0].holder.state, static_cast<std::uint8_t>(Held::done));
    EXPECT_FALSE(alert("not_settled_t01000_65536_0"));
}

TEST_F(Caretaking, NothingIsSettledLongBeforeTheEnd) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 100'000);
    rig->go_on(130);
    EXPECT_EQ(office->effects<calls::Settle>(), 0U);
}

TEST_F(Caretaking, NothingIsSentWhereItIsSwitchedOff) {
    rig->config.incentive.upkeep = false;
    start();
    office->deals_active = true;
    office->hold(0, Held::active, 7, 1, epoch() + 50);
    office->hold(1, Held::published, 8, epoch(), epoch() + 100'000);
    rig->go_on(130);
    EXPECT_TRUE(office->chain.effects().empty());
}

TEST_F(Caretaking, ADealIsActivatedOnceItsSectorIsProven) {
    start();
    office->hold(0, Held::published, 8, epoch(), epoch() + 100'000);
    rig->go_on(70);
    EXPECT_EQ(office->effects<calls::ActivateDeal>(), 0U);
    EXPECT_FALSE(alert("not_settled_t01000_65536_0")) << "to wait is no failure";
    office->deals_active = true;
    rig->go_on(30);
    EXPECT_EQ(office->effects<calls::ActivateDeal>(), 1U);
    rig->go_on(70);
    EXPECT_EQ(office->effects<calls::ActivateDeal>(), 1U);
}

TEST_F(Caretaking, EachTakesEffectOnceThoughTheDaemonIsKilled) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 2000);
    office->hold(1, Held::published, 8, epoch(), epoch() + 100'000);
    office->deals_active = true;
    for (int i = 0; i < 6; ++i) {
        rig->go_on(12);
        rig->kill();
        start();
    }
    rig->go_on(130);
    EXPECT_EQ(office->effects<calls::Settle>(), 1U);
    EXPECT_EQ(office->effects<calls::ActivateDeal>(), 1U);
}

TEST_F(Caretaking, WithoutGasThereIsAnAlertUntilThereIsSome) {
    office->chain.balances[incentive::EthAddress::of_id(FakeOffice::wallet_id)] = incentive::U256(5);
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 500);
    rig->go_on(70);
    const auto told = alert("not_settled_t01000_65536_0");
    ASSERT_TRUE(told);
    EXPECT_EQ((*told)["severity"], "error");
    EXPECT_NE((*told)["message"].get<std::string>().find("piece 0 of slot 0 of round 1 of t01000"), std::string::npos);
    EXPECT_NE((*told)["remedy"].get<std::string>().find("FIL"), std::string::npos) << told->dump();
    EXPECT_EQ(office->effects<calls::Settle>(), 0U);
    office->chain.balances[incentive::EthAddress::of_id(FakeOffice::wallet_id)] =
        *incentive::U256::parse("1000000000000000000");
    rig->go_on(30);
    EXPECT_EQ(office->effects<calls::Settle>(), 1U);
    EXPECT_FALSE(alert("not_settled_t01000_65536_0"));
}

TEST_F(Caretaking, ASectorThatEndsSoonIsAnAlertUntilItIsExtended) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 1'000'000);
    office->hold(1, Held::active, 8, 1, epoch() + 1'000'000);
    office->sectors[7].expiration = epoch() + 13 * 2880;
    office->sectors[8].expiration = epoch() + 16 * 2880;
    rig->go_on(70);
    const auto told = alert("sector_ends_t01000_7");
    ASSERT_TRUE(told);
    EXPECT_NE(
        (*told)["message"].get<std::string>().find("sector 7 of t01000, which holds piece 0 of slot 0 of round 1"),
        std::string::npos);
    EXPECT_NE((*told)["remedy"].get<std::string>().find("extend"), std::string::npos);
    EXPECT_FALSE(alert("sector_ends_t01000_8"));
    const Json status = rig->ask("FilFil.Status")["retention"];
    EXPECT_EQ(status["pieces"], 2);
    EXPECT_EQ(status["sectors_seen"], 2);
    EXPECT_TRUE(status["trouble"].is_null());
    office->sectors[7].expiration = epoch() + 1'000'000;
    rig->go_on(70);
    EXPECT_FALSE(alert("sector_ends_t01000_7"));
}

TEST_F(Caretaking, TheAlarmComesAsEarlyAsTheSettingSaysOrNotAtAll) {
    rig->config.incentive.expiry_alarm_days = 0;
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 1'000'000);
    office->sectors[7].expiration = epoch() + 2880;
    rig->go_on(70);
    EXPECT_FALSE(alert("sector_ends_t01000_7"));
    rig->ask("FilFil.SetConfig", {{"key", "incentive.expiry_alarm_days"}, {"value", 2}});
    rig->go_on(5);
    EXPECT_TRUE(alert("sector_ends_t01000_7"));
}

TEST_F(Caretaking, AFaultyOrLostSectorIsAnAlert) {
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 1'000'000);
    office->hold(1, Held::active, 8, 1, epoch() + 1'000'000);
    office->sectors[7].status = 2;
    office->sectors[8].status = 0;
    rig->go_on(70);
    EXPECT_TRUE(alert("sector_faulty_t01000_7"));
    EXPECT_TRUE(alert("sector_gone_t01000_8"));
    office->sectors[7].status = 1;
    rig->go_on(70);
    EXPECT_FALSE(alert("sector_faulty_t01000_7"));
}

TEST_F(Caretaking, WhereMinersCannotBeAskedTheStatusSaysSoAndNothingElse) {
    office->knows_places = false;
    start();
    office->hold(0, Held::active, 7, 1, epoch() + 1'000'000);
    rig->go_on(70);
    const Json status = rig->ask("FilFil.Status");
    EXPECT_EQ(status["retention"]["pieces"], 1);
    EXPECT_EQ(status["retention"]["sectors_seen"], 0);
    EXPECT_TRUE(status["retention"]["epoch"].is_null());
    EXPECT_TRUE(status["retention"]["trouble"].is_string());
    for (const Json& one : status["alerts"])
        EXPECT_EQ(one["code"].get<std::string>().find("sector"), std::string::npos);
}

}    // namespace
}    // namespace filfil::service
