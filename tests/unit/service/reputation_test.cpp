// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/reputation.hpp"

#include "rpc/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::service {
namespace {

using rpc::Json;
using Standing = ProviderRecord::Standing;

constexpr std::uint64_t miner = 1000;

/// Events as a contract would tell them, oldest first.
class Script {
public:
    Script& at(std::uint64_t block) {
        m_block = block;
        return *this;
    }
    Script& tell(const std::string& name, const Json& fields) {
        journal::EventRecord event{
            .block = m_block, .index = m_index++, .name = name, .fields = rpc::write_json(fields)};
        m_events.push_back(std::move(event));
        return *this;
    }
    Script& registered(std::uint64_t who = miner) {
        return tell("Registered", {{"miner", who}, {"position", 0}, {"firstRound", 1}, {"bond", "5"}});
    }
    Script& staged(std::uint32_t slot, int alternative = 0) {
        return tell("SnapshotStaged", {{"slot", slot}, {"alternative", alternative}, {"epoch", 90}});
    }
    Script& activated(std::uint32_t slot, int piece, std::uint64_t sector, std::uint64_t until,
                      const char* upfront = "10", std::uint64_t who = miner) {
        return tell("PieceActivated", {{"slot", slot},
                                       {"piece", piece},
                                       {"miner", who},
                                       {"sector", sector},
                                       {"until", until},
                                       {"upfront", upfront}});
    }
    Script& completed(std::uint32_t slot, std::uint64_t who = miner) {
        return tell("SlotCompleted", {{"slot", slot}, {"miner", who}});
    }
    Script& missed(std::uint32_t slot) { return tell("Missed", {{"slot", slot}, {"miner", miner}, {"misses", 1}}); }
    Script& settled(std::uint32_t slot, int piece, const char* amount) {
        return tell("Settled", {{"slot", slot}, {"piece", piece}, {"miner", miner}, {"amount", amount}, {"to", 500}});
    }
    Script& dead(std::uint32_t slot, int piece) {
        return tell("Dead", {{"slot", slot}, {"piece", piece}, {"miner", miner}, {"returned", "1"}, {"bounty", "1"}});
    }

    [[nodiscard]] std::vector<journal::EventRecord> newest_first() const {
        auto out = m_events;
        std::ranges::reverse(out);
        return out;
    }
    [[nodiscard]] Reputation reckoned() const {
        Reputation out;
        for (const auto& event : newest_first()) EXPECT_TRUE(out.add(event));
        return out;
    }
    [[nodiscard]] ProviderRecord record(std::uint64_t now = 1000, std::uint64_t who = miner) const {
        const auto found = reckoned().record(who, now);
        EXPECT_TRUE(found);
        return found.value_or(ProviderRecord());
    }

private:
    std::vector<journal::EventRecord> m_events;
    std::uint64_t m_block = 1;
    std::uint64_t m_index = 0;
};

TEST(Reputation, OfAProviderThatStoredOneSlotAndMissedAnother) {
    Script script;
    script.at(10).registered().at(100).staged(1).at(130).activated(1, 0, 7, 5000, "10");
    script.at(140).activated(1, 1, 8, 5000, "11").completed(1).at(900).missed(2).at(950).settled(1, 0, "100");
    const ProviderRecord record = script.record();
    EXPECT_EQ(record.standing, Standing::active);
    EXPECT_EQ(record.registered, 10U);
    EXPECT_EQ(record.windows, 2U);
    EXPECT_EQ(record.completed, 1U);
    EXPECT_EQ(record.missed, 1U);
    EXPECT_EQ(record.success_rate, 0.5);
    EXPECT_EQ(record.median_epochs, 40U);
    EXPECT_EQ(record.live_replicas, 1U);
    EXPECT_EQ(record.live_pieces, 2U);
    EXPECT_EQ(record.earned.text(), "121");
    EXPECT_EQ(record.lost_pieces, 0U);
}

TEST(Reputation, OfNobodyIsNothing) {
    EXPECT_TRUE(Reputation().records(0).empty());
    EXPECT_FALSE(Reputation().record(miner, 0));
    Script script;
    const ProviderRecord fresh = script.registered().record();
    EXPECT_EQ(fresh.windows, 0U);
    EXPECT_FALSE(fresh.success_rate);
    EXPECT_FALSE(fresh.median_epochs);
}

TEST(Reputation, PiecesLiveUntilTheirEnd) {
    Script script;
    script.staged(1).activated(1, 0, 7, 500).activated(1, 1, 8, 600).completed(1);
    EXPECT_EQ(script.record(499).live_replicas, 1U);
    EXPECT_EQ(script.record(499).live_pieces, 2U);
    EXPECT_EQ(script.record(500).live_replicas, 0U);
    EXPECT_EQ(script.record(500).live_pieces, 1U);
    EXPECT_EQ(script.record(600).live_pieces, 0U);
}

TEST(Reputation, ASectorThatIsLostCountsOnceForAllOfItsPieces) {
    Script script;
    script.staged(1).activated(1, 0, 7, 5000).activated(1, 1, 7, 5000).completed(1);
    script.at(200).dead(1, 0).dead(1, 1).tell("Slashed", {{"miner", miner}, {"amount", "30"}});
    script.tell("Slashed", {{"miner", miner}, {"amount", "12"}});
    const ProviderRecord record = script.record(300);
    EXPECT_EQ(record.lost_pieces, 2U);
    EXPECT_EQ(record.lost_sectors, 1U);
    EXPECT_EQ(record.slashed.text(), "42");
    EXPECT_EQ(record.live_pieces, 0U);
    EXPECT_EQ(record.live_replicas, 0U);
    EXPECT_EQ(record.completed, 1U);
}

TEST(Reputation, AClosedPieceIsNeitherLostNorLive) {
    Script script;
    script.staged(1).activated(1, 0, 7, 5000).completed(1);
    script.tell("Closed", {{"slot", 1}, {"piece", 0}, {"miner", miner}, {"returned", "0"}});
    EXPECT_EQ(script.record().lost_pieces, 0U);
    EXPECT_EQ(script.record().live_pieces, 0U);
}

TEST(Reputation, TimesAreThoseOfTheStagingThatWasStored) {
    Script script;
    // The first staging, its alternative later, and who has stored which.
    script.at(100).staged(1).at(150).staged(1, 1);
    script.at(160).activated(1, 0x80, 7, 5000).completed(1);
    script.at(190).activated(1, 0, 9, 5000, "1", 2000).completed(1, 2000);
    EXPECT_EQ(script.record().median_epochs, 10U);
    EXPECT_EQ(script.record(1000, 2000).median_epochs, 90U);
    // What was taken back before and staged anew counts from the later one.
    Script again;
    again.at(100).staged(1).at(110).tell("StagingCancelled", {{"slot", 1}}).at(120).staged(1);
    again.at(125).activated(1, 0, 7, 5000).completed(1);
    EXPECT_EQ(again.record().median_epochs, 5U);
}

TEST(Reputation, TheMedianIsTheLowerOfTwo) {
    Script script;
    for (std::uint32_t slot = 1; slot <= 4; ++slot)
        script.at(slot * 1000).staged(slot).at(slot * 1000 + slot * 10).activated(slot, 0, slot, 99999).completed(slot);
    EXPECT_EQ(script.record(0).median_epochs, 20U);
}

TEST(Reputation, ASlotThatWasMissedAndCompletedLaterIsMissed) {
    Script script;
    script.staged(1).missed(1).activated(1, 0, 7, 5000).completed(1);
    EXPECT_EQ(script.record().missed, 1U);
    EXPECT_EQ(script.record().completed, 0U);
    EXPECT_EQ(script.record().windows, 1U);
}

TEST(Reputation, StandingsFollowTheNewestWord) {
    Script script;
    script.at(10).registered();
    script.at(20).tell("ExitQueued", {{"miner", miner}, {"lastRound", 3}});
    EXPECT_EQ(script.record().standing, Standing::leaving);
    EXPECT_EQ(script.record().ended, 20U);
    script.at(30).tell("RoundOpened", {{"round", 3}, {"start", 30}});
    EXPECT_EQ(script.record().standing, Standing::leaving);
    script.at(40).tell("RoundOpened", {{"round", 4}, {"start", 40}});
    EXPECT_EQ(script.record().standing, Standing::left);
    script.at(50).registered();
    EXPECT_EQ(script.record().standing, Standing::active);
    EXPECT_EQ(script.record().registered, 50U);
    EXPECT_FALSE(script.record().ended);
    script.at(60).tell("Removed", {{"miner", miner}, {"reason", 1}});
    EXPECT_EQ(script.record().standing, Standing::removed);
    EXPECT_EQ(script.record().registered, 50U);
    EXPECT_EQ(script.record().ended, 60U);
}

TEST(Reputation, TheEndpointIsTheNewest) {
    Script script;
    script.tell("EndpointSet", {{"miner", miner}, {"url", "https://old"}});
    script.tell("EndpointSet", {{"miner", miner}, {"url", "https://new"}});
    EXPECT_EQ(script.record().endpoint, "https://new");
}

TEST(Reputation, WhatIsToldTwiceOrOutOfOrderCountsOnce) {
    Script script;
    script.at(100).staged(1).activated(1, 0, 7, 5000).completed(1).settled(1, 0, "100").settled(1, 0, "20");
    const auto events = script.newest_first();
    Reputation twice;
    for (const auto& event : events) {
        EXPECT_TRUE(twice.add(event));
        EXPECT_FALSE(twice.add(event));
    }
    for (const auto& event : events) EXPECT_FALSE(twice.add(event));
    EXPECT_EQ(twice.record(miner, 0)->earned.text(), "130");
    EXPECT_EQ(twice.record(miner, 0)->completed, 1U);
    // Oldest first is the wrong way round: only the first of them is taken.
    Reputation wrong;
    std::size_t taken = 0;
    for (auto event = events.rbegin(); event != events.rend(); ++event) taken += wrong.add(*event) ? 1 : 0;
    EXPECT_EQ(taken, 1U);
}

TEST(Reputation, WhatIsTakenBackIsGoneWhenItIsReckonedAnew) {
    Script before;
    before.at(10).registered().at(100).staged(1).at(110).activated(1, 0, 7, 5000).completed(1);
    Script after;
    after.at(10).registered().at(100).staged(1);
    EXPECT_EQ(before.record().completed, 1U);
    EXPECT_EQ(after.record().completed, 0U);
    EXPECT_EQ(after.record().earned.text(), "0");
}

TEST(Reputation, UnknownAndBrokenEventsAreNoReasonToStop) {
    Script script;
    script.registered();
    script.tell("SomethingNew", {{"miner", 7}}).tell("unreadable", {{"error", "x"}});
    script.tell("Settled", {{"slot", 1}, {"miner", miner}, {"piece", 0}, {"amount", 12}});
    script.tell("Settled", {{"slot", 1}, {"miner", miner}, {"piece", 0}, {"amount", "-1"}});
    script.tell("Settled", {{"slot", "1"}, {"miner", miner}, {"piece", 0}, {"amount", "1"}});
    script.tell("Settled", {{"slot", 1}, {"miner", miner}, {"piece", 300}, {"amount", "1"}});
    script.tell("SlotCompleted", {{"slot", 5'000'000'000}, {"miner", miner}});
    script.tell("PieceActivated", {{"miner", -1}}).tell("Missed", Json::array()).tell("Slashed", Json(nullptr));
    const Reputation reckoned = script.reckoned();
    EXPECT_EQ(reckoned.records(0).size(), 1U);
    EXPECT_EQ(reckoned.record(miner, 0)->earned.text(), "0");
    EXPECT_EQ(reckoned.record(miner, 0)->windows, 0U);
    Reputation other;
    EXPECT_TRUE(other.add({.block = 9, .index = 0, .name = "Settled", .fields = "{"}));
    EXPECT_TRUE(other.records(0).empty());
}

TEST(Reputation, SumsThatNobodyCouldHaveStayTheMostThereIs) {
    const std::string most = incentive::U256::max().text();
    Script script;
    script.settled(1, 0, most.c_str()).settled(1, 0, "5");
    EXPECT_EQ(script.record().earned.text(), most);
}

}    // namespace
}    // namespace filfil::service
