// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

namespace filfil::journal {
namespace {

using State = EffectRecord::State;

class JournalEffects : public testing::Test {
protected:
    void SetUp() override {
        m_journal = must_open(m_folder / "journal.db", m_clock);
        ASSERT_NE(m_journal, nullptr);
    }

    std::optional<EffectRecord> intend(const std::string& key, const std::string& request = "{}") {
        auto before = m_journal->intend(key, "stage", request);
        EXPECT_TRUE(before.ok()) << before.error().text();
        return before.ok() ? *before : std::nullopt;
    }

    EffectRecord get(const std::string& key) {
        auto found = m_journal->effect(key);
        EXPECT_TRUE(found.ok() && *found);
        return found.ok() && *found ? **found : EffectRecord{};
    }

    std::vector<std::string> open() {
        const auto found = m_journal->open_effects();
        EXPECT_TRUE(found.ok());
        std::vector<std::string> out;
        for (const EffectRecord& effect : *found) out.push_back(effect.key);
        return out;
    }

    ScratchFolder m_folder;
    SetClock m_clock;
    std::unique_ptr<Journal> m_journal;
    const Clock::Duration m_start = m_clock.now;
    const Clock::Duration m_later = m_start + std::chrono::nanoseconds(1);
};

TEST_F(JournalEffects, NewOneIsIntended) {
    EXPECT_FALSE(intend("k", "{\"a\":1}"));
    const EffectRecord effect = get("k");
    EXPECT_EQ(effect.key, "k");
    EXPECT_EQ(effect.kind, "stage");
    EXPECT_EQ(effect.request, "{\"a\":1}");
    EXPECT_EQ(effect.state, State::intended);
    EXPECT_EQ(effect.result, "");
    EXPECT_EQ(effect.attempts, 1U);
    EXPECT_EQ(effect.first_at, m_start);
    EXPECT_EQ(effect.last_at, m_start);
}

TEST_F(JournalEffects, OneThatWasIntendedIsGivenBackAsItStood) {
    EXPECT_FALSE(intend("k"));
    const std::string written = text_of(get("k"));
    m_clock.now = m_later;
    const auto before = intend("k");
    ASSERT_TRUE(before);
    EXPECT_EQ(text_of(*before), written);
    EXPECT_EQ(text_of(get("k")), written);
}

TEST_F(JournalEffects, OneThatIsDoneStaysDone) {
    EXPECT_FALSE(intend("k"));
    m_clock.now = m_later;
    ASSERT_TRUE(m_journal->finish("k", State::done, "{\"cid\":\"x\"}").ok());
    const EffectRecord done = get("k");
    EXPECT_EQ(done.state, State::done);
    EXPECT_EQ(done.result, "{\"cid\":\"x\"}");
    EXPECT_EQ(done.first_at, m_start);
    EXPECT_EQ(done.last_at, m_later);
    const auto before = intend("k");
    ASSERT_TRUE(before);
    EXPECT_EQ(text_of(*before), text_of(done));
    for (const State state : {State::done, State::failed}) {
        const auto again = m_journal->finish("k", state, "other");
        ASSERT_FALSE(again.ok());
        EXPECT_EQ(again.error().code, ErrorCode::invalid_argument);
    }
    EXPECT_EQ(text_of(get("k")), text_of(done));
}

TEST_F(JournalEffects, OneThatFailedIsIntendedOnceMore) {
    EXPECT_FALSE(intend("k"));
    ASSERT_TRUE(m_journal->finish("k", State::failed, "no gas").ok());
    EXPECT_EQ(get("k").state, State::failed);
    EXPECT_TRUE(open().empty());
    m_clock.now = m_later;
    const auto before = intend("k");
    ASSERT_TRUE(before);
    EXPECT_EQ(before->state, State::failed);
    EXPECT_EQ(before->result, "no gas");
    const EffectRecord effect = get("k");
    EXPECT_EQ(effect.state, State::intended);
    EXPECT_EQ(effect.result, "");
    EXPECT_EQ(effect.attempts, 2U);
    EXPECT_EQ(effect.first_at, m_start);
    EXPECT_EQ(effect.last_at, m_later);
    ASSERT_TRUE(m_journal->finish("k", State::done, "ok").ok());
    EXPECT_EQ(get("k").attempts, 2U);
}

TEST_F(JournalEffects, SameKeyForAnotherThingIsAMismatch) {
    EXPECT_FALSE(intend("k"));
    const std::string written = text_of(get("k"));
    for (const auto& [kind, request] : {std::pair{"propose", "{}"}, std::pair{"stage", "{ }"}}) {
        const auto other = m_journal->intend("k", kind, request);
        ASSERT_FALSE(other.ok());
        EXPECT_EQ(other.error().code, ErrorCode::mismatch);
    }
    EXPECT_EQ(text_of(get("k")), written);
}

TEST_F(JournalEffects, OnlyWhatWasIntendedCanBeFinished) {
    const auto unknown = m_journal->finish("k", State::done, "");
    ASSERT_FALSE(unknown.ok());
    EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
    EXPECT_FALSE(intend("k"));
    const auto intended = m_journal->finish("k", State::intended, "");
    ASSERT_FALSE(intended.ok());
    EXPECT_EQ(intended.error().code, ErrorCode::invalid_argument);
}

TEST_F(JournalEffects, OpenOnesAreToldOldestFirstWhateverTheClockSays) {
    for (const char* key : {"z", "a", "m", "b"}) {
        EXPECT_FALSE(intend(key));
        m_clock.now -= std::chrono::hours(1);
    }
    ASSERT_TRUE(m_journal->finish("m", State::done, "").ok());
    EXPECT_EQ(open(), (std::vector<std::string>{"z", "a", "b"}));
}

}    // namespace
}    // namespace filfil::journal
