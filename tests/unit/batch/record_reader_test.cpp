// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/record_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace filfil::batch {
namespace {

struct Seen {
    std::string text;
    std::uint64_t offset;
    std::uint64_t number;
    bool ended;
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> records_of(std::string_view bytes, bool quoted) {
    const auto file = memory_file("records", bytes_of(bytes));
    RecordReader reader(*file, quoted);
    std::vector<Seen> seen;
    std::string raw;
    for (;;) {
        auto record = reader.next();
        EXPECT_TRUE(record.ok());
        if (!record.ok() || !*record) break;
        raw += (*record)->raw;
        seen.push_back({std::string((*record)->text), (*record)->offset, (*record)->number, (*record)->ended});
    }
    EXPECT_EQ(raw, bytes);
    return seen;
}

TEST(RecordReader, CutsAtLineEnds) {
    EXPECT_EQ(records_of("a\nbc\r\n\nd", false),
              (std::vector<Seen>{{"a", 0, 1, true}, {"bc", 2, 2, true}, {"", 6, 3, true}, {"d", 7, 4, false}}));
    EXPECT_EQ(records_of("", false), std::vector<Seen>{});
    EXPECT_EQ(records_of("\n", false), (std::vector<Seen>{{"", 0, 1, true}}));
    EXPECT_EQ(records_of("a\r", false), (std::vector<Seen>{{"a\r", 0, 1, false}}));
}

TEST(RecordReader, QuotesHoldLineEndsInCsv) {
    EXPECT_EQ(records_of("\"a\nb\",c\nd\n", true), (std::vector<Seen>{{"\"a\nb\",c", 0, 1, true}, {"d", 8, 3, true}}));
    EXPECT_EQ(records_of("\"a\"\"\n\"\n", true), (std::vector<Seen>{{"\"a\"\"\n\"", 0, 1, true}}));
    EXPECT_EQ(records_of("x\n\"a\nb", true), (std::vector<Seen>{{"x", 0, 1, true}, {"\"a\nb", 2, 2, false}}));
}

TEST(RecordReader, RecordsMayLieAcrossReads) {
    const std::string first(100'000, 'a');
    const std::string second(70'000, 'b');
    const auto seen = records_of(first + "\n" + second + "\nc\n", false);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].text, first);
    EXPECT_EQ(seen[1].text, second);
    EXPECT_EQ(seen[2], (Seen{"c", 170'002, 3, true}));
}

TEST(RecordReader, RefusesARecordWithoutEnd) {
    const std::string endless(3 << 20, 'a');
    const auto file = memory_file("records", bytes_of(endless));
    RecordReader reader(*file, false);
    const auto record = reader.next();
    ASSERT_FALSE(record.ok());
    EXPECT_EQ(record.error().code, ErrorCode::too_large);
}

}    // namespace
}    // namespace filfil::batch
