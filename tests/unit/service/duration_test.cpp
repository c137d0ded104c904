// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/duration.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsAndWritesTheSame) {
    for (const auto& [text, value] : std::vector<std::pair<std::string, Clock::Duration>>{{"0s", 0s},
                                                                                          {"1ms", 1ms},
                                                                                          {"1500ms", 1500ms},
                                                                                          {"30s", 30s},
                                                                                          {"5min", 5min},
                                                                                          {"90min", 90min},
                                                                                          {"2h", 2h},
                                                                                          {"7d", 168h}}) {
        const auto read = parse_duration(text);
        ASSERT_TRUE(read.ok()) << text;
        EXPECT_EQ(*read, value) << text;
        EXPECT_EQ(format_duration_setting(value), text);
    }
    EXPECT_EQ(*parse_duration("0"), 0s);
    EXPECT_EQ(*parse_duration("60 s"), 1min);
    EXPECT_EQ(*parse_duration("36500d"), 24h * 36500);
    EXPECT_EQ(format_duration_setting(1ms + 999us), "1ms");
}

TEST(Duration, RefusesWhatIsNone) {
    for (const std::string_view text : {"", "s", "5", "-5s", "+5s", "5 weeks", "5S", "5ss", "1.5h", "5  s", "36501d",
                                        "9223372036854775807d", "99999999999999999999s", "5s "}) {
        const auto read = parse_duration(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(read.error().remedy.empty());
    }
}

}    // namespace
}    // namespace filfil::service
