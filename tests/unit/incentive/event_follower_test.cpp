// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/event_follower.hpp"

#include "fake_eth.hpp"

#include <memory>
#include <random>

namespace filfil::incentive {
namespace {

using std::chrono::seconds;

class EventFollowing : public testing::Test {
protected:
    void SetUp() override {
        eth.respond = [this](const std::string& method, const rpc::Json& params) {
            return chain.answer(method, params);
        };
        config.contract = FakeChain::contract;
        config.finality = 10;
        chain.mine();
    }

    void start(std::optional<EventCursor> from = {}) {
        follower = std::make_unique<EventFollower>(
            outside.world, eth.ask(), config, std::move(from),
            EventFollower::Handlers{.on_batch = [this](EventBatch batch) { take(std::move(batch)); },
                                    .on_trouble = [this](Error why) { trouble.push_back(std::move(why)); }});
        follower->start();
        outside.run_ready();
    }

    /// What a consumer does: what is taken back must be what was told last.
    void take(EventBatch batch) {
        ++batches;
        for (const ContractEvent& event : batch.removed) {
            ASSERT_FALSE(told.empty());
            EXPECT_EQ(told.back(), event.log);
            told.pop_back();
            ++removed;
        }
        for (ContractEvent& event : batch.added) {
            if (!event.event.ok()) unreadable.push_back(event.event.error());
            told.push_back(std::move(event.log));
        }
        const auto read = read_event_cursor(json_of(batch.cursor));
        ASSERT_TRUE(read.ok()) << read.error().text();
        EXPECT_EQ(*read, batch.cursor);
        saved = batch.cursor;
    }

    void poll() { outside.advance(seconds(10)); }

    std::size_t asked(std::string_view method) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(eth.asked, [&](const std::string& one) { return one.starts_with(method); }));
    }

    Outside outside;
    FakeEth eth{outside};
    FakeChain chain;
    EventFollowerConfig config;
    std::unique_ptr<EventFollower> follower;
    std::vector<EthLog> told;
    std::vector<Error> trouble;
    std::vector<Error> unreadable;
    std::optional<EventCursor> saved;
    std::size_t batches = 0;
    std::size_t removed = 0;
};

TEST_F(EventFollowing, TellsEventsInTheOrderOfTheChain) {
    for (int i = 0; i < 30; ++i) chain.mine(static_cast<std::size_t>(i % 3), static_cast<std::uint64_t>(i % 2));
    start();
    EXPECT_EQ(told, chain.logs());
    EXPECT_TRUE(follower->caught_up());
    chain.mine(2);
    poll();
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(removed, 0U);
    EXPECT_TRUE(trouble.empty());
}

TEST_F(EventFollowing, AsksForNothingMoreWhereTheHeadIsTheSame) {
    start();
    const std::size_t before = asked("eth_getLogs");
    poll();
    poll();
    EXPECT_EQ(asked("eth_getLogs"), before);
    EXPECT_EQ(batches, 1U);
}

TEST_F(EventFollowing, TakesBackWhatAReorganisationUndoes) {
    for (int i = 0; i < 8; ++i) chain.mine(2);
    start();
    const std::vector<EthLog> before = told;
    chain.drop(3);
    chain.mine(1);
    chain.mine(0);
    chain.mine(3);
    chain.mine(1);
    poll();
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(removed, 6U);
    EXPECT_NE(told, before);
}

TEST_F(EventFollowing, AReorganisationAtTheSameHeightIsNoticed) {
    for (int i = 0; i < 5; ++i) chain.mine(1);
    start();
    chain.drop(1);
    chain.mine(1);
    poll();
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(removed, 1U);
}

TEST_F(EventFollowing, OneToAShorterChainIsNoticed) {
    for (int i = 0; i < 8; ++i) {
        chain.mine(1);
        if (i == 0) start();
        poll();
    }
    chain.drop(5);
    chain.mine(1);
    poll();
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(removed, 5U);
}

TEST_F(EventFollowing, ABlockThatBecomesANullRoundIsUndone) {
    for (int i = 0; i < 5; ++i) chain.mine(1);
    start();
    chain.drop(2);
    chain.mine(1, 3);
    poll();
    EXPECT_EQ(told, chain.logs());
}

TEST_F(EventFollowing, ANodeThatIsBehindUndoesNothing) {
    for (int i = 0; i < 6; ++i) {
        chain.mine(1);
        if (i == 0) start();
        poll();
    }
    const std::vector<FakeChain::Block> whole = chain.blocks;
    chain.drop(3);
    poll();
    chain.drop(100);
    poll();
    EXPECT_EQ(removed, 0U);
    EXPECT_TRUE(trouble.empty());
    chain.blocks = whole;
    chain.mine(1);
    poll();
    EXPECT_EQ(removed, 0U);
    EXPECT_EQ(told, chain.logs());
}

TEST_F(EventFollowing, GoesOnFromASavedPlaceAndOverAReorganisationMeanwhile) {
    for (int i = 0; i < 25; ++i) chain.mine(1);
    start();
    follower.reset();
    chain.drop(4);
    for (int i = 0; i < 7; ++i) chain.mine(1);
    eth.asked.clear();
    start(saved);
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(removed, 4U);
    // It asked for the end only.
    for (const std::string& one : eth.asked)
        if (one.starts_with("eth_getLogs")) EXPECT_EQ(one.find("\"fromBlock\":\"0x0\""), std::string::npos) << one;
}

TEST_F(EventFollowing, ReadsALongPastInRangesThatTheNodeTakes) {
    for (int i = 0; i < 200; ++i) chain.mine(static_cast<std::size_t>(i % 5 == 0));
    chain.longest_range = 7;
    start();
    EXPECT_EQ(told, chain.logs());
    EXPECT_TRUE(trouble.empty());
    EXPECT_GT(batches, 10U);
}

TEST_F(EventFollowing, HalvesARangeWithTooManyLogsAndGrowsAgain) {
    for (int i = 0; i < 100; ++i) chain.mine(i >= 40 && i < 60 ? 5 : 0);
    chain.most_logs = 10;
    config.longest_range = 64;
    start();
    EXPECT_EQ(told, chain.logs());
    EXPECT_TRUE(trouble.empty());
    // One block that has too many by itself cannot be halved: that is trouble, and is asked again.
    chain.mine(11);
    poll();
    ASSERT_FALSE(trouble.empty());
    EXPECT_EQ(trouble.back().code, ErrorCode::too_large);
    chain.most_logs = 100;
    poll();
    EXPECT_EQ(told, chain.logs());
}

TEST_F(EventFollowing, ReadsAgainWhereTheChainChangedWhileItWasRead) {
    for (int i = 0; i < 5; ++i) chain.mine(1);
    int left = 2;
    chain.before_answer = [&](const std::string& method) {
        if (method != "eth_getLogs" || left == 0) return;
        --left;
        chain.drop(2);
        chain.mine(1);
        chain.mine(2);
    };
    start();
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(removed, 0U);
    EXPECT_TRUE(trouble.empty());
}

TEST_F(EventFollowing, ANodeThatNeverAgreesWithItselfIsNotPressed) {
    for (int i = 0; i < 5; ++i) chain.mine(1);
    chain.before_answer = [&](const std::string& method) {
        if (method != "eth_getLogs") return;
        chain.drop(1);
        chain.mine(1);
    };
    start();
    ASSERT_EQ(trouble.size(), 1U);
    EXPECT_EQ(trouble[0].code, ErrorCode::mismatch);
    EXPECT_LT(eth.asked.size(), 30U);
    chain.before_answer = nullptr;
    poll();
    EXPECT_EQ(told, chain.logs());
}

TEST_F(EventFollowing, AChangeBelowTheFinalityStopsIt) {
    for (int i = 0; i < 40; ++i) {
        chain.mine(1);
        if (i == 0) start();
        poll();
    }
    chain.drop(20);
    for (int i = 0; i < 25; ++i) chain.mine(1);
    poll();
    ASSERT_EQ(trouble.size(), 1U);
    EXPECT_EQ(trouble[0].code, ErrorCode::mismatch);
    EXPECT_NE(trouble[0].message.find("which was final"), std::string::npos) << trouble[0].message;
    const std::size_t before = eth.asked.size();
    poll();
    poll();
    EXPECT_EQ(eth.asked.size(), before);
}

TEST_F(EventFollowing, AWholeYoungChainMayChange) {
    for (int i = 0; i < 5; ++i) chain.mine(1);
    config.start = 1;
    start();
    chain.drop(100);
    for (int i = 0; i < 7; ++i) chain.mine(1);
    poll();
    EXPECT_EQ(told, chain.logs());
    EXPECT_TRUE(trouble.empty());
}

TEST_F(EventFollowing, AnEventThatIsNotKnownIsToldWithItsError) {
    chain.mine(3);
    chain.blocks.back().logs[1].topics[0] = Word{};
    chain.blocks.back().logs[2].data.pop_back();
    start();
    ASSERT_EQ(told.size(), 3U);
    ASSERT_EQ(unreadable.size(), 2U);
    EXPECT_EQ(unreadable[0].code, ErrorCode::unsupported);
    EXPECT_EQ(unreadable[1].code, ErrorCode::truncated);
    EXPECT_TRUE(unreadable[0].message.starts_with("log 3 of block 1 (transaction 0x")) << unreadable[0].message;
    EXPECT_TRUE(trouble.empty());
}

TEST_F(EventFollowing, AnswersThatAreNoLogsOfThisContractAreTroubleAndAskedAgain) {
    using Change = std::function<void(rpc::Json&)>;
    const std::vector<std::pair<Change, std::string>> changes = {
        {[](rpc::Json& logs) { logs = "no"; }, "no list"},
        {[](rpc::Json& logs) { logs[0] = 5; }, "log 0"},
        {[](rpc::Json& logs) { logs[0].erase("topics"); }, "topics: it is missing"},
        {[](rpc::Json& logs) { logs[0]["topics"].push_back("0x12"); }, "32 bytes"},
        {[](rpc::Json& logs) { logs[0]["topics"] = rpc::Json(5, std::string("0x")); }, "at most 4"},
        {[](rpc::Json& logs) { logs[0]["data"] = "0x0"; }, "data: 0x and two digits"},
        {[](rpc::Json& logs) { logs[0]["data"] = nullptr; }, "text is expected"},
        {[](rpc::Json& logs) { logs[0]["blockNumber"] = "0x1ffffffffffffffff"; }, "64 bits"},
        {[](rpc::Json& logs) { logs[0]["blockNumber"] = "0x99"; }, "is of block 153"},
        {[](rpc::Json& logs) { logs[0]["blockHash"] = "0x"; }, "blockHash"},
        {[](rpc::Json& logs) { logs[0]["address"] = EthAddress::of_id(5).text(); }, "is of the contract 0xff"},
        {[](rpc::Json& logs) { logs[0]["removed"] = true; }, "not in the chain"},
        {[](rpc::Json& logs) { logs[0]["removed"] = 7; }, "removed"},
        {[](rpc::Json& logs) { logs.push_back(logs[0]); }, "is there twice"},
        {[](rpc::Json& logs) { logs[1]["blockHash"] = "0x" + std::string(64, '1'); }, "two hashes"},
    };
    chain.mine(2);
    for (const auto& [change, says] : changes) {
        chain.change_logs = change;
        follower.reset();
        trouble.clear();
        start();
        ASSERT_EQ(trouble.size(), 1U) << says;
        EXPECT_NE(trouble[0].message.find(says), std::string::npos) << trouble[0].message;
        EXPECT_TRUE(trouble[0].message.starts_with("events of the contract 0xFF")) << trouble[0].message;
        EXPECT_TRUE(told.empty());
    }
    chain.change_logs = nullptr;
    poll();
    EXPECT_EQ(told, chain.logs());
}

TEST_F(EventFollowing, LogsOutOfOrderArePutInOrderAndNullIsNone) {
    chain.mine(3);
    chain.change_logs = [](rpc::Json& logs) { std::reverse(logs.begin(), logs.end()); };
    start();
    EXPECT_EQ(told, chain.logs());
    chain.mine();
    chain.change_logs = [](rpc::Json& logs) { logs = nullptr; };
    poll();
    EXPECT_TRUE(follower->caught_up());
    EXPECT_TRUE(trouble.empty());
}

TEST_F(EventFollowing, ANodeInTroubleIsAskedAgainLater) {
    chain.mine(1);
    bool broken = true;
    eth.respond = [&](const std::string& method, const rpc::Json& params) {
        if (!broken) return chain.answer(method, params);
        rpc::Answer out;
        out.failure = Error(ErrorCode::io, "the connection is gone");
        return out;
    };
    start();
    poll();
    EXPECT_EQ(trouble.size(), 2U);
    EXPECT_EQ(trouble[0].code, ErrorCode::io);
    broken = false;
    poll();
    EXPECT_EQ(told, chain.logs());
}

TEST_F(EventFollowing, HostileHeadsAreRefused) {
    for (const rpc::Json& head :
         {rpc::Json(nullptr), rpc::Json(7), rpc::Json::object(),
          rpc::Json{{"number", "0xffffffffffffffff"}, {"hash", hex_of(Word{})}, {"parentHash", hex_of(Word{})}},
          rpc::Json{{"number", "1"}, {"hash", hex_of(Word{})}, {"parentHash", hex_of(Word{})}}}) {
        eth.respond = [&](const std::string&, const rpc::Json&) { return result(head); };
        follower.reset();
        trouble.clear();
        start();
        ASSERT_EQ(trouble.size(), 1U) << head.dump();
        EXPECT_EQ(trouble[0].code, ErrorCode::corrupt) << trouble[0].message;
    }
}

TEST_F(EventFollowing, PokedItLooksAtOnceAndOnceMore) {
    start();
    chain.mine(1);
    follower->poke();
    follower->poke();
    follower->poke();
    outside.run_ready();
    EXPECT_EQ(told, chain.logs());
    EXPECT_EQ(std::ranges::count(eth.asked, "eth_getBlockByNumber [\"latest\",false]"), 3);
}

TEST_F(EventFollowing, DestroyedItCallsNobody) {
    chain.mine(1);
    follower = std::make_unique<EventFollower>(outside.world, eth.ask(), config, std::nullopt,
                                               EventFollower::Handlers{.on_batch = [](const EventBatch&) { FAIL(); },
                                                                       .on_trouble = [](const Error&) { FAIL(); }});
    follower->start();
    follower.reset();
    outside.advance(seconds(60));
}

TEST_F(EventFollowing, WhateverHappensWhatWasToldIsTheChain) {
    config.finality = 40;    // epochs: more than all that is taken off between two looks
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 random(seed);
        const auto chance = [&](unsigned in) { return random() % in == 0; };
        chain = FakeChain();
        chain.mine();
        told.clear();
        trouble.clear();
        saved.reset();
        chain.longest_range = 1 + random() % 8;
        std::size_t deepest = 0;    ///< of the reorganisations since the last look, so that none passes the finality
        chain.before_answer = [&](const std::string&) {
            if (chance(10)) chain.mine(random() % 3, random() % 2);
            if (chance(25) && deepest < 3) {
                chain.drop(1 + random() % 2);
                deepest += 2;
            }
        };
        start();
        for (int step = 0; step < 100; ++step) {
            deepest = 0;
            const std::size_t blocks = random() % 4;
            for (std::size_t i = 0; i < blocks; ++i) chain.mine(random() % 3, random() % 2);
            if (chance(4)) chain.drop(random() % 4);
            if (chance(12)) start(saved);
            poll();
        }
        chain.before_answer = nullptr;
        for (int i = 0; i < 3; ++i) {
            chain.mine(1);
            poll();
        }
        EXPECT_EQ(told, chain.logs()) << "seed " << seed;
        for (const Error& error : trouble)
            EXPECT_NE(error.message.find("at its number"), std::string::npos) << error.message;
    }
}

TEST(EventCursor, HostileTextIsRefused) {
    EventCursor good{.next = 20, .floor = 10, .recent = {{.number = 12, .hash = {}, .logs = {}}}};
    EthLog log;
    log.block = 12;
    good.recent[0].logs = {log};
    const rpc::Json json = json_of(good);
    EXPECT_EQ(read_event_cursor(json).value(), good);
    const std::vector<std::function<void(rpc::Json&)>> changes = {
        [](rpc::Json& j) { j = nullptr; },
        [](rpc::Json& j) { j.erase("next"); },
        [](rpc::Json& j) { j["next"] = 20; },
        [](rpc::Json& j) { j["floor"] = "0x15"; },
        [](rpc::Json& j) { j["recent"] = 1; },
        [](rpc::Json& j) { j["recent"].push_back(j["recent"][0]); },
        [](rpc::Json& j) { j["recent"][0]["number"] = "0x14"; },
        [](rpc::Json& j) { j["recent"][0]["hash"] = "0x12"; },
        [](rpc::Json& j) { j["recent"][0].erase("logs"); },
        [](rpc::Json& j) { j["recent"][0]["logs"][0]["blockNumber"] = "0xb"; },
        [](rpc::Json& j) { j["recent"][0]["logs"][0]["topics"] = nullptr; },
    };
    for (const auto& change : changes) {
        rpc::Json changed = json;
        change(changed);
        const auto read = read_event_cursor(changed);
        ASSERT_FALSE(read.ok()) << changed.dump();
        EXPECT_EQ(read.error().code, ErrorCode::corrupt);
    }
}

}    // namespace
}    // namespace filfil::incentive
