// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/proposer.hpp"

#include "market_rig.hpp"
#include "sim_vfs.hpp"

namespace filfil::market {
namespace {

/// A daemon with the real journal on a disk that loses its power, and a market that goes on without it.
template <class Rig>
class Proposing : public Rig {
protected:
    using Told = std::optional<Result<DealStatus>>;

    /// One life of the daemon: proposes until it is told, or `dead` holds.
    Told live(std::uint64_t seed, const DealOrder& wanted, const std::function<bool()>& dead) {
        Told told;
        SimVfs vfs(*disk, this->outside.clock, seed);
        auto opened = journal::open_sqlite_journal("data/journal.db", this->outside.clock, vfs.options());
        if (!opened.ok()) {
            EXPECT_TRUE(disk->crashed()) << opened.error().text();
            return told;
        }
        this->backend = this->another();
        {
            Proposer proposer(this->outside.loop, **opened, *this->backend);
            proposer.propose(wanted, [&](Result<DealStatus> status) { told = std::move(status); });
            this->outside.run_until([&] { return told.has_value() || dead(); }, 2h);
        }
        this->backend.reset();
        return told;
    }

    /// Whatever was cut short, the next life ends with one deal.
    void expect_one(std::uint64_t seed, const std::string& what) {
        DealOrder later = this->order;    // the chain has gone on meanwhile
        later.start += 40;
        later.collateral = 1600;
        const Told told = live(seed, later, [] { return false; });
        ASSERT_TRUE(told && told->ok()) << what << ": " << (told ? told->error().text() : "no end");
        EXPECT_LT((*told)->state, DealState::failed) << what;
        EXPECT_GE((*told)->state, DealState::accepted) << what;
        ASSERT_EQ(this->fake->accepted(), 1U) << what;
        // And once more: nothing is sent.
        const std::size_t posted = this->fake->requests("POST /market") + this->fake->requests("BoostDummyDeal");
        ASSERT_TRUE(live(seed, later, [] { return false; }));
        EXPECT_EQ(this->fake->requests("POST /market") + this->fake->requests("BoostDummyDeal"), posted) << what;
    }

    void fresh() {
        this->TearDown();
        this->locator_listener.reset();
        this->listener.reset();
        this->fake.reset();
        disk = std::make_unique<CrashFiles>();
        deliveries = 0;
        this->SetUp();
    }

    std::unique_ptr<CrashFiles> disk = std::make_unique<CrashFiles>();
    std::uint64_t deliveries = 0;
};

using Markets = testing::Types<Mk20Rig, Mk12Rig, BoostRig>;
TYPED_TEST_SUITE(Proposing, Markets);

TYPED_TEST(Proposing, OneDealWhateverChangeOfTheDiskIsTheLast) {
    std::uint64_t step = 1;
    for (bool died = true; died; step += 2) {
        this->fresh();
        SeededRandom random(step);
        this->disk->crash_at(step);
        this->live(step, this->order, [&] { return this->disk->crashed(); });
        died = this->disk->crashed();
        this->disk->restart(random);
        this->expect_one(step, "change " + std::to_string(step));
        if (this->HasFatalFailure()) return;
    }
    EXPECT_GT(step, 10U);
}

TYPED_TEST(Proposing, OneDealWhereverOnTheWireTheDaemonDies) {
    std::uint64_t last = 1;
    for (bool died = true; died; ++last) {
        this->fresh();
        this->outside.network.set_hook([&](Delivery&) {
            ++this->deliveries;
            return Fate{};
        });
        const auto dead = [&] { return this->deliveries >= last; };
        const auto told = this->live(last, this->order, dead);
        died = !told.has_value();
        this->outside.advance(30s);    // the market ends what it has begun
        this->expect_one(last, "delivery " + std::to_string(last));
        if (this->HasFatalFailure()) return;
        ASSERT_LT(last, 50U);
    }
    EXPECT_GT(last, 3U);
}

TYPED_TEST(Proposing, OneDealWhicheverRequestOrAnswerIsLost) {
    for (std::uint64_t lost = 1; lost < 12; ++lost) {
        this->fresh();
        this->outside.network.set_hook([&](Delivery&) { return Fate{.drop = ++this->deliveries == lost}; });
        this->live(lost, this->order, [] { return false; });
        this->outside.network.set_hook({});
        this->expect_one(lost, "lost " + std::to_string(lost));
        if (this->HasFatalFailure()) return;
    }
}

TYPED_TEST(Proposing, WhatTheMarketHasLostIsSaidAndNotProposedAgain) {
    this->fresh();
    ASSERT_TRUE(this->live(1, this->order, [] { return false; })->ok());
    this->fake->forget(this->fake->deals().begin()->first);
    const auto told = this->live(2, this->order, [] { return false; });
    ASSERT_TRUE(told && told->ok());
    EXPECT_EQ((*told)->state, DealState::failed);
    ASSERT_TRUE((*told)->why.has_value());
    EXPECT_EQ((*told)->why->name, "lost_by_market");
    EXPECT_FALSE((*told)->why->remedy.empty());
    EXPECT_EQ(this->fake->accepted(), 1U);
    ++this->order.attempt;    // `deals retry` asks for another deal
    const auto again = this->live(3, this->order, [] { return false; });
    ASSERT_TRUE(again && again->ok());
    EXPECT_LT((*again)->state, DealState::failed);
    EXPECT_EQ(this->fake->accepted(), 2U);
}

TYPED_TEST(Proposing, ARefusalIsWrittenDownAndTheSameDealMayBeProposedLater) {
    this->fresh();
    this->fake->traps.reject = "client not allowed by provider";
    const auto told = this->live(1, this->order, [] { return false; });
    ASSERT_TRUE(told && told->ok());
    EXPECT_EQ((*told)->state, DealState::refused);
    this->fake->traps.reject.reset();
    this->expect_one(2, "after a refusal");
}

class ProposerOfMk20 : public Proposing<Mk20Rig> {};

TEST_F(ProposerOfMk20, ADiskThatIsFullOrDeadSendsNothing) {
    SimVfs vfs(*disk, outside.clock, 1);
    auto opened = journal::open_sqlite_journal("data/journal.db", outside.clock, vfs.options());
    ASSERT_TRUE(opened.ok());
    Proposer proposer(outside.loop, **opened, *backend);
    disk->fill_up_after(0);
    const auto told = answer<DealStatus>([&](auto handler) { proposer.propose(order, handler); });
    ASSERT_FALSE(told.ok());
    EXPECT_EQ(fake->requests("market"), 0U);
    disk->make_room();
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { proposer.propose(order, handler); })->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
}

TEST_F(ProposerOfMk20, WhatIsLeftOpenIsListedAsItWasOrdered) {
    SimVfs vfs(*disk, outside.clock, 1);
    auto opened = journal::open_sqlite_journal("data/journal.db", outside.clock, vfs.options());
    ASSERT_TRUE(opened.ok());
    Proposer proposer(outside.loop, **opened, *backend);
    fake->traps.silent = true;
    EXPECT_FALSE(answer<DealStatus>([&](auto handler) { proposer.propose(order, handler); }).ok());
    const auto open = proposer.open_orders();
    ASSERT_TRUE(open.ok()) << open.error().text();
    EXPECT_EQ(*open, (std::vector<DealOrder>{order}));
    DealOrder later = order;
    later.start += 7;
    EXPECT_EQ(proposer.ordered(later).value(), order);
    ++later.deal;
    EXPECT_FALSE(proposer.ordered(later).value().has_value());
    fake->traps.silent = false;
    EXPECT_TRUE(answer<DealStatus>([&](auto handler) { proposer.propose(order, handler); }).ok());
    EXPECT_TRUE(proposer.open_orders()->empty());
    DealOrder wrong = order;
    wrong.padded_size = 1;
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { proposer.propose(wrong, handler); }).error().code,
              ErrorCode::invalid_argument);
}

}    // namespace
}    // namespace filfil::market
