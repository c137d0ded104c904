// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/abi_bind.hpp"
#include "ipld/piece_cid.hpp"
#include "node/devnet/car_walk.hpp"
#include "showcase_rig.hpp"

#include <algorithm>
#include <set>

namespace filfil::showcase {
namespace {

namespace events = incentive::contract::events;
using incentive::Standing;

TEST(Play, HasAPastInWhichAllThingsHappened) {
    PlayRig rig;
    rig.run_to(450);
    std::set<std::uint64_t> registered;
    for (const auto& event : rig.told<events::Registered>()) registered.insert(event.miner);
    EXPECT_EQ(registered.size(), 5U);
    EXPECT_EQ(rig.told<events::Registered>().size(), 5U) << "nobody comes back";
    EXPECT_GE(rig.told<events::SnapshotStaged>().size(), 5U);
    std::set<std::uint64_t> completed;
    for (const auto& event : rig.told<events::SlotCompleted>()) completed.insert(event.miner);
    EXPECT_TRUE(completed.contains(own_miner));
    EXPECT_TRUE(completed.contains(own_miner + 1));
    std::set<std::uint64_t> missed;
    for (const auto& event : rig.told<events::Missed>()) missed.insert(event.miner);
    EXPECT_EQ(missed, (std::set{own_miner, own_miner + 2}));
    EXPECT_EQ(rig.told<events::Dead>().size(), 1U);
    EXPECT_EQ(rig.told<events::EndpointSet>().size(), 3U);
    EXPECT_FALSE(rig.told<events::Settled>().empty());
    std::set<std::uint64_t> paid;
    for (const auto& event : rig.told<events::Withdrawn>()) paid.insert(event.miner);
    EXPECT_TRUE(paid.contains(own_miner));
    EXPECT_EQ(rig.told<events::ExitQueued>().size(), 1U);
    EXPECT_TRUE(paid.contains(own_miner + 4));
    EXPECT_FALSE(rig.play.state().providers.contains(own_miner + 4)) << "it has its bond back";
}

TEST(Play, NobodyDoesWhatTheContractRefuses) {
    PlayRig rig;
    rig.run_to(450);
    for (const auto& block : rig.chain.blocks())
        for (const auto& done : block.transactions) EXPECT_TRUE(done.outcome.succeeded);
    EXPECT_TRUE(rig.told<events::PieceIgnored>().empty());
}

/// By the walk that a node exports with, and by adding its sizes up: the piece is the whole CAR.
TEST(Play, StagesTheSnapshotOfTheTargetsTipset) {
    PlayRig rig;
    rig.run_to(300);
    const auto staged = rig.told<events::SnapshotStaged>();
    ASSERT_FALSE(staged.empty());
    for (const auto& event : staged) {
        const auto tipset = rig.devnet->at(Epoch{static_cast<std::int64_t>(event.epoch)}, *rig.head).value();
        EXPECT_EQ(event.epoch, static_cast<std::uint64_t>(tipset->epoch.value)) << "of a null round the one before it";
        node::CarWalk walk(*rig.devnet, *tipset, 2000, true);
        std::uint64_t size = 0;
        for (Bytes part = walk.next(1000).value(); !part.empty(); part = walk.next(1000).value()) size += part.size();
        ASSERT_EQ(event.pieces.size(), 1U);
        EXPECT_EQ(event.pieces[0].raw_size, size);
        EXPECT_EQ(std::uint64_t{1} << event.pieces[0].log2_padded, ipld::padded_size_of(size));
        EXPECT_TRUE(std::ranges::equal(event.payload, tipset->key.front().bytes()));
    }
}

TEST(Play, TheWatchersMinerStoresNothingByItselfOnceTheCurtainIsUp) {
    PlayRig rig;
    rig.play.curtain_up(70);
    rig.run_to(450);
    for (const auto& event : rig.told<events::PieceActivated>()) EXPECT_NE(event.miner, own_miner);
    std::size_t missed = 0;
    for (const auto& event : rig.told<events::Missed>()) missed += event.miner == own_miner ? 1U : 0U;
    EXPECT_GE(missed, 2U);
    EXPECT_EQ(rig.play.state().providers.at(own_miner).standing, Standing::active) << "who looks on stays";
}

TEST(Play, WhatAReorganisationTakesBackIsDoneAgain) {
    PlayRig rig;
    rig.run_to(250);
    const auto before = rig.play.state().holdings.size();
    const auto slots = rig.play.state().slots.size();
    ASSERT_GT(before, 0U);
    rig.chain.take_back(130);
    EXPECT_LT(rig.play.state().holdings.size(), before);
    rig.run_to(250);
    EXPECT_EQ(rig.play.state().holdings.size(), before);
    EXPECT_EQ(rig.play.state().slots.size(), slots);
}

TEST(Play, ProvesWhatIsStagedWhileItsWindowIsOpenAndOnce) {
    PlayRig rig;
    rig.play.curtain_up(1);
    rig.run_to(59);
    EXPECT_FALSE(rig.play.prove(own_miner, incentive::deal_of(1 << 16, 0))) << "the window is not open";
    rig.run_to(64);
    const auto place = rig.play.state().providers.at(own_miner).place;
    const auto slot = incentive::slot_of(1, static_cast<std::uint16_t>(place / 2));
    ASSERT_TRUE(rig.play.state().slots.contains(slot));
    const auto deal = incentive::deal_of(slot, 0);
    EXPECT_FALSE(rig.play.prove(own_miner, incentive::deal_of(slot, 1))) << "there is no such piece";
    EXPECT_TRUE(rig.play.prove(own_miner, deal));
    rig.run_to(66);
    EXPECT_TRUE(rig.play.holds(own_miner, deal));
    EXPECT_FALSE(rig.play.prove(own_miner, deal));
}

TEST(Play, WithoutAChainToLookAtNothingIsStaged) {
    PlayRig rig;
    incentive::model::ModelChain chain;
    Play play(chain, *rig.backend, rig.outside.log, {}, rig.wallet);
    ASSERT_TRUE(play.set_up().ok());
    for (int i = 0; i < 200; ++i) {
        play.act();
        chain.mine();
    }
    EXPECT_TRUE(play.state().slots.empty());
    EXPECT_EQ(play.state().providers.size(), 5U);
}

}    // namespace
}    // namespace filfil::showcase
