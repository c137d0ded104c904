// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "samples.hpp"
#include "sim_vfs.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace filfil::journal {
namespace {

void fill(Journal& journal, unsigned from, unsigned to) {
    for (unsigned i = from; i < to; ++i) {
        ASSERT_TRUE(journal.put_snapshot(make_snapshot(i, 8)).ok());
        ASSERT_TRUE(journal.put_receipt(make_receipt(i)).ok());
        ASSERT_TRUE(journal.intend("effect-" + std::to_string(i), "stage", "{}").ok());
        ASSERT_TRUE(journal.set_setting("setting-" + std::to_string(i), "value").ok());
        ASSERT_TRUE(journal.put_deal(make_deal(i), {make_step(i)}).ok());
    }
}

TEST(JournalBackup, IsEqualAndItsOwnWhileTheJournalGoesOn) {
    const ScratchFolder folder;
    const SetClock clock;
    const auto journal = must_open(folder / "journal.db", clock);
    ASSERT_NE(journal, nullptr);
    fill(*journal, 0, 5);
    const std::string look = look_of(*journal);
    const auto done = journal->backup(folder / "copy.db");
    ASSERT_TRUE(done.ok()) << done.error().text();
    EXPECT_FALSE(folder.has("copy.db.part"));
    EXPECT_FALSE(folder.has("copy.db.part-journal"));
    fill(*journal, 5, 10);
    {
        const auto copy = must_open(folder / "copy.db", clock);
        ASSERT_NE(copy, nullptr);
        EXPECT_EQ(look_of(*copy), look);
        fill(*copy, 5, 6);
    }
    // A newer one takes its place.
    ASSERT_TRUE(journal->backup(folder / "copy.db").ok());
    const auto copy = must_open(folder / "copy.db", clock);
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(look_of(*copy), look_of(*journal));
}

TEST(JournalBackup, OfAnEmptyJournalIsAJournal) {
    const ScratchFolder folder;
    const SetClock clock;
    const auto journal = must_open(folder / "journal.db", clock);
    ASSERT_TRUE(journal->backup(folder / "copy.db").ok());
    EXPECT_NE(must_open(folder / "copy.db", clock), nullptr);
}

TEST(JournalBackup, NeverGoesOverTheJournalItself) {
    const ScratchFolder folder;
    const SetClock clock;
    const auto journal = must_open(folder / "journal.db", clock);
    fill(*journal, 0, 2);
    const std::string look = look_of(*journal);
    std::filesystem::create_symlink(folder / "journal.db", folder / "link.db");
    for (const std::string& path : {folder / "journal.db", folder / "journal.db-wal", folder / "./journal.db",
                                    folder / "link.db", std::string(), std::string("a\0b", 3)}) {
        const auto done = journal->backup(path);
        ASSERT_FALSE(done.ok()) << path;
        EXPECT_EQ(done.error().code, ErrorCode::invalid_argument) << done.error().text();
    }
    EXPECT_EQ(look_of(*journal), look);
}

TEST(JournalBackup, ThatCannotBeMadeLeavesNoFile) {
    const ScratchFolder folder;
    const SetClock clock;
    const auto journal = must_open(folder / "journal.db", clock);
    fill(*journal, 0, 2);
    const auto none = journal->backup(folder / "none/copy.db");
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::io) << none.error().text();
    // Where a folder has the name, renaming fails.
    std::filesystem::create_directory(folder / "copy.db");
    const auto taken = journal->backup(folder / "copy.db");
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code, ErrorCode::io) << taken.error().text();
    EXPECT_FALSE(folder.has("copy.db.part"));
}

TEST(JournalBackup, WhatACrashLeftOfAnEarlierOneIsInNobodysWay) {
    const ScratchFolder folder;
    const SetClock clock;
    const auto journal = must_open(folder / "journal.db", clock);
    fill(*journal, 0, 2);
    folder.put("copy.db.part", "half a copy");
    ASSERT_TRUE(journal->backup(folder / "copy.db").ok());
    EXPECT_EQ(look_of(*must_open(folder / "copy.db", clock)), look_of(*journal));
}

TEST(JournalBackup, OnAFullDiskKeepsTheEarlierOne) {
    const SetClock clock;
    CrashFiles files;
    const SimVfs vfs(files, clock, 1);
    const auto journal = must_open("journal.db", clock, vfs.options());
    fill(*journal, 0, 2);
    ASSERT_TRUE(journal->backup("copy.db").ok());
    const Bytes earlier = files.contents("copy.db");
    fill(*journal, 2, 5);
    for (const std::uint64_t room : {0U, 5000U, 30'000U}) {
        files.fill_up_after(room);
        const auto done = journal->backup("copy.db");
        ASSERT_FALSE(done.ok()) << room;
        EXPECT_EQ(done.error().code, ErrorCode::io) << done.error().text();
        EXPECT_NE(done.error().message.find("No space"), std::string::npos) << done.error().text();
        EXPECT_FALSE(files.has("copy.db.part"));
        EXPECT_EQ(files.contents("copy.db"), earlier);
    }
    files.make_room();
    ASSERT_TRUE(journal->backup("copy.db").ok());
    EXPECT_EQ(look_of(*must_open("copy.db", clock, vfs.options())), look_of(*journal));
}

TEST(JournalBackup, IsTheOldOrTheNewWhereverThePowerGoes) {
    const SetClock clock;
    SeededRandom random(2);
    bool finished = false;
    for (std::uint64_t at = 1; !finished; ++at)
        for (unsigned outcome = 0; outcome < 6; ++outcome) {
            CrashFiles files;
            const SimVfs vfs(files, clock, 1);
            auto journal = must_open("journal.db", clock, vfs.options());
            fill(*journal, 0, 1);
            const std::string old_look = look_of(*journal);
            ASSERT_TRUE(journal->backup("copy.db").ok());
            fill(*journal, 1, 3);
            const std::string new_look = look_of(*journal);
            files.crash_at(at);
            const bool done = journal->backup("copy.db").ok();
            finished = !files.crashed();
            journal.reset();
            if (outcome == 0)
                files.kill();
            else
                files.restart(random);
            {
                const auto copy = must_open("copy.db", clock, vfs.options());
                ASSERT_NE(copy, nullptr) << "change " << at;
                const std::string look = look_of(*copy);
                ASSERT_TRUE(look == new_look || (!done && look == old_look)) << "change " << at << "\n" << look;
            }
            journal = must_open("journal.db", clock, vfs.options());
            ASSERT_NE(journal, nullptr) << "change " << at;
            ASSERT_EQ(look_of(*journal), new_look) << "change " << at;
        }
}

}    // namespace
}    // namespace filfil::journal
