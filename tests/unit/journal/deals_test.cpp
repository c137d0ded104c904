// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "../service/memory_journal.hpp"
#include "base/random.hpp"
#include "journal/open.hpp"
#include "journal/sqlite_journal.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace filfil::journal {
namespace {

constexpr std::uint64_t large = std::uint64_t{1} << 63;

class JournalDeals : public testing::Test {
protected:
    void SetUp() override { open(); }

    void open() {
        m_journal.reset();
        m_journal = must_open(m_path, m_clock);
        ASSERT_NE(m_journal, nullptr);
    }

    std::int64_t put(const DealRecord& deal, const std::vector<DealStepRecord>& steps = {}) {
        const auto id = m_journal->put_deal(deal, steps);
        EXPECT_TRUE(id.ok()) << id.error().text();
        return id.ok() ? *id : 0;
    }

    DealRecord get(std::int64_t id) {
        const auto found = m_journal->deal(id);
        EXPECT_TRUE(found.ok() && *found);
        return found.ok() && *found ? **found : DealRecord{};
    }

    /// Puts it, and expects it back the same over an opening too.
    void expect_kept(DealRecord deal) {
        deal.id = put(deal);
        EXPECT_EQ(get(deal.id), deal) << text_of(get(deal.id)) << text_of(deal);
        open();
        EXPECT_EQ(get(deal.id), deal) << text_of(get(deal.id)) << text_of(deal);
    }

    std::string pieces(const DealFilter& filter) {
        const auto found = m_journal->deals(filter);
        if (!found.ok()) return found.error().text();
        std::string out;
        for (const DealRecord& deal : *found) out += std::to_string(deal.piece) + " ";
        return out;
    }

    std::vector<DealStepRecord> steps(std::int64_t id) {
        auto found = m_journal->deal_steps(id);
        EXPECT_TRUE(found.ok()) << found.error().text();
        return found.ok() ? *std::move(found) : std::vector<DealStepRecord>();
    }

    /// "1stage 2answer "
    std::string numbers(std::int64_t id) {
        std::string out;
        for (const DealStepRecord& step : steps(id)) out += std::to_string(step.number) + step.kind + " ";
        return out;
    }

    void expect_refused(const DealRecord& deal, const std::vector<DealStepRecord>& steps, ErrorCode code,
                        const std::string& word) {
        const std::string before = deals_of(*m_journal);
        const auto done = m_journal->put_deal(deal, steps);
        ASSERT_FALSE(done.ok()) << word;
        EXPECT_EQ(done.error().code, code) << done.error().text();
        EXPECT_NE(done.error().message.find(word), std::string::npos) << done.error().text();
        EXPECT_EQ(deals_of(*m_journal), before) << word;
    }

    ScratchFolder m_folder;
    std::string m_path = m_folder / "journal.db";
    SetClock m_clock;
    std::unique_ptr<Journal> m_journal;
};

TEST_F(JournalDeals, ReadBackAsTheyWereWritten) {
    EXPECT_EQ(deals_of(*m_journal), "");
    expect_kept(make_deal(1));
    expect_kept(without_optionals(make_deal(2)));
    DealRecord bare;
    bare.open = false;
    expect_kept(bare);
    DealRecord extreme = make_deal(3);
    extreme.contract = std::string("\0{\"'", 4);
    extreme.miner = extreme.slot = extreme.payload_size = extreme.padded_size = large - 1;
    extreme.sector = large - 1;
    extreme.piece = extreme.attempt = std::numeric_limits<std::uint32_t>::max();
    extreme.target = extreme.opens = Epoch{std::numeric_limits<std::int64_t>::min()};
    extreme.closes = Epoch{std::numeric_limits<std::int64_t>::max()};
    extreme.snapshot = std::numeric_limits<std::int64_t>::min();
    extreme.begun_at = Clock::Duration::min();
    extreme.changed_at = Clock::Duration::max();
    extreme.status.assign(3'000'000, 'x');
    expect_kept(extreme);
}

TEST_F(JournalDeals, AreGivenNoOthersId) {
    DealRecord deal = make_deal(1);
    deal.id = 77;
    const std::int64_t id = put(deal);
    EXPECT_NE(id, 77);
    EXPECT_EQ(get(id).id, id);
    EXPECT_FALSE(m_journal->deal(77).value());
}

TEST_F(JournalDeals, PutAgainAreAsTheyAreNowAndBeganWhenTheyDid) {
    const DealRecord first = make_deal(1);
    const std::int64_t id = put(first);
    put(make_deal(2));
    DealRecord next = without_optionals(make_deal(5));
    next.contract = first.contract;
    next.miner = first.miner;
    next.slot = first.slot;
    next.piece = first.piece;
    next.attempt = first.attempt;
    next.market = "boost";
    next.stage = "failed";
    next.open = false;
    next.opens.value = 1;
    next.closes.value = 2;
    next.padded_size = 4096;
    next.order = next.status = next.error = "";
    EXPECT_EQ(put(next), id);
    EXPECT_NE(next.begun_at, first.begun_at);
    next.id = id;
    next.begun_at = first.begun_at;
    EXPECT_EQ(get(id), next) << text_of(get(id)) << text_of(next);
    DealRecord again = first;
    EXPECT_EQ(put(again), id);
    again.id = id;
    EXPECT_EQ(get(id), again);
    EXPECT_EQ(m_journal->deals({}).value().size(), 2U);
    EXPECT_EQ(get(2).piece, 2U) << "of another deal";
}

TEST_F(JournalDeals, AreOthersWhereAnyPartOfTheirNameIs) {
    const DealRecord deal = make_deal(1);
    put(deal);
    const auto expect_other = [&](const std::function<void(DealRecord&)>& change) {
        DealRecord other = deal;
        change(other);
        const std::size_t before = m_journal->deals({}).value().size();
        const std::int64_t id = put(other);
        EXPECT_EQ(m_journal->deals({}).value().size(), before + 1);
        EXPECT_EQ(put(other), id);
        EXPECT_EQ(m_journal->deals({}).value().size(), before + 1);
    };
    expect_other([](DealRecord& other) { other.contract += "0"; });
    expect_other([](DealRecord& other) { ++other.miner; });
    expect_other([](DealRecord& other) { ++other.slot; });
    expect_other([](DealRecord& other) { ++other.piece; });
    expect_other([](DealRecord& other) { ++other.attempt; });
}

TEST_F(JournalDeals, AreFoundByWhatTheyAreAboutInPagesNewestFirst) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        DealRecord deal = make_deal(seed);
        deal.open = seed % 2 == 0;
        put(deal);
    }
    // Writing it again makes no deal newer.
    put(make_deal(0));
    EXPECT_EQ(pieces({}), "11 10 9 8 7 6 5 4 3 2 1 0 ");
    EXPECT_EQ(pieces({.miner = 1001}), "10 7 4 1 ");
    EXPECT_EQ(pieces({.slot = 65536 + 3}), "11 7 3 ");
    EXPECT_EQ(pieces({.miner = 1001, .slot = 65536 + 2}), "10 ");
    EXPECT_EQ(pieces({.only_open = true}), "10 8 6 4 2 0 ");
    EXPECT_EQ(pieces({.miner = 1001, .only_open = true}), "10 4 ");
    EXPECT_EQ(pieces({.slot = 65536 + 3, .only_open = true}), "");
    EXPECT_EQ(pieces({.limit = 0}), "");
    EXPECT_EQ(pieces({.miner = 5}), "");
    EXPECT_EQ(pieces({.before_id = std::numeric_limits<std::int64_t>::min()}), "");
    EXPECT_EQ(pieces({.limit = std::numeric_limits<std::size_t>::max()}), pieces({}));
    for (const DealFilter& filter :
         {DealFilter{}, DealFilter{.miner = 1000}, DealFilter{.slot = 65536}, DealFilter{.only_open = true}}) {
        DealFilter page = filter;
        page.limit = 2;
        std::string all;
        for (;;) {
            const auto found = m_journal->deals(page);
            ASSERT_TRUE(found.ok());
            if (found->empty()) break;
            EXPECT_LE(found->size(), 2U);
            all += pieces(page);
            page.before_id = found->back().id;
        }
        EXPECT_EQ(all, pieces(filter));
    }
    EXPECT_EQ(m_journal->deals({.miner = large}).error().code, ErrorCode::too_large);
    EXPECT_EQ(m_journal->deals({.slot = large}).error().code, ErrorCode::too_large);
}

TEST_F(JournalDeals, ThatAreNoneHaveNoSteps) {
    put(make_deal(1), {make_step(1)});
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{2}, std::numeric_limits<std::int64_t>::min()}) {
        EXPECT_FALSE(m_journal->deal(id).value());
        const auto steps = m_journal->deal_steps(id);
        ASSERT_FALSE(steps.ok());
        EXPECT_EQ(steps.error().code, ErrorCode::not_found);
        EXPECT_NE(steps.error().message.find(std::to_string(id)), std::string::npos);
    }
}

TEST_F(JournalDeals, StepsOfEachAreItsOwnInTheirOrder) {
    DealStepRecord odd{.number = 900, .kind = "", .name = "größe", .at = Clock::Duration::min(), .details = ""};
    const std::int64_t one = put(make_deal(1), {make_step(4), make_step(2, "error"), odd});
    const std::int64_t other = put(make_deal(2));
    EXPECT_TRUE(steps(other).empty());
    put(make_deal(2), {make_step(9, "asked")});
    put(make_deal(1));
    open();
    put(make_deal(1), {make_step(1)});
    std::vector<DealStepRecord> expected = {make_step(4), make_step(2, "error"), odd, make_step(1)};
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i].number = i + 1;
    EXPECT_EQ(steps(one), expected);
    EXPECT_EQ(numbers(other), "1asked ");
}

TEST_F(JournalDeals, KeepTheLatest500AnswersAndNeverGiveANumberTwice) {
    const std::int64_t id = put(make_deal(1), {make_step(0), make_step(1, "answer"), make_step(2, "asked")});
    put(make_deal(2), {make_step(3, "answer")});
    const std::vector<DealStepRecord> many(499, make_step(7, "answer"));
    put(make_deal(1), many);
    EXPECT_EQ(steps(id).size(), 502U) << "500 of them answers";
    EXPECT_EQ(steps(id)[1].name, "step-1");
    put(make_deal(1), {make_step(4, "error")});
    EXPECT_EQ(steps(id).size(), 503U) << "which is no answer";
    // One too many.
    put(make_deal(1), {make_step(5, "answer")});
    EXPECT_EQ(steps(id).size(), 503U);
    EXPECT_EQ(steps(id)[0].number, 1U);
    EXPECT_EQ(steps(id)[1].number, 3U) << "the oldest answer went";
    EXPECT_EQ(steps(id).back().number, 504U);
    EXPECT_EQ(steps(id).back().name, "step-5");
    // More at once than are kept.
    std::vector<DealStepRecord> more(700, make_step(8, "answer"));
    more.push_back(make_step(9));
    put(make_deal(1), more);
    const auto left = steps(id);
    ASSERT_EQ(left.size(), 504U);
    EXPECT_EQ(left[0].number, 1U);
    EXPECT_EQ(left[1].number, 3U);
    EXPECT_EQ(left[2].number, 503U) << "the error";
    EXPECT_EQ(left[3].number, 705U);
    EXPECT_EQ(left[502].number, 1204U);
    EXPECT_EQ(left[503].number, 1205U);
    open();
    put(make_deal(1), {make_step(1, "answer")});
    EXPECT_EQ(steps(id).back().number, 1206U);
    EXPECT_EQ(numbers(2), "1answer ") << "of another deal";
}

TEST_F(JournalDeals, ThatCannotBeReadBackAreNotWritten) {
    put(make_deal(1), {make_step(1)});
    put(make_deal(2));
    constexpr auto invalid = ErrorCode::invalid_argument;
    constexpr auto too_large = ErrorCode::too_large;
    const auto expect_bad = [&](ErrorCode code, const std::string& word,
                                const std::function<void(DealRecord&, DealStepRecord&)>& change) {
        // New, and there already.
        for (const unsigned seed : {1U, 9U}) {
            DealRecord deal = make_deal(seed);
            deal.stage = "changed";
            DealStepRecord step = make_step(2);
            change(deal, step);
            expect_refused(deal, {make_step(3, "answer"), step}, code, word);
        }
    };
    for (const std::string bad : {"caf\xe9", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "{\"a\":\"\xe2\x82"}) {
        expect_bad(invalid, "'contract'", [&](DealRecord& deal, DealStepRecord&) { deal.contract = bad; });
        expect_bad(invalid, "'market'", [&](DealRecord& deal, DealStepRecord&) { deal.market = bad; });
        expect_bad(invalid, "'market_id'", [&](DealRecord& deal, DealStepRecord&) { deal.market_id = bad; });
        expect_bad(invalid, "'stage'", [&](DealRecord& deal, DealStepRecord&) { deal.stage = bad; });
        expect_bad(invalid, "'order'", [&](DealRecord& deal, DealStepRecord&) { deal.order = bad; });
        expect_bad(invalid, "'status'", [&](DealRecord& deal, DealStepRecord&) { deal.status = bad; });
        expect_bad(invalid, "'error'", [&](DealRecord& deal, DealStepRecord&) { deal.error = bad; });
        expect_bad(invalid, "'kind'", [&](DealRecord&, DealStepRecord& step) { step.kind = bad; });
        expect_bad(invalid, "'name'", [&](DealRecord&, DealStepRecord& step) { step.name = bad; });
        expect_bad(invalid, "'details'", [&](DealRecord&, DealStepRecord& step) { step.details = bad; });
    }
    expect_bad(invalid, "CID", [](DealRecord& deal, DealStepRecord&) { deal.piece_cid = ipld::Cid(); });
    for (const std::uint64_t number : {large, std::numeric_limits<std::uint64_t>::max()}) {
        expect_bad(too_large, "'miner'", [&](DealRecord& deal, DealStepRecord&) { deal.miner = number; });
        expect_bad(too_large, "'slot'", [&](DealRecord& deal, DealStepRecord&) { deal.slot = number; });
        expect_bad(too_large, "'payload_size'", [&](DealRecord& deal, DealStepRecord&) { deal.payload_size = number; });
        expect_bad(too_large, "'padded_size'", [&](DealRecord& deal, DealStepRecord&) { deal.padded_size = number; });
        expect_bad(too_large, "'sector'", [&](DealRecord& deal, DealStepRecord&) { deal.sector = number; });
    }
    expect_bad(too_large, "too big", [](DealRecord& deal, DealStepRecord&) { deal.status.assign(17 << 20, 'x'); });
    expect_bad(too_large, "too big", [](DealRecord&, DealStepRecord& step) { step.details.assign(17 << 20, 'x'); });
}

/// What journals of the released versions have, in the tables that they have.
void fill(Journal& journal, std::size_t version) {
    for (unsigned i = 0; i < 4; ++i) {
        const std::string effect = "effect-" + std::to_string(i);
        ASSERT_TRUE(journal.put_snapshot(make_snapshot(i, 3)).ok());
        ASSERT_TRUE(journal.put_receipt(make_receipt(i)).ok());
        ASSERT_TRUE(journal.intend(effect, "stage", "{}").ok());
        if (i % 2 == 0) ASSERT_TRUE(journal.finish(effect, EffectRecord::State::done, "{}").ok());
        ASSERT_TRUE(journal.set_setting("setting-" + std::to_string(i), "value").ok());
        if (version < 2) continue;
        ASSERT_TRUE(
            journal.change_events("log-" + std::to_string(i), {.added = {make_event(1, i)}, .cursor = "2"}).ok());
    }
}

TEST_F(JournalDeals, ComeToAJournalOfAnOlderVersionThatKeepsAll) {
    for (const std::size_t version : {std::size_t{1}, std::size_t{2}}) {
        const ScratchFolder folder;
        const std::string path = folder / "old.db";
        {
            auto database = open_database(path, {}, schema_steps().first(version));
            ASSERT_TRUE(database.ok()) << database.error().text();
            SqliteJournal old(*std::move(database), m_clock, {});
            fill(old, version);
            EXPECT_FALSE(old.put_deal(make_deal(1), {}).ok());
        }
        const auto fresh = must_open(folder / "fresh.db", m_clock);
        ASSERT_NE(fresh, nullptr);
        fill(*fresh, version);
        const auto journal = must_open(path, m_clock);
        ASSERT_NE(journal, nullptr);
        EXPECT_EQ(look_of(*journal), look_of(*fresh));
        EXPECT_TRUE(folder.has("old.db.v" + std::to_string(version) + ".bak"));
        for (Journal* one : {journal.get(), fresh.get()})
            ASSERT_TRUE(one->put_deal(make_deal(1), {make_step(1), make_step(2, "answer")}).ok());
        EXPECT_EQ(look_of(*journal), look_of(*fresh));
    }
}

/// Tests of what stands on a journal take the one in memory for it.
TEST_F(JournalDeals, AreTheSameInTheJournalInMemory) {
    service::JournalDisk disk;
    service::MemoryJournal memory(disk);
    SeededRandom random(5);
    for (unsigned round = 0; round < 400; ++round) {
        DealRecord deal = make_deal(static_cast<unsigned>(random.below(8)));
        deal.changed_at = deal.begun_at = std::chrono::seconds(round);
        deal.open = random.below(2) == 0;
        std::vector<DealStepRecord> happened;
        const unsigned count = static_cast<unsigned>(random.below(30));
        for (unsigned i = 0; i < count; ++i)
            happened.push_back(make_step(100 * round + i, random.below(9) == 0 ? "stage" : "answer"));
        const std::int64_t id = put(deal, happened);
        ASSERT_EQ(memory.put_deal(deal, happened).value(), id);
    }
    const std::string look = deals_of(*m_journal);
    EXPECT_EQ(deals_of(memory), look);
    EXPECT_GT(steps(1).size(), 500U);
    for (const DealFilter& filter :
         {DealFilter{.limit = 3}, DealFilter{.miner = 1001}, DealFilter{.slot = 65537, .only_open = true},
          DealFilter{.before_id = 4}, DealFilter{.limit = 0}}) {
        const auto found = memory.deals(filter);
        ASSERT_TRUE(found.ok());
        EXPECT_EQ(*found, m_journal->deals(filter).value());
    }
    EXPECT_EQ(memory.deal(3).value(), m_journal->deal(3).value());
    EXPECT_EQ(memory.deal(99).value(), m_journal->deal(99).value());
    EXPECT_EQ(memory.deal_steps(99).error().code, ErrorCode::not_found);
}

}    // namespace
}    // namespace filfil::journal
