// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/forecast.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;
using Stage = DealStage;

/// A deal that began at `begin` and took so many minutes for each stage.
std::vector<StageTime> times(Clock::Duration begin, const std::vector<std::pair<Stage, int>>& stages) {
    std::vector<StageTime> out;
    for (const auto& [stage, minutes] : stages) {
        out.push_back({stage, begin, std::nullopt});
        begin += std::chrono::minutes(minutes);
    }
    return out;
}

std::vector<StageTime> stored(int fetching, int sealing) {
    return times(0min, {{Stage::proposing, 1},
                        {Stage::fetching, fetching},
                        {Stage::sealing, sealing},
                        {Stage::notified, 5},
                        {Stage::paid, 0}});
}

TEST(Forecast, SaysNothingWithoutAHistory) {
    Forecast forecast;
    EXPECT_EQ(forecast.stored_at("boost", times(0min, {{Stage::proposing, 1}}), 1min), std::nullopt);
    // What failed teaches nothing.
    forecast.learn("boost", times(0min, {{Stage::proposing, 1}, {Stage::failed, 0}}));
    EXPECT_EQ(forecast.stored_at("boost", times(0min, {{Stage::proposing, 1}}), 1min), std::nullopt);
}

TEST(Forecast, AddsTheMediansOfWhatIsToCome) {
    Forecast forecast;
    for (const int fetching : {10, 30, 20}) forecast.learn("boost", stored(fetching, 60));
    const auto begun = times(100min, {{Stage::proposing, 0}});
    EXPECT_EQ(forecast.stored_at("boost", begun, 100min), 100min + 1min + 20min + 60min);
    // Another market has another pace.
    EXPECT_EQ(forecast.stored_at("curio-mk20", begun, 100min), std::nullopt);
}

TEST(Forecast, TakesOffWhatHasPassedOfThisStageAndNoMore) {
    Forecast forecast;
    forecast.learn("boost", stored(20, 60));
    const auto fetching = times(100min, {{Stage::fetching, 0}});
    EXPECT_EQ(forecast.stored_at("boost", fetching, 105min), 105min + 15min + 60min);
    EXPECT_EQ(forecast.stored_at("boost", fetching, 200min), 200min + 60min);
}

TEST(Forecast, SaysNothingOfWhatIsStored) {
    Forecast forecast;
    forecast.learn("boost", stored(20, 60));
    EXPECT_EQ(forecast.stored_at("boost", stored(20, 60), 200min), std::nullopt);
    EXPECT_EQ(forecast.stored_at("boost", {}, 200min), std::nullopt);
}

TEST(Forecast, CountsAStageThatWasTakenTwiceAsOne) {
    Forecast forecast;
    forecast.learn("boost", times(0min, {{Stage::sealing, 10},
                                         {Stage::proven, 1},
                                         {Stage::sealing, 20},
                                         {Stage::proven, 1},
                                         {Stage::notified, 0}}));
    EXPECT_EQ(forecast.stored_at("boost", times(0min, {{Stage::sealing, 0}}), 0min), 32min);
}

TEST(Forecast, ForgetsWhatIsLongAgo) {
    Forecast forecast;
    for (std::size_t i = 0; i < Forecast::deals_looked_at; ++i) forecast.learn("boost", stored(10, 10));
    for (std::size_t i = 0; i < Forecast::deals_looked_at; ++i) forecast.learn("boost", stored(90, 90));
    EXPECT_EQ(forecast.stored_at("boost", times(0min, {{Stage::fetching, 0}}), 0min), 180min);
}

TEST(Forecast, IsNotConfusedByAClockThatWentBack) {
    Forecast forecast;
    forecast.learn("boost", {{Stage::fetching, 50min, {}}, {Stage::sealing, 20min, {}}, {Stage::notified, 80min, {}}});
    EXPECT_EQ(forecast.stored_at("boost", times(0min, {{Stage::fetching, 0}}), 0min), 60min);
}

}    // namespace
}    // namespace filfil::service
