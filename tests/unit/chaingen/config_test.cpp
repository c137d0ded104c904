// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/config.hpp"

#include "chain_keeper.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::chaingen {
namespace {

/// Counts, and keeps nothing.
class Meter final : public BlockSink {
public:
    Result<void> block(ByteView, ByteView data) override {
        sizes.push_back(static_cast<std::uint32_t>(data.size()));
        return {};
    }
    std::vector<std::uint32_t> sizes;
};

class Sizes : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Sizes, AreAboutWhatWasAskedFor) {
    Meter meter;
    auto generator = Generator::make(Config::of_size(GetParam(), 3), meter);
    ASSERT_TRUE(generator.ok());
    std::size_t steps = 0;
    for (;; ++steps) {
        const auto changes = generator->next();
        ASSERT_TRUE(changes.ok());
        if (changes->empty()) break;
    }
    EXPECT_GE(steps, 8);
    const auto size = static_cast<double>(generator->section_bytes());
    EXPECT_NEAR(size / static_cast<double>(GetParam()), 1.0, 0.1);
    EXPECT_EQ(generator->blocks(), meter.sizes.size());
}

INSTANTIATE_TEST_SUITE_P(Sizes, Sizes, testing::Values(512 * KiB, 1 * MiB, 3 * MiB, 20 * MiB, 100 * MiB));

TEST(Config, BlocksAreOfTheSizesOfMainnet) {
    Meter meter;
    generate(Config::of_size(64 * MiB, 1), meter);
    std::ranges::sort(meter.sizes);
    const auto at = [&](std::size_t percent) { return meter.sizes[meter.sizes.size() * percent / 100]; };
    std::uint64_t sum = 0;
    for (const std::uint32_t size : meter.sizes) sum += size;
    const std::uint64_t mean = sum / meter.sizes.size();
    EXPECT_GE(at(50), 600);
    EXPECT_LE(at(50), 1400);
    EXPECT_GE(at(90), 1500);
    EXPECT_LE(at(90), 4300);
    EXPECT_GE(mean, 800);
    EXPECT_LE(mean, 1900);
}

TEST(Config, NamesWhatIsOutOfRange) {
    const struct {
        void (*change)(Config&);
        std::string_view name;
    } cases[] = {
        {[](Config& config) { config.state_bytes = 1; }, "state_bytes"},
        {[](Config& config) { config.tipset_bytes = 2 * GiB; }, "tipset_bytes"},
        {[](Config& config) { config.blocks_per_tipset = 0; }, "blocks_per_tipset"},
        {[](Config& config) { config.blocks_per_tipset = 51; }, "blocks_per_tipset"},
        {[](Config& config) { config.messages_per_block = 10'001; }, "messages_per_block"},
        {[](Config& config) { config.sector_leaf_bytes = 299; }, "sector_leaf_bytes"},
        {[](Config& config) { config.null_rate = 1000; }, "null_rate"},
        {[](Config& config) { config.fork_rate = 1001; }, "fork_rate"},
        {[](Config& config) { config.max_fork = 0; }, "max_fork"},
        {[](Config& config) { config.grow_rate = 1001; }, "grow_rate"},
    };
    EXPECT_TRUE(Config().check().ok());
    for (const auto& [change, name] : cases) {
        Config config;
        change(config);
        Meter meter;
        const auto generator = Generator::make(config, meter);
        ASSERT_FALSE(generator.ok()) << name;
        EXPECT_EQ(generator.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(generator.error().message.find(name), std::string::npos) << generator.error().message;
    }
}

TEST(Config, SmallestAndOddestValuesMakeChains) {
    for (int which = 0; which < 6; ++which) {
        Config config;
        config.state_bytes = 64 * KiB;
        config.tipsets = 12;
        config.tipset_bytes = which == 0 ? 0 : 8 * KiB;
        config.blocks_per_tipset = which == 1 ? 50 : 1;
        config.messages_per_block = which == 2 ? 700 : 3;
        config.sector_leaf_bytes = which == 3 ? 3000 : 300;
        config.null_rate = which == 4 ? 900 : 0;
        config.fork_rate = which == 5 ? 900 : 100;
        config.max_fork = which == 5 ? 900 : 2;
        ChainKeeper keeper;
        const auto events = generate(config, keeper, 3000);
        ASSERT_FALSE(events.empty());
        EXPECT_EQ(events.back().back().key.size(), config.blocks_per_tipset) << which;
    }
}

}    // namespace
}    // namespace filfil::chaingen
