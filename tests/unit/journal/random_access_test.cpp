// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace filfil {
namespace {

using Lock = RandomAccessFile::Lock;

std::unique_ptr<RandomAccessFile> open(CrashFiles& files, bool make = true) {
    auto file = files.open_random("f", make);
    EXPECT_TRUE(file.ok()) << file.error().text();
    return file.ok() ? *std::move(file) : nullptr;
}

std::string text_of(CrashFiles& files) { return std::string(chars_of(files.contents("f"))); }

TEST(RandomAccess, WritesAnywhereAndFillsGapsWithZeros) {
    CrashFiles files;
    const auto file = open(files);
    ASSERT_TRUE(file->write_at(4, bytes_of("efgh")).ok());
    ASSERT_TRUE(file->write_at(1, bytes_of("bc")).ok());
    EXPECT_EQ(text_of(files), std::string("\0bc\0efgh", 8));
    Bytes out(6);
    EXPECT_EQ(file->read_at(4, out).value(), 4U);
    EXPECT_EQ(std::string(chars_of(ByteView(out).first(4))), "efgh");
    EXPECT_EQ(file->read_at(8, out).value(), 0U);
    EXPECT_EQ(file->read_at(1000, out).value(), 0U);
    ASSERT_TRUE(file->truncate(3).ok());
    EXPECT_EQ(file->size().value(), 3U);
    EXPECT_EQ(open(files, false)->size().value(), 3U) << "both are the same file";
    const auto none = files.open_random("g", false);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::not_found);
}

TEST(RandomAccess, WhatWasSyncedIsThereAfterACrash) {
    SeededRandom random(1);
    for (int round = 0; round < 50; ++round) {
        CrashFiles files;
        auto file = open(files);
        ASSERT_TRUE(file->write_at(0, bytes_of("abcdefgh")).ok());
        ASSERT_TRUE(file->write_at(2, bytes_of("XY")).ok());
        ASSERT_TRUE(file->truncate(6).ok());
        ASSERT_TRUE(file->sync().ok());
        ASSERT_TRUE(files.sync_folder().ok());
        files.restart(random);
        EXPECT_EQ(text_of(files), "abXYef");
        EXPECT_FALSE(file->sync().ok()) << "opened before the crash";
        EXPECT_FALSE(file->size().ok());
    }
}

TEST(RandomAccess, UnsyncedWritesAreLostAloneOrTorn) {
    SeededRandom random(2);
    std::set<std::string> seen;
    for (int round = 0; round < 600; ++round) {
        CrashFiles files;
        files.put("f", to_bytes(bytes_of("......")));
        const auto file = open(files);
        ASSERT_TRUE(file->write_at(0, bytes_of("aa")).ok());
        ASSERT_TRUE(file->write_at(4, bytes_of("bb")).ok());
        ASSERT_TRUE(file->write_at(6, bytes_of("cc")).ok());
        files.restart(random);
        const std::string text = text_of(files);
        seen.insert(text);
        EXPECT_EQ(text.substr(2, 2), "..");
        EXPECT_LE(text.size(), 8U);
    }
    for (const char* text : {"......", "aa..bbcc", "aa....", "....bb", "......cc", "a.....", "aa..b.c"})
        EXPECT_TRUE(seen.contains(text)) << text;
}

TEST(RandomAccess, SectorsOfAWriteAreLostAlone) {
    SeededRandom random(3);
    bool first_lost = false;
    bool last_lost = false;
    for (int round = 0; round < 200; ++round) {
        CrashFiles files;
        files.put("f", Bytes(1024, std::byte{'.'}));
        const auto file = open(files);
        ASSERT_TRUE(file->write_at(500, Bytes(100, std::byte{'a'})).ok());
        files.restart(random);
        const std::string text = text_of(files);
        EXPECT_EQ(std::ranges::count(text.substr(0, 500), '.'), 500);
        EXPECT_EQ(std::ranges::count(text.substr(600), '.'), 424);
        first_lost = first_lost || (text[500] == '.' && text[511] == '.' && text[512] == 'a' && text[599] == 'a');
        last_lost = last_lost || (text[500] == 'a' && text[511] == 'a' && text[512] == '.' && text[599] == '.');
    }
    EXPECT_TRUE(first_lost);
    EXPECT_TRUE(last_lost);
}

TEST(RandomAccess, UnsyncedTruncationMayBeUndone) {
    SeededRandom random(4);
    std::set<std::string> seen;
    for (int round = 0; round < 100; ++round) {
        CrashFiles files;
        files.put("f", to_bytes(bytes_of("abcdef")));
        ASSERT_TRUE(open(files)->truncate(2).ok());
        files.restart(random);
        seen.insert(text_of(files));
    }
    EXPECT_EQ(seen, (std::set<std::string>{"ab", "abcdef"}));
}

TEST(RandomAccess, NameIsDurableOnlyWithItsFolder) {
    SeededRandom random(5);
    std::set<bool> seen;
    for (int round = 0; round < 50; ++round) {
        CrashFiles files;
        const auto file = open(files);
        ASSERT_TRUE(file->sync().ok());
        files.restart(random);
        seen.insert(files.has("f"));
    }
    EXPECT_EQ(seen.size(), 2U);
}

TEST(RandomAccess, EverythingFailsFromTheCrashOn) {
    CrashFiles files;
    const auto file = open(files);
    files.crash_at(1);
    EXPECT_FALSE(file->write_at(0, bytes_of("a")).ok());
    EXPECT_TRUE(files.crashed());
    Bytes out(1);
    EXPECT_FALSE(file->write_at(0, bytes_of("b")).ok());
    EXPECT_FALSE(file->read_at(0, out).ok());
    EXPECT_FALSE(file->sync().ok());
    EXPECT_FALSE(file->truncate(0).ok());
    EXPECT_FALSE(file->size().ok());
    EXPECT_FALSE(file->lock(Lock::shared).ok());
    EXPECT_FALSE(files.open_random("f", true).ok());
    EXPECT_FALSE(files.sync_folder().ok());
    EXPECT_FALSE(files.rename("f", "g").ok());
    files.kill();
    EXPECT_EQ(text_of(files), "a") << "the one it went with had begun";
}

TEST(RandomAccess, FullDiskTakesAPart) {
    CrashFiles files;
    const auto file = open(files);
    files.fill_up_after(3);
    EXPECT_FALSE(file->write_at(0, bytes_of("abcdef")).ok());
    EXPECT_EQ(text_of(files), "abc");
    files.make_room();
    EXPECT_TRUE(file->write_at(3, bytes_of("def")).ok());
    ASSERT_TRUE(file->sync().ok());
    EXPECT_EQ(text_of(files), "abcdef");
}

TEST(RandomAccess, RenamePutsOneFileInTheOthersPlaceDurably) {
    SeededRandom random(6);
    CrashFiles files;
    files.put("f", to_bytes(bytes_of("new")));
    files.put("g", to_bytes(bytes_of("old")));
    ASSERT_TRUE(files.rename("f", "g").ok());
    files.restart(random);
    EXPECT_FALSE(files.has("f"));
    EXPECT_EQ(std::string(chars_of(files.contents("g"))), "new");
    EXPECT_EQ(files.rename("f", "g").error().code, ErrorCode::not_found);
}

TEST(RandomAccess, LocksAreThoseOfSqlite) {
    CrashFiles files;
    const auto a = open(files);
    auto b = open(files);
    EXPECT_TRUE(a->lock(Lock::shared).value());
    EXPECT_TRUE(b->lock(Lock::shared).value());
    EXPECT_FALSE(a->is_reserved().value());
    EXPECT_TRUE(a->lock(Lock::reserved).value());
    EXPECT_TRUE(b->is_reserved().value());
    EXPECT_FALSE(b->lock(Lock::reserved).value());
    EXPECT_FALSE(a->lock(Lock::exclusive).value()) << "somebody reads";
    const auto c = open(files);
    EXPECT_FALSE(c->lock(Lock::shared).value()) << "somebody waits to write";
    b->unlock(Lock::none);
    EXPECT_TRUE(a->lock(Lock::exclusive).value());
    EXPECT_FALSE(b->lock(Lock::shared).value());
    a->unlock(Lock::shared);
    EXPECT_TRUE(b->lock(Lock::shared).value());
    EXPECT_FALSE(b->lock(Lock::exclusive).value());
    b.reset();
    EXPECT_TRUE(a->lock(Lock::exclusive).value()) << "a lock goes with its handle";
    files.kill();
    EXPECT_TRUE(open(files)->lock(Lock::exclusive).value()) << "and with its process";
}

}    // namespace
}    // namespace filfil
