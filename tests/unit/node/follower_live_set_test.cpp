// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "follower_rig.hpp"

namespace filfil::node {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t recent_stateroots = 40;
constexpr std::int64_t slack = 24;

/// Segments so small that many of them come and go.
snapshot::EngineOptions busy_engine() {
    snapshot::EngineOptions out;
    out.store.arena = {.segment_bits = 16, .huge_pages = false};
    out.recent_stateroots = recent_stateroots;
    out.slack = slack;
    return out;
}

std::uint64_t memory_of(const snapshot::StoreStats& store) { return store.written_bytes + store.index_bytes; }

TEST(FollowedLiveSet, AfterSixHundredTipsetsWithForksIsTheReferencesInTheMemoryOfAFreshEngine) {
    chaingen::Config config = small_chain(5, 600);
    config.state_bytes = 3 * MiB;
    config.tipset_bytes = 20 * KiB;
    config.fork_rate = 30;
    config.max_fork = 3;
    config.blocks_per_tipset = 1;
    const auto chain = std::make_shared<const RecordedChain>(record(config));

    Outside outside;
    DevnetOptions options;
    options.period = Clock::Duration::zero();
    TestNode node(outside, chain, 1, options);
    FollowerOptions following;
    following.nodes = {node.address};
    following.bootstrap_from_node = true;
    TestFollower follower(outside, following, busy_engine());
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    // What died is freed in its own time.
    outside.advance(1s);
    EXPECT_GT(follower.status().tipsets, 600U);
    EXPECT_GT(follower.status().reverted, 20U);

    snapshot::Engine& engine = follower.engine->engine();
    for (const std::string& finding : reference::check_engine(engine, chain->blocks, recent_stateroots))
        ADD_FAILURE() << finding;
    const auto kept = reference::kept_of(chain->blocks, chain->events, recent_stateroots, slack);
    ASSERT_TRUE(kept.ok()) << kept.error().text();
    for (const std::string& finding : reference::check_live_set(engine, chain->blocks, *kept)) ADD_FAILURE() << finding;
    const snapshot::StoreStats followed = engine.stats().store;

    ASSERT_TRUE(follower.engine->checkpoint().ok());
    follower.stop();
    SeededRandom random(7);
    InlineExecutor at_once;
    const auto opened =
        snapshot::DurableEngine::open(outside.files, "data/engine", busy_engine(), random, outside.clock, at_once);
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    const snapshot::StoreStats fresh = (*opened)->engine().stats().store;
    ASSERT_EQ(fresh.live_bytes, followed.live_bytes);
    ASSERT_EQ(fresh.live_blocks, followed.live_blocks);
    // Of this, headers of forks are what a long run adds to: their segments are not tidied up.
    EXPECT_LE(static_cast<double>(memory_of(followed)), static_cast<double>(memory_of(fresh)) * 1.02)
        << "written " << followed.written_bytes << " for " << fresh.written_bytes << ", index " << followed.index_bytes
        << " for " << fresh.index_bytes;
}

}    // namespace
}    // namespace filfil::node
