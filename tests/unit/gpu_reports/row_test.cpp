// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/row.hpp"

#include <gtest/gtest.h>

namespace filfil::report {
namespace {

TEST(Row, HasTheMedianOfItsSamples) {
    EXPECT_EQ(median({}), 0);
    EXPECT_EQ(median({3}), 3);
    EXPECT_EQ(median({9, 1, 5}), 5);
    EXPECT_EQ(median({9, 1, 5, 3}), 4);
}

TEST(Row, IsJson) {
    EXPECT_EQ(
        json_of({"pinned/32GiB", "GB/s", {54, 50, 52}, "copy", 65, "why"}),
        R"({"name": "pinned/32GiB", "unit": "GB/s", "median": 52, "min": 50, "max": 54, "samples": [54, 50, 52], )"
        R"("beside": "copy", "bound": 65, "ratio": 0.8, "note": "why"})");
    EXPECT_EQ(json_of({"a", "s", {}}), R"({"name": "a", "unit": "s", "median": 0, "samples": []})");
    EXPECT_EQ(
        json_of({"a", "s", {2}, "nothing", 0}),
        R"({"name": "a", "unit": "s", "median": 2, "min": 2, "max": 2, "samples": [2], "beside": "nothing", "bound": 0, )"
        R"("ratio": 0})");
}

TEST(Row, IsALineUnderItsHead) {
    const std::string line = text_of({"pinned/32GiB", "GB/s", {54, 50, 52}, "copy", 65});
    EXPECT_NE(line.find("pinned/32GiB"), std::string::npos);
    EXPECT_NE(line.find("52.00 GB/s"), std::string::npos);
    EXPECT_NE(line.find("80.00 % of copy 65.00"), std::string::npos);
    EXPECT_NE(line.find("7.692 %"), std::string::npos);
    // Values end in one column.
    EXPECT_EQ(table_head().find("median") + 6, line.find(" GB/s"));
    EXPECT_EQ(text_of({"x", "s", {1234.5}}).find("1234"), table_head().find("median") + 2);
}

TEST(Row, CutsNothingOffALongName) {
    const std::string name(80, 'n');
    EXPECT_TRUE(text_of({name, "s", {1}}).starts_with(name + " "));
}

}    // namespace
}    // namespace filfil::report
