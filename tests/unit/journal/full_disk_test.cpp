// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "script.hpp"

#include <gtest/gtest.h>

namespace filfil::journal {
namespace {

TEST(JournalFullDisk, LeavesTheOldStateAndGoesOnWhenThereIsRoom) {
    const Script script = make_script();
    SeededRandom random(3);
    unsigned failures = 0;
    for (unsigned round = 0; round < 150; ++round) {
        CrashFiles files;
        SetClock clock;
        const SimVfs vfs(files, clock, round);
        auto journal = open_small(vfs, clock);
        ASSERT_TRUE(journal.ok());
        for (std::size_t i = 0; i < script.ops.size(); ++i) {
            clock.now = std::chrono::seconds(i);
            files.fill_up_after(random.below(12'000));
            const auto done = script.ops[i](**journal);
            if (!done.ok()) {
                ++failures;
                ASSERT_EQ(done.error().code, ErrorCode::io) << done.error().text();
                ASSERT_NE(done.error().message.find("No space"), std::string::npos) << done.error().text();
                ASSERT_NE(done.error().remedy.find("free some space"), std::string::npos) << done.error().text();
                ASSERT_EQ(look_of(**journal, 5), script.looks[i]) << "op " << i;
                files.make_room();
                const auto again = script.ops[i](**journal);
                ASSERT_TRUE(again.ok()) << "op " << i << ": " << again.error().text();
            }
            ASSERT_EQ(look_of(**journal, 5), script.looks[i + 1]) << "op " << i;
        }
        // While there is no room it can still be read, closed and opened.
        files.fill_up_after(0);
        journal->reset();
        files.make_room();
        if (round % 2 == 0)
            files.kill();
        else
            files.restart(random);
        journal = open_small(vfs, clock);
        ASSERT_TRUE(journal.ok()) << journal.error().text();
        ASSERT_EQ(look_of(**journal, 5), script.looks.back());
    }
    EXPECT_GT(failures, 300U);
}

TEST(JournalFullDisk, NewJournalThatFindsNoRoomIsMadeLater) {
    const SetClock clock;
    bool opened = false;
    for (std::uint64_t room = 0; !opened; room += 1500) {
        CrashFiles files;
        const SimVfs vfs(files, clock, room);
        files.fill_up_after(room);
        auto journal = open_small(vfs, clock);
        opened = journal.ok();
        if (!opened) EXPECT_EQ(journal.error().code, ErrorCode::io) << journal.error().text();
        files.make_room();
        if (opened) break;
        journal = open_small(vfs, clock);
        ASSERT_TRUE(journal.ok()) << "room " << room << ": " << journal.error().text();
        EXPECT_TRUE((*journal)->set_setting("a", "b").ok());
    }
}

TEST(JournalFullDisk, FailedSyncIsAnErrorAndTheNextCallIsDurableAgain) {
    const Script script = make_script();
    SeededRandom random(4);
    for (std::size_t failing = 0; failing < script.ops.size(); ++failing)
        for (const bool retried : {true, false}) {
            CrashFiles files;
            SetClock clock;
            const SimVfs vfs(files, clock, 1);
            auto journal = open_small(vfs, clock);
            ASSERT_TRUE(journal.ok());
            for (std::size_t i = 0; i <= failing; ++i) {
                clock.now = std::chrono::seconds(i);
                files.fail_syncs(i == failing);
                const auto done = script.ops[i](**journal);
                ASSERT_EQ(done.ok(), i != failing);
                if (!done.ok()) ASSERT_EQ(done.error().code, ErrorCode::io) << done.error().text();
            }
            files.fail_syncs(false);
            ASSERT_EQ(look_of(**journal, 5), script.looks[failing]);
            if (retried) ASSERT_TRUE(script.ops[failing](**journal).ok());
            files.crash_at(1);
            journal->reset();
            files.restart(random);
            journal = open_small(vfs, clock);
            ASSERT_TRUE(journal.ok()) << journal.error().text();
            const std::string look = look_of(**journal, 5);
            // One that has failed may be there after a crash, but never half.
            ASSERT_TRUE(look == script.looks[failing + 1] || (!retried && look == script.looks[failing]))
                << "op " << failing << "\n"
                << look;
        }
}

}    // namespace
}    // namespace filfil::journal
