// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/patch_file.hpp"

#include "base/files.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

namespace filfil {
namespace {

class PatchFileTest : public testing::Test {
protected:
    PatchFileTest() { std::filesystem::create_directories(folder); }
    ~PatchFileTest() override { std::filesystem::remove_all(folder); }
    [[nodiscard]] std::string path(const std::string& name) const { return folder + "/" + name; }

    std::string folder = testing::TempDir() + "patch_file_test_" + std::to_string(::getpid()) + "_" +
                         testing::UnitTest::GetInstance()->current_test_info()->name();
    SystemPatchFiles files;
};

std::string read_back(PatchFile& file, std::uint64_t offset, std::size_t size) {
    Bytes out(size);
    const auto read = file.read_at(offset, out);
    EXPECT_TRUE(read.ok());
    return std::string(chars_of(ByteView(out).first(*read)));
}

TEST_F(PatchFileTest, IsFilledInAnyOrderAndStays) {
    {
        const auto file = files.open_patch(path("a"));
        ASSERT_TRUE(file.ok()) << file.error().text();
        EXPECT_TRUE((*file)->write_at(5, bytes_of("world")).ok());
        EXPECT_TRUE((*file)->write_at(0, bytes_of("hello")).ok());
        EXPECT_TRUE((*file)->sync().ok());
    }
    const auto again = files.open_patch(path("a"));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(read_back(**again, 0, 100), "helloworld");
    EXPECT_EQ(read_back(**again, 8, 1), "l");
    EXPECT_EQ(read_back(**again, 10, 1), "");
    EXPECT_TRUE((*again)->truncate(3).ok());
    EXPECT_EQ(read_back(**again, 0, 100), "hel");
    EXPECT_TRUE((*again)->write_at(4, bytes_of("x")).ok());
    EXPECT_EQ(read_back(**again, 0, 100), std::string("hel\0x", 5));
}

TEST_F(PatchFileTest, BelongsToOneAtATime) {
    auto first = files.open_patch(path("a"));
    ASSERT_TRUE(first.ok());
    const auto second = files.open_patch(path("a"));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::busy);
    first->reset();
    EXPECT_TRUE(files.open_patch(path("a")).ok());
}

TEST_F(PatchFileTest, AppearsUnderItsNameWhenItIsPublished) {
    {
        const auto file = files.open_patch(path("a.part"));
        ASSERT_TRUE(file.ok());
        EXPECT_TRUE((*file)->write_at(0, bytes_of("x")).ok());
    }
    EXPECT_TRUE(files.publish(path("a.part"), path("a")).ok());
    EXPECT_TRUE(std::filesystem::exists(path("a")));
    EXPECT_FALSE(std::filesystem::exists(path("a.part")));
    const auto missing = files.publish(path("b"), path("c"));
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST_F(PatchFileTest, NeedsAPlaceWhereAFileCanBe) {
    EXPECT_FALSE(files.open_patch("").ok());
    EXPECT_FALSE(files.open_patch(std::string("a\0b", 3)).ok());
    EXPECT_FALSE(files.open_patch(folder).ok());
    EXPECT_FALSE(files.open_patch("/dev/null").ok());
    EXPECT_EQ(files.open_patch(path("no/such")).error().code, ErrorCode::not_found);
    EXPECT_GT(files.free_space(path("a")).value(), 0U);
    EXPECT_FALSE(files.free_space(path("no/such")).ok());
}

}    // namespace
}    // namespace filfil
