// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "office_rig.hpp"

namespace filfil::service {
namespace {

/// What the contract's owner and its sponsors do.
class Owner : public OfficeRig {
protected:
    void SetUp() override {
        OfficeRig::SetUp();
        office->params.replicas = 2;
        office->params.slot_length = 2880;
        office->params.window_length = 2880;
        office->params.bond = *incentive::U256::parse("10000000000000000000");
        office->put<calls::QueuedParams>({});
        office->put<calls::ActiveProviders>({.value = incentive::U256(3)});
        office->put<calls::Paused>({.value = false});
    }

    Json done(const std::string& method, const Json& params) {
        const Json job = rig->job(rig->ask(method, params));
        EXPECT_EQ(job["state"], "done") << job.dump(1);
        return job["result"];
    }
};

TEST_F(Owner, FundingIsSentWithItsMemoAndItsAmount) {
    start();
    const Json told = done("FilFil.Fund", {{"amount", "2.5 FIL"}, {"memo", "for the archive"}});
    EXPECT_EQ(told["amount"], "2500000000000000000");
    EXPECT_EQ(told["was_under_way"], false);
    EXPECT_EQ(office->effects<calls::Fund>(), 1U);
    const auto& blocks = office->chain.blocks();
    bool found = false;
    for (const auto& block : blocks)
        for (const auto& one : block.transactions)
            found = found || one.value == *incentive::U256::parse("2500000000000000000");
    EXPECT_TRUE(found);
    // Later, the same once more is another gift.
    rig->go_on(5);
    done("FilFil.Fund", {{"amount", "2.5 FIL"}, {"memo", "for the archive"}});
    EXPECT_EQ(office->effects<calls::Fund>(), 2U);
}

TEST_F(Owner, TheSameGiftTwiceAtOnceIsOne) {
    start();
    const Json first = rig->ask("FilFil.Fund", {{"amount", "1 FIL"}});
    rig->clock.advance(std::chrono::milliseconds(500));
    const Json second = rig->ask("FilFil.Fund", {{"amount", "1 FIL"}});
    EXPECT_EQ(rig->job(first)["state"], "done");
    EXPECT_EQ(rig->job(second)["state"], "done");
    EXPECT_EQ(office->effects<calls::Fund>(), 1U);
}

TEST_F(Owner, WhatIsNoGiftIsRefused) {
    start();
    for (const Json& wrong : {Json{{"amount", "0 FIL"}}, Json{{"amount", "much"}}, Json::object(),
                              Json{{"amount", "1 FIL"}, {"memo", std::string(129, 'x')}}})
        EXPECT_TRUE(rig->call("FilFil.Fund", wrong).error) << wrong.dump();
}

TEST_F(Owner, ParametersAreShownWithWhatIsQueued) {
    contract::Params next = office->params;
    next.replicas = 3;
    office->put<calls::QueuedParams>({.queued = next, .from_round = 4});
    start();
    const Json told = rig->ask("FilFil.Parameters");
    EXPECT_EQ(told["round"], 1);
    EXPECT_EQ(told["now"]["replicas"], 2);
    EXPECT_EQ(told["now"]["bond"], "10000000000000000000");
    EXPECT_EQ(told["queued"]["replicas"], 3);
    EXPECT_EQ(told["queued_from_round"], 4);
    EXPECT_EQ(told["change_from_round"], 3);
}

TEST_F(Owner, ADryRunShowsTheChangeAndSendsNothing) {
    start();
    const Json told = done("FilFil.SetParameters", {{"replicas", 3}, {"bond", "12 FIL"}, {"dry_run", true}});
    EXPECT_EQ(told["changes"], Json::parse(R"([{"name":"replicas","now":2,"next":3},
                              {"name":"bond","now":"10000000000000000000","next":"12000000000000000000"}])"));
    EXPECT_EQ(told["from_round"], 3);
    EXPECT_EQ(told["already_so"], false);
    EXPECT_GT(told["gas"].get<std::uint64_t>(), 0U);
    EXPECT_TRUE(office->chain.effects().empty());
}

TEST_F(Owner, AChangeIsQueuedOnTopOfWhatIsQueuedAlready) {
    contract::Params next = office->params;
    next.replicas = 3;
    office->put<calls::QueuedParams>({.queued = next, .from_round = 4});
    start();
    const Json told = done("FilFil.SetParameters", {{"max_misses", 5}});
    EXPECT_EQ(told["replaces_queued"], true);
    ASSERT_EQ(told["changes"].size(), 2U) << told.dump();
    EXPECT_EQ(office->effects<calls::QueueParams>(), 1U);
}

TEST_F(Owner, WhatIsSoAlreadyIsNotSent) {
    start();
    EXPECT_EQ(done("FilFil.SetParameters", {{"replicas", 2}})["already_so"], true);
    EXPECT_EQ(done("FilFil.SetPaused", {{"paused", false}})["already_so"], true);
    EXPECT_TRUE(office->chain.effects().empty());
}

TEST_F(Owner, WithNobodyRegisteredAChangeAppliesWhenTheNextRoundOpens) {
    office->put<calls::ActiveProviders>({});
    start();
    EXPECT_TRUE(rig->ask("FilFil.Parameters")["change_from_round"].is_null());
}

TEST_F(Owner, WrongParametersAreNamed) {
    start();
    for (const Json& wrong : {Json::object(), Json{{"replicas", -1}}, Json{{"replicas", 300}}, Json{{"bond", "x"}},
                              Json{{"recipe", "12"}}, Json{{"replica", 3}}})
        EXPECT_TRUE(rig->call("FilFil.SetParameters", wrong).error) << wrong.dump();
}

TEST_F(Owner, StagingIsPausedOnce) {
    start();
    EXPECT_EQ(done("FilFil.SetPaused", {{"paused", true}})["paused"], true);
    EXPECT_EQ(office->effects<calls::SetPaused>(), 1U);
    EXPECT_TRUE(rig->call("FilFil.SetPaused").error);
}

}    // namespace
}    // namespace filfil::service
