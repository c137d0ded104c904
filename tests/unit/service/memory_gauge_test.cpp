// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/memory_gauge.hpp"
#include "base/random.hpp"
#include "base/units.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;
using State = MemoryForecast::State;

constexpr auto gib = static_cast<double>(GiB);
constexpr double total = 200 * gib;

/// Readings each minute of a process whose memory is size(hours), on a machine of 200 GiB.
MemoryForecast after(double hours, const std::function<double(double)>& size, MemoryGaugeOptions options = {},
                     std::optional<Clock::Duration> levels_off = std::nullopt) {
    MemoryGauge gauge(options);
    for (int minute = 0; minute <= static_cast<int>(hours * 60); ++minute) {
        const double rss = size(minute / 60.0);
        gauge.add(std::chrono::minutes(minute),
                  {static_cast<std::uint64_t>(rss), static_cast<std::uint64_t>(total - rss),
                   static_cast<std::uint64_t>(total)},
                  static_cast<std::uint64_t>(0.9 * rss));
    }
    return gauge.forecast(levels_off);
}

TEST(MemoryGauge, KnowsNothingWithoutReadings) {
    const MemoryGauge gauge;
    EXPECT_EQ(gauge.forecast().state, State::unknown);
    EXPECT_EQ(name_of(gauge.forecast().state), "unknown");
    MemoryGauge blind;
    blind.add(1min, {}, 5);
    EXPECT_EQ(blind.forecast().state, State::unknown);
    EXPECT_EQ(blind.samples(), 0U);
}

TEST(MemoryGauge, SteadyGrowthIsFollowedToItsEnd) {
    const auto forecast = after(4, [](double h) { return 100 * gib + h * gib; });
    EXPECT_EQ(forecast.state, State::growing);
    EXPECT_NEAR(forecast.bytes_an_hour, gib, gib * 0.01);
    EXPECT_NEAR(forecast.store_bytes_an_hour, 0.9 * gib, gib * 0.01);
    ASSERT_TRUE(forecast.hours_left);
    EXPECT_NEAR(*forecast.hours_left, 96, 1);
    EXPECT_EQ(forecast.sentence,
              "104.0 GiB of 200.0 GiB are in use, growing by 1.0 GiB an hour: memory runs out in about 4 days");
    EXPECT_NE(forecast.remedy.find("recent_stateroots"), std::string::npos);
    EXPECT_EQ(forecast.remedy.find("memory.limit"), std::string::npos);
}

TEST(MemoryGauge, LessThanADayIsLow) {
    const auto forecast = after(4, [](double h) { return 100 * gib + 10 * h * gib; });
    EXPECT_EQ(forecast.state, State::low);
    EXPECT_NEAR(forecast.hours_left.value_or(0), 6, 0.5);
}

TEST(MemoryGauge, SlowGrowthIsNoneToSpeakOf) {
    const auto forecast = after(6, [](double h) { return 100 * gib + 0.1 * h * gib; });
    EXPECT_EQ(forecast.state, State::ok);
    EXPECT_GT(forecast.hours_left.value_or(0), 7 * 24);
    EXPECT_TRUE(forecast.remedy.empty());
}

TEST(MemoryGauge, ALimitThatWasSetComesFirst) {
    const MemoryGaugeOptions options{.limit = 110 * GiB};
    const auto forecast = after(4, [](double h) { return 100 * gib + h * gib; }, options);
    EXPECT_EQ(forecast.state, State::low);
    EXPECT_EQ(forecast.limit, 110 * GiB);
    EXPECT_NEAR(forecast.hours_left.value_or(0), 6, 0.2);
    EXPECT_NE(forecast.remedy.find("memory.limit"), std::string::npos);
    EXPECT_EQ(after(1, [](double) { return 111 * gib; }, options).state, State::over);
    // One above what the machine has is none.
    EXPECT_EQ(after(1, [](double) { return 111 * gib; }, {.limit = 500 * GiB}).limit, 200 * GiB);
}

TEST(MemoryGauge, LittleLeftIsLowWithoutGrowth) {
    EXPECT_EQ(after(1, [](double) { return 195 * gib; }).state, State::low);
    EXPECT_EQ(after(0, [](double) { return 195 * gib; }).state, State::low);
    EXPECT_EQ(after(1, [](double) { return 180 * gib; }).state, State::ok);
}

TEST(MemoryGauge, ForetellsNothingFromAFewMinutes) {
    const auto forecast = after(0.4, [](double h) { return 100 * gib + 50 * h * gib; });
    EXPECT_EQ(forecast.state, State::ok);
    EXPECT_FALSE(forecast.hours_left);
}

TEST(MemoryGauge, ChurnIsNoGrowth) {
    SeededRandom random(3);
    for (const double period : {0.25, 1.0, 3.0, 5.0})
        for (double hours = 0.5; hours < 30; hours += 0.7) {
            const auto forecast = after(hours, [&](double h) {
                return 150 * gib + 4 * gib * std::sin(h / period * 6.283) + static_cast<double>(random.below(GiB));
            });
            // A wave longer than the window looks like growth while it lasts, but not for so long that it would matter.
            if (period < 2) EXPECT_EQ(forecast.state, State::ok) << period << " " << hours << ": " << forecast.sentence;
        }
}

TEST(MemoryGauge, GrowthThatLevelsOffIsNone) {
    // Fills with a time constant of an hour, as a window of epochs does.
    for (double hours = 5; hours < 20; hours += 0.5) {
        const auto forecast = after(hours, [](double h) { return 100 * gib + 50 * gib * (1 - std::exp(-h)); });
        EXPECT_EQ(forecast.state, State::ok) << hours << ": " << forecast.sentence;
    }
    // A ramp with a sharp end.
    for (double hours = 3; hours < 12; hours += 0.5) {
        const auto forecast = after(hours, [](double h) { return 100 * gib + 20 * gib * std::min(h, 2.0); });
        EXPECT_EQ(forecast.state, State::ok) << hours << ": " << forecast.sentence;
    }
}

TEST(MemoryGauge, ShrinkingIsNoGrowth) {
    const auto forecast = after(6, [](double h) { return 150 * gib - h * gib; });
    EXPECT_EQ(forecast.state, State::ok);
    EXPECT_EQ(forecast.bytes_an_hour, 0);
    EXPECT_LT(forecast.store_bytes_an_hour, 0);
}

TEST(MemoryGauge, GrowthThatWillLevelOffInTimeIsNoAlarm) {
    const auto size = [](double h) { return 100 * gib + 10 * h * gib; };
    EXPECT_EQ(after(4, size, {}, 2h).state, State::ok);
    EXPECT_EQ(after(4, size, {}, 20h).state, State::low);
}

TEST(MemoryGauge, ALeakUnderAWaveIsFound) {
    const auto forecast =
        after(12, [](double h) { return 150 * gib + 0.5 * h * gib + 0.2 * gib * std::sin(h * 12.566); });
    EXPECT_EQ(forecast.state, State::growing) << forecast.sentence;
    EXPECT_NEAR(forecast.bytes_an_hour, 0.5 * gib, 0.2 * gib);
}

TEST(MemoryGauge, RemembersOnlyItsWindow) {
    MemoryGauge gauge;
    for (int second = 0; second < 24 * 3600; ++second)
        gauge.add(std::chrono::seconds(second), {GiB, GiB, 2 * GiB}, GiB);
    EXPECT_LE(gauge.samples(), 6 * 60 + 10U);
    EXPECT_GE(gauge.samples(), 5 * 60U);
    gauge.restart();
    EXPECT_EQ(gauge.samples(), 0U);
    EXPECT_EQ(gauge.forecast().state, State::ok);
    EXPECT_EQ(gauge.forecast().used, GiB);
}

TEST(MemoryGauge, WhatTheMachineHasMayBeUnknown) {
    MemoryGauge gauge;
    for (int minute = 0; minute < 100; ++minute)
        gauge.add(std::chrono::minutes(minute), {static_cast<std::uint64_t>(minute + 1) * GiB, 0, 0}, 0);
    const auto forecast = gauge.forecast();
    EXPECT_EQ(forecast.state, State::ok);
    EXPECT_EQ(forecast.limit, 0U);
    EXPECT_EQ(forecast.sentence, "100.0 GiB are in use");
    EXPECT_FALSE(forecast.hours_left);
}

}    // namespace
}    // namespace filfil::service
