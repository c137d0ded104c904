// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/json_line.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace filfil::report {
namespace {

TEST(JsonLine, EscapesWhatIsNoPlainText) {
    EXPECT_EQ(json_text("plain"), R"("plain")");
    EXPECT_EQ(json_text("a\"b\\c\n\x7f"), "\"a\\\"b\\\\c\\u000a\x7f\"");
    EXPECT_EQ(json_text("\xc3\xa4"), "\"\xc3\xa4\"");
}

TEST(JsonLine, WritesNumbersThatReadBack) {
    EXPECT_EQ(json_number(0.1), "0.1");
    EXPECT_EQ(json_number(-3), "-3");
    EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
    EXPECT_EQ(json_number(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(JsonLine, JoinsMembers) {
    EXPECT_EQ(JsonLine().str(), "{}");
    EXPECT_EQ(JsonLine()
                  .text("a", "b")
                  .number("c", 1.5)
                  .count("d", 18446744073709551615U)
                  .flag("e", false)
                  .numbers("f", std::vector<double>{1, 2})
                  .raw("g", "{}")
                  .str(),
              R"({"a": "b", "c": 1.5, "d": 18446744073709551615, "e": false, "f": [1, 2], "g": {}})");
}

}    // namespace
}    // namespace filfil::report
