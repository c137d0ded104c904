// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/epoch_text.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <limits>

namespace filfil::cli {
namespace {

/// The machine's time zone for as long as it lives.
class Zone {
public:
    explicit Zone(const char* name) {
        setenv("TZ", name, 1);
        tzset();
    }
    ~Zone() {
        unsetenv("TZ");
        tzset();
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;
};

TEST(EpochText, NamesLocalTimeAndUtc) {
    const Zone zone("XST-5:30");
    EXPECT_EQ(epoch_text(5'000'000, 1'767'225'600), "5,000,000 (2026-01-01 05:30 XST, 2026-01-01 00:00 UTC)");
}

TEST(EpochText, SaysATimeOnceWhereLocalTimeIsUtc) {
    const Zone zone("UTC");
    EXPECT_EQ(epoch_text(7, 1'767'225'600), "7 (2026-01-01 00:00 UTC)");
}

TEST(EpochText, IsTheNumberAloneWhereNoTimeIsKnown) {
    EXPECT_EQ(epoch_text(1234, std::nullopt), "1,234");
    EXPECT_EQ(epoch_text(1234, std::numeric_limits<std::int64_t>::max()), "1,234");
    EXPECT_EQ(epoch_at({{"open_epoch", 12}, {"open_time", nullptr}}, "open_epoch", "open_time"), "12");
    EXPECT_EQ(epoch_at({{"open_epoch", nullptr}}, "open_epoch", "open_time"), "");
}

TEST(FromNow, SaysHowFarAway) {
    EXPECT_EQ(from_now_text(11'540, 0), "in 3 h 12 min");
    EXPECT_EQ(from_now_text(0, 720), "12 min 00 s ago");
    EXPECT_EQ(from_now_text(5, 5), "now");
}

}    // namespace
}    // namespace filfil::cli
