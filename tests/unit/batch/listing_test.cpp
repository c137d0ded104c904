// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "batch/folder.hpp"
#include "batch/merge.hpp"
#include "batch/paths.hpp"
#include "batch/shard.hpp"

#include <gtest/gtest.h>

#include <set>

namespace filfil::batch {
namespace {

namespace fs = std::filesystem;

TEST(TidyPath, DropsWhatSaysNothing) {
    EXPECT_EQ(tidy_path("a"), "a");
    EXPECT_EQ(tidy_path("./a//b/./c/"), "a/b/c");
    EXPECT_EQ(tidy_path("/"), "/");
    EXPECT_EQ(tidy_path("//a"), "/a");
    EXPECT_EQ(tidy_path(""), ".");
    EXPECT_EQ(tidy_path("./"), ".");
    EXPECT_EQ(tidy_path("../a/../b"), "../a/../b");
    EXPECT_EQ(tidy_path("..."), "...");
}

TEST(ReadFolder, ListsFilesAtAnyDepth) {
    const ScratchFolder folder;
    SystemFiles files;
    fs::create_directories(folder / "sub/deep");
    fs::create_directories(folder / ".git");
    for (const char* name : {"b.car", "a.car", "x.car.part", ".hidden", "sub/deep/c.car", ".git/config", "out.jsonl"})
        folder.put(name, "x");
    fs::create_symlink("nowhere", folder / "dangling");
    fs::create_directory_symlink("..", folder / "sub/up");
    LeftOut left_out;
    left_out.add(files, folder / "out.jsonl");

    auto entries = read_folder(files, folder.path() + "/", left_out);
    ASSERT_TRUE(entries.ok());
    entries = merge_entries(std::move(*entries));
    std::vector<std::string> names;
    for (const Entry& entry : *entries) names.push_back(entry.path.substr(folder.path().size() + 1));
    EXPECT_EQ(names, (std::vector<std::string>{"a.car", "b.car", "dangling", "sub/deep/c.car"}));
}

TEST(ReadFolder, MustBeThere) {
    SystemFiles files;
    EXPECT_FALSE(read_folder(files, "/is not there", {}).ok());
}

TEST(Shard, ReadsItsText) {
    EXPECT_EQ(parse_shard("0/1")->count, 1U);
    EXPECT_EQ(parse_shard("2/3")->index, 2U);
    for (const char* text : {"", "/", "1", "1/", "/3", "3/3", "0/0", "-1/3", "+1/3", "a/3", "1/3x", "1/ 3", "1//3",
                             "99999999999999999999/3"}) {
        const auto shard = parse_shard(text);
        ASSERT_FALSE(shard.ok()) << text;
        EXPECT_NE(shard.error().message.find(text), std::string::npos);
        EXPECT_FALSE(shard.error().remedy.empty());
    }
}

TEST(Shard, ShardsArePartsOfAWhole) {
    for (const std::size_t total : {0U, 1U, 2U, 3U, 10U, 100U}) {
        std::multiset<std::string> all;
        for (std::uint64_t i = 0; i < 3; ++i) {
            std::vector<Entry> entries;
            for (std::size_t n = 0; n < total; ++n) entries.push_back({std::to_string(n), nullptr, 0});
            take_shard(entries, {i, 3});
            for (const Entry& entry : entries) {
                EXPECT_EQ(std::stoul(entry.path) % 3, i);
                all.insert(entry.path);
            }
        }
        EXPECT_EQ(all.size(), total);
        EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), total);
    }
}

}    // namespace
}    // namespace filfil::batch
