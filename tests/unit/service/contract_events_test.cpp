// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../incentive/fake_eth.hpp"
#include "memory_journal.hpp"

#include "service/incentive/event_book.hpp"
#include "service/incentive/reputation_book.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

using incentive::FakeChain;
using incentive::FakeEth;
using rpc::Json;
using std::chrono::seconds;

/// A book of the events of a chain that the test makes, on virtual time.
class ContractEvents : public testing::Test {
protected:
    void SetUp() override {
        eth.respond = [this](const std::string& method, const Json& params) { return chain.answer(method, params); };
        network = node::find_profile("devnet").value();
        network.finality = 10;
        chain.mine();
    }

    /// A process begins; the last, if there is one, is gone.
    void start() {
        book.reset();
        queue = WorkerQueue::make(outside.world);
        bus = std::make_unique<EventBus>(outside.clock);
        told.clear();
        bus->subscribe({}, {"contract"}, [this](const Event& event) {
            told.push_back(event.data);
            return true;
        });
        book = std::make_unique<EventBook>(EventBook::Parts{.world = outside.world,
                                                            .ask = eth.ask(),
                                                            .queue = queue,
                                                            .journal = std::make_shared<MemoryJournal>(disk),
                                                            .events = *bus,
                                                            .network = network,
                                                            .contract = FakeChain::contract,
                                                            .from = 0});
        book->start();
        outside.run_ready();
    }

    void head() {
        book->on_head();
        outside.run_ready();
    }

    std::vector<journal::EventRecord> list(const journal::EventFilter& filter = {.limit = 1000}) {
        std::optional<Result<std::vector<journal::EventRecord>>> out;
        book->list(filter, [&](Result<std::vector<journal::EventRecord>> found) { out = std::move(found); });
        outside.run_ready();
        EXPECT_TRUE(out && out->ok());
        return out && out->ok() ? **out : std::vector<journal::EventRecord>();
    }

    /// The book has what the chain has, and nothing else.
    void expect_equal() {
        const auto found = list();
        const auto logs = chain.logs();
        ASSERT_EQ(found.size(), logs.size());
        for (std::size_t i = 0; i < logs.size(); ++i) {
            const journal::EventRecord& event = found[logs.size() - 1 - i];
            EXPECT_EQ(event.block, logs[i].block);
            EXPECT_EQ(event.index, logs[i].index);
            EXPECT_EQ(event.name, "Slashed");
            const auto fields = rpc::parse_json(event.fields);
            ASSERT_TRUE(fields.ok());
            EXPECT_EQ((*fields)["amount"], incentive::U256::from_bytes(logs[i].data).value().text());
            EXPECT_EQ((*fields)["miner"], event.miner.value_or(0));
        }
        EXPECT_TRUE(book->state()["caught_up"]);
        EXPECT_EQ(book->state()["read_to_epoch"], chain.blocks.back().ref.number);
    }

    Outside outside;
    FakeEth eth{outside};
    FakeChain chain;
    node::Profile network;
    JournalDisk disk;
    std::shared_ptr<WorkerQueue> queue;
    std::unique_ptr<EventBus> bus;
    std::unique_ptr<EventBook> book;
    std::vector<Json> told;
};

TEST_F(ContractEvents, AreKeptToldAndFound) {
    for (int i = 0; i < 20; ++i) chain.mine(static_cast<std::size_t>(i % 3));
    start();
    expect_equal();
    EXPECT_FALSE(told.empty());
    told.clear();
    chain.mine(2);
    head();
    expect_equal();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]["removed"], 0);
    EXPECT_EQ(told[0]["more"], false);
    ASSERT_EQ(told[0]["added"].size(), 2U);
    EXPECT_EQ(told[0]["added"][0]["name"], "Slashed");
    EXPECT_EQ(told[0]["added"][0]["miner"], "t01000");
    EXPECT_EQ(told[0]["added"][0]["epoch"], chain.blocks.back().ref.number);
    const auto own = list({.miner = 1001});
    EXPECT_EQ(own.size(), 7U);
    for (const journal::EventRecord& event : own) EXPECT_EQ(event.miner, 1001U);
}

TEST_F(ContractEvents, GoWithTheirBlocks) {
    for (int i = 0; i < 20; ++i) chain.mine(1);
    start();
    told.clear();
    chain.drop(4);
    for (int i = 0; i < 6; ++i) chain.mine(2);
    head();
    outside.advance(seconds(30));
    expect_equal();
    std::size_t removed = 0;
    for (const Json& one : told) {
        removed += one["removed"].get<std::size_t>();
        EXPECT_EQ(one["removed"] == 0, one["removed_from_epoch"].is_null()) << one.dump();
        if (one["removed"] != 0) {
            EXPECT_EQ(one["removed_from_epoch"], 17);
        }
    }
    EXPECT_EQ(removed, 4U);
}

TEST_F(ContractEvents, AreReadOnFromWhereTheLastProcessCameTo) {
    for (int i = 0; i < 40; ++i) chain.mine(1);
    start();
    expect_equal();
    // It was reorganised while nobody looked.
    chain.drop(3);
    for (int i = 0; i < 5; ++i) chain.mine(1);
    const std::size_t before = eth.asked.size();
    start();
    expect_equal();
    for (std::size_t i = before; i < eth.asked.size(); ++i)
        EXPECT_EQ(eth.asked[i].find("\"fromBlock\":\"0x0\""), std::string::npos) << eth.asked[i];
}

TEST_F(ContractEvents, ThatCouldNotBeWrittenAreReadAgain) {
    for (int i = 0; i < 5; ++i) chain.mine(1);
    start();
    disk.failure = Error(ErrorCode::io, "journal.db: the disk is full");
    told.clear();
    for (int i = 0; i < 3; ++i) chain.mine(1);
    head();
    EXPECT_EQ(list().size(), 5U);
    EXPECT_EQ(book->state()["trouble"], "journal.db: the disk is full");
    EXPECT_FALSE(book->state()["caught_up"]);
    EXPECT_TRUE(told.empty()) << "what is not kept is not told";
    disk.failure.reset();
    head();
    expect_equal();
    EXPECT_TRUE(book->state()["trouble"].is_null());
}

TEST_F(ContractEvents, AreReadFromTheStartWhereTheChainIsAnother) {
    for (int i = 0; i < 60; ++i) chain.mine(1);
    start();
    chain.drop(50);
    for (int i = 0; i < 55; ++i) chain.mine(1);
    head();
    for (int i = 0; i < 5; ++i) outside.advance(seconds(30));
    expect_equal();
    EXPECT_TRUE(std::ranges::any_of(told, [](const Json& one) { return one["more"] == true; }));
}

TEST_F(ContractEvents, StayWhereANodeDoesNotAgreeWithItself) {
    for (int i = 0; i < 30; ++i) chain.mine(1);
    start();
    const std::size_t before = list().size();
    chain.before_answer = [&](const std::string& method) {
        if (method != "eth_getLogs") return;
        chain.drop(1);
        chain.mine(1);
    };
    chain.mine(1);
    head();
    EXPECT_FALSE(book->state()["trouble"].is_null());
    EXPECT_EQ(list().size(), before);
    chain.before_answer = nullptr;
    outside.advance(seconds(30));
    expect_equal();
}

TEST_F(ContractEvents, AreReadFromTheStartWhereTheCursorIsNone) {
    for (int i = 0; i < 8; ++i) chain.mine(1);
    start();
    disk.event_logs.begin()->second.cursor = "{\"next\":-1}";
    start();
    expect_equal();
}

TEST_F(ContractEvents, OfANewerContractStayVisible) {
    chain.mine(2);
    chain.blocks.back().logs[0].topics[0] = incentive::Word{};
    start();
    const auto found = list();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].name, "unreadable");
    EXPECT_EQ(found[0].name, "Slashed");
}

TEST_F(ContractEvents, TooManyAtOnceAreOneWordToTheListeners) {
    for (int i = 0; i < 15; ++i) chain.mine(25);
    start();
    expect_equal();
    for (const Json& one : told) EXPECT_LE(one["added"].size(), 100U);
    EXPECT_TRUE(std::ranges::any_of(told, [](const Json& one) { return one["more"] == true; }));
}

TEST_F(ContractEvents, AReputationIsReckonedAnewWhenTheyChange) {
    for (int i = 0; i < 20; ++i) chain.mine(1);
    start();
    ReputationBook reputation(*book);
    const auto slashed = [&] {
        std::shared_ptr<const Reputation> told;
        reputation.read([&](const Result<std::shared_ptr<const Reputation>>& known) {
            ASSERT_TRUE(known.ok());
            told = *known;
        });
        outside.run_ready();
        EXPECT_TRUE(told);
        incentive::U256 sum;
        for (const ProviderRecord& record : told->records(0)) sum = *add(sum, record.slashed);
        return std::pair(sum.text(), told);
    };
    const auto sum = [&] {
        incentive::U256 out;
        for (const incentive::EthLog& log : chain.logs())
            out = *add(out, incentive::U256::from_bytes(log.data).value());
        return out.text();
    };
    EXPECT_EQ(slashed().first, sum());
    EXPECT_EQ(slashed().second, slashed().second) << "nothing has changed";
    chain.drop(4);
    for (int i = 0; i < 6; ++i) chain.mine(2);
    head();
    outside.advance(seconds(30));
    expect_equal();
    EXPECT_EQ(slashed().first, sum());
}

TEST_F(ContractEvents, AreShownAllOnceByPages) {
    for (int i = 0; i < 50; ++i) chain.mine(45);
    start();
    std::vector<journal::EventPlace> seen;
    std::optional<bool> whole;
    book->read_all([&](const journal::EventRecord& event) { seen.push_back({event.block, event.index}); },
                   [&](const Result<bool>& done) { whole = *done; });
    outside.run_ready();
    EXPECT_EQ(whole, true);
    ASSERT_EQ(seen.size(), 2250U);
    for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_LT(seen[i], seen[i - 1]);
}

TEST_F(ContractEvents, ANodeWithoutLogsIsTrouble) {
    chain.mine(1);
    chain.change_logs = [](Json& logs) { logs = "nonsense"; };
    start();
    EXPECT_FALSE(book->state()["trouble"].is_null());
    EXPECT_TRUE(book->state()["read_to_epoch"].is_null());
    chain.change_logs = nullptr;
    outside.advance(seconds(30));
    expect_equal();
}

}    // namespace
}    // namespace filfil::service
