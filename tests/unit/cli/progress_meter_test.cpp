// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/progress_meter.hpp"

#include "base/units.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

TEST(RateEstimator, SaysNothingUntilItHasSeenTwoSeconds) {
    RateEstimator estimator;
    EXPECT_FALSE(estimator.rate());
    estimator.sample(1.9, 1900);
    EXPECT_FALSE(estimator.rate());
    estimator.sample(2.0, 2000);
    ASSERT_TRUE(estimator.rate());
    EXPECT_NEAR(*estimator.rate(), 1000, 1e-6);
}

TEST(RateEstimator, IsExactForASteadyRateFromItsFirstFigureOn) {
    RateEstimator estimator;
    for (int tick = 1; tick <= 600; ++tick) {
        estimator.sample(tick * 0.1, static_cast<std::uint64_t>(tick) * 50);
        if (estimator.rate()) {
            EXPECT_NEAR(*estimator.rate(), 500, 1e-6) << tick;
        }
    }
}

TEST(RateEstimator, FollowsAChangeWithinSecondsAndDoesNotJump) {
    RateEstimator estimator;
    std::uint64_t bytes = 0;
    double seconds = 0;
    const auto run = [&](double length, std::uint64_t rate) {
        for (int tick = 0; tick < static_cast<int>(length * 10); ++tick) {
            seconds += 0.1;
            bytes += rate / 10;
            estimator.sample(seconds, bytes);
        }
    };
    run(60, 1000);
    run(0.5, 0);
    EXPECT_GT(*estimator.rate(), 850);
    run(30, 0);
    EXPECT_LT(*estimator.rate(), 5);
    run(30, 1000);
    EXPECT_NEAR(*estimator.rate(), 1000, 10);
}

TEST(RateEstimator, IgnoresTwoSamplesAtOneTime) {
    RateEstimator estimator;
    estimator.sample(3, 3000);
    estimator.sample(3, 9000);
    EXPECT_NEAR(*estimator.rate(), 1000, 1e-6);
}

TEST(MeterLine, ShowsShareBytesRateAndTimeLeft) {
    EXPECT_EQ(meter_line({"deal.car", 8 * GiB, 32 * GiB, 2.0 * static_cast<double>(GiB)}, 120),
              "deal.car   25%  8.0 of 32.0 GiB  2.0 GiB/s  ETA 0:12");
    EXPECT_EQ(meter_line({"a", 0, 32 * GiB, std::nullopt}, 120), "a    0%  0.0 of 32.0 GiB  estimating");
    EXPECT_EQ(meter_line({"a", 0, 36000, 1.0}, 120), "a    0%  0.0 of 35.2 KiB  1 B/s  ETA 10:00:00");
    EXPECT_EQ(meter_line({"a", 5, 600, 0.0}, 120), "a    0%  5 of 600 B  0 B/s  stalled");
}

TEST(MeterLine, SaysHundredPercentOnlyAtTheEnd) {
    EXPECT_EQ(meter_line({"a", 32 * GiB - 1, 32 * GiB, 1e9}, 120), "a   99%  32.0 of 32.0 GiB  953.7 MiB/s  ETA 0:01");
    EXPECT_EQ(meter_line({"a", 32 * GiB, 32 * GiB, 1e9}, 120), "a  100%  32.0 of 32.0 GiB  953.7 MiB/s  ETA 0:00");
    // A file that grows while it is read gives no more than all of it.
    EXPECT_EQ(meter_line({"a", 200, 100, 10.0}, 120), "a  100%  100 of 100 B  10 B/s  ETA 0:00");
    EXPECT_EQ(meter_line({"a", 0, 0, 10.0}, 120), "a  100%  0 of 0 B  10 B/s  ETA 0:00");
}

TEST(MeterLine, KnowsNoTimeLeftForAStream) {
    EXPECT_EQ(meter_line({"standard input", 3 * MiB, std::nullopt, 1.5 * static_cast<double>(MiB)}, 120),
              "standard input  3.0 MiB  1.5 MiB/s");
}

TEST(MeterLine, KeepsWithinTheTerminal) {
    const std::string path(300, 'p');
    for (unsigned columns = 1; columns < 150; ++columns)
        EXPECT_LE(meter_line({path, 1, 100, 10.0}, columns).size(), columns);
    EXPECT_EQ(meter_line({"folder/of/snapshots/mainnet-4711.car", 1, 100, std::nullopt}, 50),
              "folde...net-4711.car    1%  1 of 100 B  estimating");
}

TEST(MeterLine, CutsBetweenCharactersAndShowsNoControlCharacters) {
    // Twelve characters of two bytes each, shortened to eight: one, three points, four.
    const std::string name = "äöüäöüäöüäöü";
    EXPECT_EQ(meter_line({name, 5, std::nullopt, std::nullopt}, 25), "ä...üäöü  5 B  estimating");
    EXPECT_EQ(meter_line({"a\x1b[2Jb\n", 5, std::nullopt, std::nullopt}, 60), "a?[2Jb?  5 B  estimating");
}

}    // namespace
}    // namespace filfil::cli
