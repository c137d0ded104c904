// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "model_rig.hpp"

namespace filfil::incentive::model {
namespace {

U256 sum(const contract::Totals& totals) {
    U256 out;
    for (const U256& one : {totals.pool, totals.locked, totals.owed, totals.credit, totals.bonds}) out = *add(out, one);
    return out;
}

TEST(ContractModel, KnowsEveryFunctionOfTheContract) {
    for (const AbiEntry& function : contract::all_functions())
        EXPECT_TRUE(ContractModel::knows(function))
            << function.signature << " is new in IFilFil, or changed: give it to core/incentive/model";
}

TEST(ContractModel, StoresAndPaysAsTimePasses) {
    ModelRig rig;
    rig.stage();
    const std::uint64_t until = rig.now + 2'000;
    ASSERT_TRUE(rig.prove(7, until).succeeded);
    EXPECT_EQ(rig.look<calls::Provider>({.miner = 1000}).earned, U256(3'000)) << "the upfront share";
    rig.now += 1'000;
    ASSERT_TRUE(rig.send<calls::Advance>(person(50), {}).succeeded);
    const Bytes aux = rig.neighbours.location(1000, 7);
    const std::uint32_t slot = slot_of(1, 0);
    ASSERT_TRUE(rig.send<calls::Settle>(person(50), {.slot = slot, .piece = 0, .miner = 1000, .aux = aux}).succeeded);
    EXPECT_EQ(rig.look<calls::Provider>({.miner = 1000}).earned, U256(6'500)) << "half of the rest";
    ASSERT_TRUE(rig.send<calls::Withdraw>(person(50), {.miner = 1000}).succeeded);
    EXPECT_EQ(rig.neighbours.paid[rig.neighbours.miners[1000].owner], U256(6'500));
    EXPECT_EQ(sum(rig.look<calls::Totals>().value), rig.contract.state().balance);
}

TEST(ContractModel, ALostSectorIsNotPaidAndCostsAPartOfTheBond) {
    ModelRig rig;
    rig.stage();
    ASSERT_TRUE(rig.prove(7, rig.now + 2'000).succeeded);
    rig.now += 50;
    rig.neighbours.miners[1000].sectors.erase(7);
    const auto report = rig.send<calls::ReportDead>(
        person(50), {.slot = slot_of(1, 0), .piece = 0, .miner = 1000, .aux = rig.neighbours.location(1000, 7)});
    ASSERT_TRUE(report.succeeded);
    EXPECT_EQ(rig.look<calls::Provider>({.miner = 1000}).bond, U256(500));
    EXPECT_EQ(rig.look<calls::Credit>({.who = person(50)}).value, U256(50));
    EXPECT_EQ(sum(rig.look<calls::Totals>().value), rig.contract.state().balance);
}

TEST(ContractModel, WhatRevertsHasChangedNothingAndSaidNothing) {
    ModelRig rig;
    rig.stage();
    const auto before = rig.look<calls::Totals>().value;
    // A round is due, so the call opens it before it fails.
    rig.now += 500;
    const Outcome out = rig.send<calls::Reclaim>(person(50), {.slot = 77});
    EXPECT_FALSE(out.succeeded);
    EXPECT_EQ(decode_failure<errors::NotStaged>(out.output)->slot, 77U);
    EXPECT_TRUE(out.logs.empty());
    EXPECT_EQ(rig.look<calls::Totals>().value, before);
    EXPECT_EQ(rig.contract.state().clock.number, 1U);
}

TEST(ContractModel, ACopyGoesItsOwnWay) {
    ModelRig rig;
    rig.stage();
    const ContractModel before = rig.contract;
    ASSERT_TRUE(rig.send<calls::Cancel>(the_operator, {.slot = slot_of(1, 0)}).succeeded);
    EXPECT_TRUE(rig.contract.state().slots.empty());
    EXPECT_EQ(before.state().slots.size(), 1U);
}

TEST(ContractModel, MissesInARowRemoveAProvider) {
    ModelRig rig;
    rig.stage();
    for (std::uint16_t round = 2; round <= 3; ++round) {
        const std::uint32_t slot = slot_of(round, 0);
        ASSERT_TRUE(rig.send<calls::Advance>(person(50), {}).succeeded);
        rig.now = rig.look<calls::SlotWindow>({.slot = slot}).target;
        auto args = staging(slot, rig.now);
        args.pieces[0].root = root_of(static_cast<std::uint8_t>(round + 20));
        ASSERT_TRUE(rig.send<calls::Stage>(the_operator, {.args = args}).succeeded);
        rig.now = rig.look<calls::SlotWindow>({.slot = slot}).closing;
    }
    const Outcome out = rig.send<calls::Poke>(person(50), {.miner = 1000});
    ASSERT_TRUE(out.succeeded);
    const auto removed = rig.look<calls::Provider>({.miner = 1000});
    EXPECT_EQ(removed.standing, static_cast<std::uint8_t>(Standing::removed));
    EXPECT_EQ(removed.bond, U256(500));
    ASSERT_FALSE(out.logs.empty());
    EXPECT_EQ(decode_log<events::Removed>(out.logs.back().topics, out.logs.back().data)->reason, 1);
}

TEST(ContractModel, ParametersThatCannotBeAreRefusedByTheirPlace) {
    auto how = constructor();
    how.first.replicas = 17;
    ContractModel contract;
    const Outcome out = ContractModel::deploy(how, here, contract);
    EXPECT_FALSE(out.succeeded);
    EXPECT_EQ(decode_failure<errors::BadParams>(out.output)->field, 3);
}

TEST(ContractModel, WhatIsNoCallOfTheContractRevertsWithoutAWord) {
    ModelRig rig;
    for (const std::string_view input : {"12", "12345678", "e0eb2180"}) {
        const Outcome out = rig.send(person(50), {}, *from_hex(input));
        EXPECT_FALSE(out.succeeded) << input;
        EXPECT_TRUE(out.output.empty()) << input;
    }
    EXPECT_FALSE(rig.send<calls::Totals>(person(50), {}, 1).succeeded) << "money for a view";
}

}    // namespace
}    // namespace filfil::incentive::model
