// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/file_views.hpp"

#include "base/units.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

std::string all_of(ReadableFile& file) {
    const auto bytes = read_all(file, MiB);
    return bytes.ok() ? std::string(chars_of(*bytes)) : bytes.error().message;
}

TEST(FileViews, APartIsAFileOfItsOwn) {
    const std::string text = "0123456789";
    const auto file = memory_file("digits", bytes_of(text));
    const auto part = part_of(*file, 2, 5);
    EXPECT_EQ(part->name(), "digits");
    EXPECT_EQ(part->size(), 5U);
    EXPECT_EQ(all_of(*part), "23456");
    Bytes room(10);
    EXPECT_EQ(*part->read_at(3, room), 2U);
    EXPECT_EQ(chars_of(ByteView(room).first(2)), "56");
    EXPECT_EQ(*part->read_at(5, room), 0U);
    EXPECT_EQ(*part->read_at(UINT64_MAX, room), 0U);
}

TEST(FileViews, AStreamGivesWhatItsSourceGives) {
    const std::string text(300'000, 'x');
    auto source = car::open_source(memory_file("xs", bytes_of(text)));
    ASSERT_TRUE(source.ok());
    const auto stream = stream_of(std::move(source).value());
    EXPECT_FALSE(stream->size());
    EXPECT_EQ(all_of(*stream), text);
    Bytes room(1);
    EXPECT_FALSE(stream->read_at(0, room).ok());
}

TEST(FileViews, CountsZerosAtTheEnd) {
    const auto count = [](const std::string& text) { return *trailing_zeros(*memory_file("file", bytes_of(text))); };
    const std::string zeros(3 * MiB + 5, '\0');
    EXPECT_EQ(count(""), 0U);
    EXPECT_EQ(count("abc"), 0U);
    EXPECT_EQ(count(std::string("abc\0\0", 5)), 2U);
    EXPECT_EQ(count("\0"), 0U);
    EXPECT_EQ(count(zeros), zeros.size());
    EXPECT_EQ(count(zeros + 'x'), 0U);
    EXPECT_EQ(count('x' + zeros), zeros.size());
    EXPECT_EQ(count(zeros + 'x' + zeros), zeros.size());
    for (const std::size_t length : {MiB - 1, MiB, MiB + 1}) EXPECT_EQ(count("x" + std::string(length, '\0')), length);
}

}    // namespace
}    // namespace filfil::cli
