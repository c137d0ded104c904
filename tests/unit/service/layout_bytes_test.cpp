// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/layout_bytes.hpp"

#include "crash_files.hpp"
#include "node/gathering.hpp"
#include "random_chain.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

TEST(LayoutBytes, OnceReadTheyStayWhateverBecomesOfTheHold) {
    const reference::RandomChain chain = reference::random_chain(3);
    node::GatheredBlocks blocks;
    for (const auto& [cid, data] : chain.blocks) blocks.add(cid, data);
    CrashFiles files;
    SeededRandom random(3);
    const SystemClock clock;
    InlineExecutor at_once;
    snapshot::EngineOptions options;
    options.store.arena = {.segment_bits = 16, .huge_pages = false};
    options.recent_stateroots = 6;
    options.slack = 5;
    auto opened = snapshot::DurableEngine::open(files, "engine", options, random, clock, at_once);
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    const std::shared_ptr<snapshot::DurableEngine> engine = *std::move(opened);
    ASSERT_TRUE(engine->start(chain.tipsets.back().key, blocks).ok());
    const auto hold = engine->hold({}, 4);
    ASSERT_TRUE(hold.ok()) << hold.error().text();

    const auto held =
        std::make_shared<HeldSnapshot>(engine, clock, *hold, snapshot::Recipe{.recent_stateroots = 4}, nullptr);
    Bytes whole;
    car::BodyRange range;
    {
        const auto laid = held->open();
        ASSERT_TRUE(laid.ok()) << laid.error().text();
        range = {0, (*laid)->source().body_size()};
        whole = to_bytes((*laid)->source().header());
        const std::size_t header = whole.size();
        whole.resize(header + range.end);
        ASSERT_TRUE((*laid)->source().read(0, ByteSpan(whole).subspan(header)).ok());
    }
    const LayoutBytes begun(held, range, whole.size());
    const LayoutBytes fresh(held, range, whole.size());
    Bytes part(100);
    ASSERT_TRUE(begun.read(0, part).ok());
    EXPECT_TRUE(std::ranges::equal(part, ByteView(whole).first(100)));

    (void)held->end();
    ASSERT_TRUE(engine->release(*hold).ok());
    ASSERT_TRUE(engine->engine().settle().ok());
    Bytes rest(whole.size() - 100);
    const auto read = begun.read(100, rest);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_TRUE(std::ranges::equal(rest, ByteView(whole).subspan(100)));
    EXPECT_EQ(fresh.read(0, part).error().code, ErrorCode::not_found);
}

}    // namespace
}    // namespace filfil::service
