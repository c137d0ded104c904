// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/glob.hpp"

#include "../base/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace filfil::batch {
namespace {

namespace fs = std::filesystem;

class GlobFolder : public testing::Test {
protected:
    void put(const std::string& name) const {
        fs::create_directories(fs::path(folder / name).parent_path());
        folder.put(name, "x");
    }

    /// What a pattern relative to the folder matches, relative to it.
    std::vector<std::string> found(const std::string& pattern) {
        auto paths = expand_pattern(files, folder.path(), pattern);
        EXPECT_TRUE(paths.ok()) << paths.error().text();
        std::vector<std::string> names;
        if (paths.ok())
            for (const std::string& path : *paths) names.push_back(path.substr(folder.path().size() + 1));
        return names;
    }

    ScratchFolder folder;
    SystemFiles files;
};

using Names = std::vector<std::string>;

TEST(Pattern, MatchesOneComponent) {
    EXPECT_TRUE(matches_pattern("*", "a"));
    EXPECT_TRUE(matches_pattern("*.car", "a.car"));
    EXPECT_TRUE(matches_pattern("a*b*c", "a-b-b-c"));
    EXPECT_TRUE(matches_pattern("a**b", "ab"));
    EXPECT_TRUE(matches_pattern("?", "x"));
    EXPECT_TRUE(matches_pattern("", ""));
    EXPECT_FALSE(matches_pattern("", "a"));
    EXPECT_FALSE(matches_pattern("?", ""));
    EXPECT_FALSE(matches_pattern("?", "ab"));
    EXPECT_FALSE(matches_pattern("*.car", "a.carx"));
    EXPECT_FALSE(matches_pattern("a*b", "a"));
    EXPECT_FALSE(matches_pattern("A", "a"));
}

TEST(Pattern, MatchesSets) {
    EXPECT_TRUE(matches_pattern("[abc]", "b"));
    EXPECT_TRUE(matches_pattern("[a-c]x", "cx"));
    EXPECT_FALSE(matches_pattern("[a-c]", "d"));
    EXPECT_TRUE(matches_pattern("[!a-c]", "d"));
    EXPECT_TRUE(matches_pattern("[^a-c]", "d"));
    EXPECT_FALSE(matches_pattern("[!a-c]", "a"));
    EXPECT_TRUE(matches_pattern("[]]", "]"));
    EXPECT_TRUE(matches_pattern("[!]]", "a"));
    EXPECT_TRUE(matches_pattern("[a-]", "-"));
    EXPECT_TRUE(matches_pattern("[\\]]", "]"));
    EXPECT_FALSE(matches_pattern("[c-a]", "b"));
    // A bracket that is never closed is a character like any other.
    EXPECT_TRUE(matches_pattern("[abc", "[abc"));
    EXPECT_FALSE(matches_pattern("[abc", "a"));
    EXPECT_TRUE(matches_pattern("[", "["));
    EXPECT_TRUE(matches_pattern("[a\\", "[a\\"));
}

TEST(Pattern, TakesEscapesAndWholeCharacters) {
    EXPECT_TRUE(matches_pattern("\\*", "*"));
    EXPECT_FALSE(matches_pattern("\\*", "a"));
    EXPECT_TRUE(matches_pattern("a\\", "a\\"));
    EXPECT_TRUE(matches_pattern("?.car", "é.car"));
    EXPECT_TRUE(matches_pattern("[à-ü].car", "é.car"));
    EXPECT_FALSE(matches_pattern("[a-z].car", "é.car"));
    EXPECT_TRUE(matches_pattern("?", "\xff"));    // a byte that is no character counts as one
}

TEST(Pattern, HidesDotFiles) {
    EXPECT_FALSE(matches_pattern("*", ".hidden"));
    EXPECT_FALSE(matches_pattern("?hidden", ".hidden"));
    EXPECT_FALSE(matches_pattern("[.]hidden", ".hidden"));
    EXPECT_TRUE(matches_pattern(".*", ".hidden"));
    EXPECT_TRUE(matches_pattern("\\.h*", ".hidden"));
}

TEST(Pattern, ManyStarsStayQuick) {
    std::string pattern;
    for (int i = 0; i < 500; ++i) pattern += "*a";
    EXPECT_FALSE(matches_pattern(pattern + "b", std::string(2000, 'a')));
    EXPECT_TRUE(matches_pattern(pattern, std::string(2000, 'a')));
}

TEST_F(GlobFolder, FindsFilesSorted) {
    for (const char* name : {"b.car", "a.car", "c.txt", "sub/d.car", ".e.car"}) put(name);
    fs::create_directory(folder / "folder.car");
    EXPECT_EQ(found("*.car"), (Names{"a.car", "b.car"}));
    EXPECT_EQ(found("*/*.car"), Names{"sub/d.car"});
    EXPECT_EQ(found("s?b/[a-d].car"), Names{"sub/d.car"});
    EXPECT_EQ(found("*/d.car"), Names{"sub/d.car"});
    EXPECT_EQ(found(".*"), Names{".e.car"});
    EXPECT_EQ(found("*.zip"), Names{});
    EXPECT_EQ(found("nowhere/*.car"), Names{});
    EXPECT_EQ(found("a.car/*"), Names{});
}

TEST_F(GlobFolder, TwoStarsGoAnyDepth) {
    for (const char* name : {"a.car", "1/b.car", "1/2/c.car", "1/2/3/d.car", ".hidden/e.car"}) put(name);
    EXPECT_EQ(found("**/*.car"), (Names{"1/2/3/d.car", "1/2/c.car", "1/b.car", "a.car"}));
    EXPECT_EQ(found("**"), (Names{"1/2/3/d.car", "1/2/c.car", "1/b.car", "a.car"}));
    EXPECT_EQ(found("**/**/d.car"), Names{"1/2/3/d.car"});
    EXPECT_EQ(found("1/**/c.car"), Names{"1/2/c.car"});
    EXPECT_EQ(found("**/2/*"), Names{"1/2/c.car"});
}

TEST_F(GlobFolder, LinksAreFollowedButNotInCircles) {
    put("real/a.car");
    fs::create_directory_symlink("real", folder / "link");
    fs::create_directory_symlink("..", folder / "real/back");
    fs::create_symlink("nowhere", folder / "dangling.car");
    EXPECT_EQ(found("*.car"), Names{"dangling.car"});
    EXPECT_EQ(found("link/*"), Names{"link/a.car"});
    const Names all = found("**/a.car");
    EXPECT_NE(std::find(all.begin(), all.end(), "real/a.car"), all.end());
    EXPECT_LT(all.size(), 20U);
}

TEST_F(GlobFolder, FolderNamesAreNoPattern) {
    put("set [1]/a.car");
    const auto paths = expand_pattern(files, folder / "set [1]", "*.car");
    ASSERT_TRUE(paths.ok());
    EXPECT_EQ(paths->size(), 1U);
}

}    // namespace
}    // namespace filfil::batch
