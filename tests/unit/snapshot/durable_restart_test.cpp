// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"
#include "durable_script.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace filfil::snapshot {
namespace {

class DurableRestart : public testing::TestWithParam<int> {};

/// Whatever happens beside it, a restarted engine is the one that was never restarted.
TEST_P(DurableRestart, IsAsIfItHadNotHappened) {
    const auto seed = static_cast<std::uint64_t>(GetParam());
    const Script script = make_script(seed, 70);
    ASSERT_EQ(script.ops.size(), 70U);
    SeededRandom random(seed);
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto opened = open_started(files, "d", script);
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    std::unique_ptr<DurableEngine> engine = std::move(*opened);
    std::vector<std::unique_ptr<Layout>> layouts;
    std::jthread checkpoint;
    for (std::size_t i = 0; i < script.ops.size(); ++i) {
        // A change that fails on the way leaves blocks behind, which the next one may use.
        if (random.below(6) == 0) {
            source.fail(random.below(25), static_cast<MapSource::Fault>(random.below(MapSource::faults)));
            const auto failed = perform(*engine, script.ops[i], source);
            source.heal();
            if (failed.ok()) {
                EXPECT_FALSE(engine->not_durable());
                continue;
            }
        }
        const auto done = perform(*engine, script.ops[i], source);
        ASSERT_TRUE(done.ok()) << "op " << i << ": " << done.error().text();
        ASSERT_FALSE(engine->not_durable()) << engine->not_durable()->text();
        if (random.below(3) == 0) ASSERT_TRUE(engine->tick(1 + random.below(40)).ok());
        // Layouts keep blocks that nothing else keeps any more.
        if (random.below(5) == 0) {
            LayoutOptions options;
            options.recent_stateroots = 3;
            if (auto layout = engine->engine().layout({}, options); layout.ok()) layouts.push_back(std::move(*layout));
        }
        if (!layouts.empty() && random.below(8) == 0) layouts.erase(layouts.begin());
        if (random.below(9) == 0) {
            const auto written = engine->checkpoint();
            ASSERT_TRUE(written.ok()) << written.error().text();
        } else if (random.below(9) == 0) {
            if (checkpoint.joinable()) checkpoint.join();
            checkpoint = std::jthread([&durable = *engine] { EXPECT_TRUE(durable.checkpoint().ok()); });
        }
        if (random.below(7) == 0) {
            if (checkpoint.joinable()) checkpoint.join();
            layouts.clear();
            engine.reset();
            auto again = open_durable(files, "d", script);
            ASSERT_TRUE(again.ok()) << "after op " << i << ": " << again.error().text();
            engine = std::move(*again);
            EXPECT_FALSE(engine->opened().cut_short);
            EXPECT_EQ(engine->opened().torn_bytes, 0U);
            EXPECT_EQ(look_of(engine->engine()), script.looks[i + 1]) << "after op " << i;
            EXPECT_EQ(faults(engine->engine()), "");
            EXPECT_FALSE(engine->not_durable());
        }
    }
    if (checkpoint.joinable()) checkpoint.join();
    layouts.clear();
    EXPECT_EQ(look_of(engine->engine()), script.looks.back());
    EXPECT_EQ(faults(engine->engine()), "");
}

INSTANTIATE_TEST_SUITE_P(Seeds, DurableRestart, testing::Range(1, 31));

}    // namespace
}    // namespace filfil::snapshot
