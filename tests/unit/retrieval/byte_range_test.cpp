// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/byte_range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace filfil::retrieval {

void PrintTo(const ByteRange& range, std::ostream* out) {
    *out << (range.kind == ByteRange::Kind::whole  ? "whole"
             : range.kind == ByteRange::Kind::part ? "part"
                                                   : "none")
         << ' ' << range.offset << '+' << range.length;
}

namespace {

constexpr ByteRange whole{};
constexpr ByteRange none{ByteRange::Kind::unsatisfiable};
constexpr ByteRange part(std::uint64_t offset, std::uint64_t length) { return {ByteRange::Kind::part, offset, length}; }

TEST(ByteRange, ReadsTheThreeForms) {
    EXPECT_EQ(parse_byte_range("bytes=0-0", 10), part(0, 1));
    EXPECT_EQ(parse_byte_range("bytes=2-5", 10), part(2, 4));
    EXPECT_EQ(parse_byte_range("bytes=9-9", 10), part(9, 1));
    EXPECT_EQ(parse_byte_range("bytes=0-9", 10), part(0, 10));
    EXPECT_EQ(parse_byte_range("bytes=3-", 10), part(3, 7));
    EXPECT_EQ(parse_byte_range("bytes=-3", 10), part(7, 3));
    EXPECT_EQ(parse_byte_range("BYTES=-1", 10), part(9, 1));
    EXPECT_EQ(parse_byte_range("bytes= 1-2 ,", 10), part(1, 2)) << "empty elements and spaces may stand in a list";
}

TEST(ByteRange, CutsWhatReachesBeyondTheEnd) {
    EXPECT_EQ(parse_byte_range("bytes=5-10", 10), part(5, 5));
    EXPECT_EQ(parse_byte_range("bytes=-11", 10), part(0, 10));
    EXPECT_EQ(parse_byte_range("bytes=5-99999999999999999999999999", 10), part(5, 5));
    EXPECT_EQ(parse_byte_range("bytes=-99999999999999999999999999", 10), part(0, 10));
    constexpr std::uint64_t most = ~std::uint64_t{0};
    EXPECT_EQ(parse_byte_range("bytes=0-18446744073709551615", most), part(0, most));
    EXPECT_EQ(parse_byte_range("bytes=18446744073709551614-", most), part(most - 1, 1));
}

TEST(ByteRange, OutsideOfTheBodyIsUnsatisfiable) {
    EXPECT_EQ(parse_byte_range("bytes=10-", 10), none);
    EXPECT_EQ(parse_byte_range("bytes=10-12", 10), none);
    EXPECT_EQ(parse_byte_range("bytes=99999999999999999999999999-", 10), none);
    EXPECT_EQ(parse_byte_range("bytes=-0", 10), none);
    EXPECT_EQ(parse_byte_range("bytes=0-0", 0), none);
    EXPECT_EQ(parse_byte_range("bytes=-5", 0), whole) << "the last bytes of nothing are all of it";
}

TEST(ByteRange, SeveralRangesOtherUnitsAndNonsenseGiveTheWhole) {
    for (const char* field : {"bytes=0-1,3-4",
                              "bytes=0-1, -1",
                              "bytes=20-,30-",
                              "items=0-1",
                              "bytes",
                              "bytes=",
                              "bytes=,",
                              "bytes=-",
                              "bytes=5-4",
                              "bytes=a-b",
                              "bytes=1-b",
                              "bytes=+1-2",
                              "bytes=1--2",
                              "bytes=--2",
                              "bytes=0x1-2",
                              "bytes=1 - 2",
                              "bytes=1-2 3",
                              "=1-2",
                              "",
                              "bytes 0-1",
                              "bytes=0-1-2",
                              "bytes=\"0-1\"",
                              "bytes=0-1, bytes=2-3"})
        EXPECT_EQ(parse_byte_range(field, 10), whole) << field;
}

TEST(ByteRange, WhateverIsAskedThePartLiesInside) {
    constexpr std::string_view letters = "0123456789-,= bytes";
    std::uint64_t state = 1;
    for (int round = 0; round < 20000; ++round) {
        std::string field = "bytes=";
        for (int i = 0; i < round % 9; ++i) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            field += letters[(state >> 33) % letters.size()];
        }
        const std::uint64_t size = (state >> 40) % 50;
        const ByteRange range = parse_byte_range(field, size);
        if (range.kind != ByteRange::Kind::part) continue;
        ASSERT_GT(range.length, 0U) << field;
        ASSERT_LE(range.offset, size) << field;
        ASSERT_LE(range.length, size - range.offset) << field;
    }
}

}    // namespace
}    // namespace filfil::retrieval
