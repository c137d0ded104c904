// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_contract.hpp"
#include "service_rig.hpp"

#include "service/incentive/desk.hpp"

#include <algorithm>

namespace filfil::service {
namespace {

namespace contract = incentive::contract;
namespace calls = incentive::contract::calls;

constexpr std::uint32_t slot = 1U << 16;

/// A daemon whose settings name a contract, and own miner t01000.
class Incentive : public testing::Test {
protected:
    void SetUp() override {
        rig = std::make_unique<ServiceRig>(ServiceRig::Options{.start = false});
        rig->config.incentive.contract = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
        rig->config.incentive.miners = {"t01000"};
        rig->config.chain.eth_url = "http://node:8545/";
        listener = std::move(rig->node.transport.listen({.at = {"node", 8545}}, evm).value());

        contract::Round round;
        round.number = 1;
        round.start = 1000;
        round.positions = 1;
        round.slot_length = 100;
        round.window_length = 100;
        round.lead = 5;
        round.replicas = 1;
        evm.answer<calls::Version>({.value = incentive::U256(1)});
        evm.answer<calls::Successor>({});
        evm.answer<calls::Round>({.value = round});
        contract::Params params;
        const auto recipe = snapshot::hash_of(default_recipe(rig->config));
        std::ranges::copy(std::as_bytes(std::span(recipe)), params.recipe.begin());
        evm.answer<calls::Params>({.value = params});
        evm.answer<calls::Schedule>({});
    }

    /// The one window of the own miner. @param target, open, close epochs
    void window(std::uint64_t target, std::uint64_t open, std::uint64_t close) {
        calls::Schedule::Output schedule;
        schedule.value = {{.slot = slot, .target = target, .open = open, .close = close}};
        evm.answer<calls::Schedule>(schedule);
        evm.answer<calls::Windows>({.start = open, .end = close, .slot = slot, .misses = 1, .standing = 1});
    }

    void start() {
        ASSERT_FALSE(rig->start());
        ASSERT_TRUE(rig->wait_state("synced"));
    }

    [[nodiscard]] std::uint64_t status_epoch(const char* name) { return rig->ask("FilFil.Status")[name]; }

    [[nodiscard]] bool has_alert(const std::string& code) {
        const Json status = rig->ask("FilFil.Status");
        for (const Json& alert : status["alerts"])
            if (alert["code"] == code) return true;
        return false;
    }

    FakeContract evm;
    std::unique_ptr<ServiceRig> rig;
    std::unique_ptr<Transport::Listener> listener;
};

TEST_F(Incentive, NextWindowIsReadAnewAndCostsOneCall) {
    window(900, 1000, 1100);
    start();
    const int before = evm.asked<calls::Windows>();
    const Json told = rig->ask("FilFil.NextWindow")["windows"];
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]["miner"], "t01000");
    EXPECT_EQ(told[0]["slot"], slot);
    EXPECT_EQ(told[0]["open_epoch"], 1000);
    EXPECT_EQ(told[0]["close_epoch"], 1100);
    EXPECT_EQ(told[0]["target_epoch"], 995);
    EXPECT_EQ(told[0]["standing"], "active");
    EXPECT_EQ(told[0]["misses"], 1);
    EXPECT_EQ(told[0]["policy"], "ask");
    EXPECT_EQ(evm.asked<calls::Windows>(), before + 1);
}

TEST_F(Incentive, ATargetIsHeldOnceItIsFinalWhereSomebodyIsAsked) {
    ASSERT_FALSE(rig->start());
    ASSERT_TRUE(rig->wait_state("synced"));
    const std::uint64_t target = status_epoch("synced_epoch") + 2;
    window(target, target + 2, target + 200);
    rig->go_on(70);
    ASSERT_GE(status_epoch("finalized_epoch"), target);
    const Json all_holds = rig->ask("FilFil.Holds")["holds"];
    bool held = false;
    for (const Json& hold : all_holds)
        if (hold["reason"] == "slot " + std::to_string(slot)) {
            held = true;
            EXPECT_LE(hold["epoch"].get<std::uint64_t>(), target);
            EXPECT_FALSE(hold["expires_at"].is_null());
        }
    EXPECT_TRUE(held) << all_holds.dump();
    EXPECT_TRUE(has_alert("window_open_t01000"));
    EXPECT_FALSE(has_alert("recipe_differs"));
}

TEST_F(Incentive, ATargetIsScheduledWherePolicySaysAutomatic) {
    rig->config.incentive.policy = SlotPolicy::automatic;
    ASSERT_FALSE(rig->start());
    ASSERT_TRUE(rig->wait_state("synced"));
    const std::uint64_t target = status_epoch("synced_epoch") + 5;
    window(target, target + 5, target + 200);
    rig->go_on(70);
    const Json taken = rig->ask("FilFil.Snapshots")["snapshots"];
    bool found = false;
    for (const Json& snapshot : taken) found = found || snapshot["epoch"].get<std::uint64_t>() <= target;
    EXPECT_TRUE(found) << taken.dump();
}

TEST_F(Incentive, ATargetThatAReorganisationHasMovedIsScheduledAnew) {
    rig->config.incentive.policy = SlotPolicy::automatic;
    ASSERT_FALSE(rig->start());
    ASSERT_TRUE(rig->wait_state("synced"));
    const auto is_scheduled = [&](std::uint64_t epoch) {
        const Json all = rig->ask("FilFil.Schedules")["schedules"];
        return std::ranges::any_of(all, [&](const Json& one) { return one["at_epoch"] == epoch; });
    };
    const std::uint64_t target = status_epoch("synced_epoch") + 300;
    window(target, target + 5, target + 200);
    rig->go_on(10);
    EXPECT_TRUE(is_scheduled(target));
    // The same slot, and who registered in the block that has gone has done so an epoch later.
    window(target + 1, target + 6, target + 201);
    rig->go_on(80);
    EXPECT_TRUE(is_scheduled(target + 1));
    EXPECT_FALSE(is_scheduled(target));
}

TEST_F(Incentive, NothingIsKeptWherePolicySaysSkip) {
    ASSERT_FALSE(rig->start());
    ASSERT_TRUE(rig->wait_state("synced"));
    EXPECT_EQ(rig->ask("FilFil.SetSlotPolicy", {{"miner", "t01000"}, {"policy", "skip"}})["policy"], "skip");
    const std::uint64_t target = status_epoch("synced_epoch") + 2;
    window(target, target + 2, target + 200);
    rig->go_on(70);
    for (const Json& hold : rig->ask("FilFil.Holds")["holds"])
        EXPECT_NE(hold["reason"], "slot " + std::to_string(slot));
    EXPECT_FALSE(has_alert("window_open_t01000"));
}

TEST_F(Incentive, APolicyIsRememberedOverARestart) {
    start();
    rig->ask("FilFil.SetSlotPolicy", {{"miner", "t01000"}, {"policy", "automatic"}});
    window(900, 1000, 1100);
    rig->kill();
    start();
    EXPECT_EQ(rig->ask("FilFil.NextWindow")["windows"][0]["policy"], "automatic");
    EXPECT_EQ(rig->ask("FilFil.SetSlotPolicy", {{"miner", "t01000"}})["policy"], "ask");
}

TEST_F(Incentive, AContractThatIsNotThereIsAnAlert) {
    evm.code = "0x";
    start();
    rig->go_on(2);
    EXPECT_TRUE(has_alert("contract"));
    evm.code = "0x60";
    rig->go_on(4);
    EXPECT_FALSE(has_alert("contract"));
}

TEST_F(Incentive, ANodeOfAnotherChainIsAnAlert) {
    evm.chain_id = 1;
    start();
    rig->go_on(2);
    EXPECT_TRUE(has_alert("contract"));
}

TEST_F(Incentive, AnotherRecipeIsAnAlert) {
    evm.answer<calls::Params>({});
    start();
    rig->go_on(2);
    EXPECT_TRUE(has_alert("recipe_differs"));
}

TEST_F(Incentive, WithoutAWalletNothingCanBeSentAndTheErrorSaysWhatToSet) {
    start();
    const rpc::Answer answer = rig->call("FilFil.Register", {{"miner", "t01000"}});
    ASSERT_TRUE(answer.error);
    EXPECT_NE(answer.error->message.find("neither a wallet nor a key"), std::string::npos);
    EXPECT_NE(answer.error->data->dump().find("incentive.wallet"), std::string::npos);
}

}    // namespace
}    // namespace filfil::service
