// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/data_folder.hpp"
#include "../base/scratch_folder.hpp"
#include "crash_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace filfil::service {
namespace {

TEST(DataFolder, IsMadeWithItsParts) {
    const ScratchFolder scratch;
    SystemFiles files;
    const std::string path = scratch / "a/b";
    const auto folder = DataFolder::open(files, path);
    ASSERT_TRUE(folder.ok()) << folder.error().text();
    EXPECT_EQ(scratch.get("a/b/VERSION"), "fil-fil data 1\n");
    for (const std::string& part : {(*folder)->paths().engine, (*folder)->paths().snapshots, (*folder)->paths().log})
        EXPECT_TRUE(std::filesystem::is_directory(part)) << part;
    EXPECT_EQ((*folder)->paths().journal, path + "/journal.db");
}

TEST(DataFolder, BelongsToOneDaemon) {
    const ScratchFolder scratch;
    SystemFiles files;
    auto first = DataFolder::open(files, scratch.path());
    ASSERT_TRUE(first.ok()) << first.error().text();
    const auto second = DataFolder::open(files, scratch.path());
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::busy);
    EXPECT_NE(second.error().message.find(scratch.path()), std::string::npos);
    EXPECT_FALSE(second.error().remedy.empty());
    first->reset();
    EXPECT_TRUE(DataFolder::open(files, scratch.path()).ok());
}

TEST(DataFolder, OfANewerVersionIsRefused) {
    const ScratchFolder scratch;
    SystemFiles files;
    scratch.put("VERSION", "fil-fil data 2\n");
    const auto folder = DataFolder::open(files, scratch.path());
    ASSERT_FALSE(folder.ok());
    EXPECT_EQ(folder.error().code, ErrorCode::unsupported);
    EXPECT_EQ(scratch.get("VERSION"), "fil-fil data 2\n");
    EXPECT_FALSE(std::filesystem::exists(scratch / "engine"));
}

TEST(DataFolder, WithAVersionThatIsNoneIsRefused) {
    const ScratchFolder scratch;
    SystemFiles files;
    for (const std::string& text :
         {std::string(), std::string("1\n"), std::string("fil-fil data \n"), std::string("fil-fil data 1"),
          std::string("fil-fil data 0\n"), std::string("fil-fil data -1\n"), std::string("fil-fil data 1\n\n"),
          std::string("fil-fil data 99999999999\n"), std::string("fil-fil data 1x\n")}) {
        scratch.put("VERSION", text);
        EXPECT_EQ(DataFolder::open(files, scratch.path()).error().code, ErrorCode::corrupt) << text;
    }
}

TEST(DataFolder, OfSomethingElseIsLeftAlone) {
    const ScratchFolder scratch;
    SystemFiles files;
    scratch.put("thesis.tex", "years of work");
    const auto folder = DataFolder::open(files, scratch.path());
    ASSERT_FALSE(folder.ok());
    EXPECT_EQ(folder.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(folder.error().message.find("thesis.tex"), std::string::npos);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
}

TEST(DataFolder, MayHaveSettingsAndTokensBeforeTheFirstStart) {
    const ScratchFolder scratch;
    SystemFiles files;
    for (const std::string_view name :
         {"config.toml", "token.read", "token.admin", "token.node", "VERSION.part", "LOCK"})
        scratch.put(name, "x");
    EXPECT_TRUE(DataFolder::open(files, scratch.path()).ok());
    // Once it is ours, anything may be put beside it.
    scratch.put("notes.txt", "x");
    EXPECT_TRUE(DataFolder::open(files, scratch.path()).ok());
}

TEST(DataFolder, OpensAfterAPowerCutAtAnyPlace) {
    for (std::uint64_t at = 1;; ++at) {
        CrashFiles files;
        files.crash_at(at);
        (void)DataFolder::open(files, "d");
        if (!files.crashed()) break;
        SeededRandom random(at);
        files.restart(random);
        const auto folder = DataFolder::open(files, "d");
        ASSERT_TRUE(folder.ok()) << "cut at " << at << ": " << folder.error().text();
    }
}

TEST(DataFolder, ThatIsAFileIsRefused) {
    const ScratchFolder scratch;
    SystemFiles files;
    scratch.put("file", "x");
    EXPECT_FALSE(DataFolder::open(files, scratch / "file").ok());
    EXPECT_FALSE(DataFolder::open(files, "").ok());
}

}    // namespace
}    // namespace filfil::service
