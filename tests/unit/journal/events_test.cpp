// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace filfil::journal {
namespace {

class JournalEvents : public testing::Test {
protected:
    void SetUp() override {
        m_journal = must_open(m_folder / "journal.db", m_clock);
        ASSERT_NE(m_journal, nullptr);
    }

    void change(const EventChange& change, const std::string& log = "a") {
        const auto done = m_journal->change_events(log, change);
        EXPECT_TRUE(done.ok()) << done.error().text();
    }

    std::string events(const EventFilter& filter = {}, const std::string& log = "a") {
        const auto found = m_journal->events(log, filter);
        if (!found.ok()) return found.error().text();
        std::string out;
        for (const EventRecord& event : *found)
            out += std::to_string(event.block) + "/" + std::to_string(event.index) + " ";
        return out;
    }

    ScratchFolder m_folder;
    SetClock m_clock;
    std::unique_ptr<Journal> m_journal;
};

TEST_F(JournalEvents, StandByTheirPlaceNewestFirst) {
    EXPECT_FALSE(m_journal->events_cursor("a").value());
    EXPECT_EQ(events(), "");
    change({.added = {make_event(7, 1), make_event(5, 0), make_event(7, 0)}, .cursor = "8"});
    EXPECT_EQ(events(), "7/1 7/0 5/0 ");
    EXPECT_EQ(m_journal->events_cursor("a").value(), "8");
    const auto found = m_journal->events("a", {.limit = 1});
    ASSERT_TRUE(found.ok());
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front(), make_event(7, 1));
}

TEST_F(JournalEvents, OfEachLogAreItsOwn) {
    change({.added = {make_event(1, 0)}, .cursor = "2"});
    change({.added = {make_event(1, 0), make_event(2, 0)}, .cursor = "3"}, "b");
    change({.removed = {{1, 0}}, .cursor = "4"}, "b");
    EXPECT_EQ(events(), "1/0 ");
    EXPECT_EQ(events({}, "b"), "2/0 ");
    EXPECT_EQ(m_journal->events_cursor("a").value(), "2");
}

TEST_F(JournalEvents, GoAndComeBackInOneChange) {
    change({.added = {make_event(1, 0), make_event(2, 0), make_event(2, 1)}, .cursor = "3"});
    EventRecord other = make_event(2, 0);
    other.name = "Removed";
    other.slot.reset();
    other.miner.reset();
    change({.removed = {{2, 1}, {2, 0}, {9, 9}}, .added = {other, make_event(3, 0)}, .cursor = "4"});
    EXPECT_EQ(events(), "3/0 2/0 1/0 ");
    EXPECT_EQ(m_journal->events("a", {.name = "Removed"}).value().at(0), other);
    // The same once more, as after a crash, changes nothing.
    change({.removed = {{2, 1}, {2, 0}, {9, 9}}, .added = {other, make_event(3, 0)}, .cursor = "4"});
    EXPECT_EQ(events(), "3/0 2/0 1/0 ");
}

TEST_F(JournalEvents, AreFoundByWhatTheyAreAbout) {
    EventChange all{.cursor = "x"};
    for (std::uint64_t block = 1; block <= 4; ++block)
        for (std::uint64_t index = 0; index < 4; ++index) all.added.push_back(make_event(block, index));
    change(all);
    EXPECT_EQ(events({.miner = 1002}), "4/2 3/2 2/2 1/2 ");
    EXPECT_EQ(events({.name = "Missed", .slot = 65536 + 2}), "2/3 2/1 ");
    EXPECT_EQ(events({.slot = 65536 + 1, .miner = 1000}), "4/3 4/0 1/3 1/0 ");
    EXPECT_EQ(events({.before = EventPlace{2, 2}, .limit = 3}), "2/1 2/0 1/3 ");
    EXPECT_EQ(events({.miner = 1001, .before = EventPlace{3, 0}}), "2/1 1/1 ");
    EXPECT_EQ(events({.limit = 0}), "");
    EXPECT_EQ(events({.miner = 5}), "");
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(events({.before = EventPlace{most, most}, .limit = 1}), "4/3 ");
}

TEST_F(JournalEvents, AllOfAChangeOrNothing) {
    change({.added = {make_event(1, 0)}, .cursor = "2"});
    EventRecord bad = make_event(2, 1);
    bad.fields = "\xff";
    EventRecord large = make_event(2, 1);
    large.miner = std::uint64_t{1} << 63;
    for (const auto& [wrong, code] :
         {std::pair(bad, ErrorCode::invalid_argument), std::pair(large, ErrorCode::too_large)}) {
        const auto done =
            m_journal->change_events("a", {.removed = {{1, 0}}, .added = {make_event(2, 0), wrong}, .cursor = "3"});
        ASSERT_FALSE(done.ok());
        EXPECT_EQ(done.error().code, code);
        EXPECT_EQ(events(), "1/0 ");
        EXPECT_EQ(m_journal->events_cursor("a").value(), "2");
    }
}

TEST_F(JournalEvents, CanBeForgotten) {
    change({.added = {make_event(1, 0)}, .cursor = "2"});
    change({.added = {make_event(1, 0)}, .cursor = "2"}, "b");
    ASSERT_TRUE(m_journal->forget_events("a").ok());
    ASSERT_TRUE(m_journal->forget_events("never seen").ok());
    EXPECT_EQ(events(), "");
    EXPECT_FALSE(m_journal->events_cursor("a").value());
    EXPECT_EQ(events({}, "b"), "1/0 ");
}

TEST_F(JournalEvents, StayOverAnOpening) {
    change({.added = {make_event(1, 0)}, .cursor = "2"});
    m_journal.reset();
    m_journal = must_open(m_folder / "journal.db", m_clock);
    EXPECT_EQ(events(), "1/0 ");
    EXPECT_EQ(m_journal->events_cursor("a").value(), "2");
}

}    // namespace
}    // namespace filfil::journal
