// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/gathering.hpp"

#include "base/clock.hpp"
#include "random_chain.hpp"
#include "random_dag.hpp"
#include "reference_walk.hpp"
#include "snapshot/engine.hpp"

#include <gtest/gtest.h>

namespace filfil::node {
namespace {

using ipld::Cid;
using reference::RandomChain;
using Type = chain::HeadChange::Type;

snapshot::EngineOptions small_window() {
    snapshot::EngineOptions out;
    out.store.arena = {.segment_bits = 16, .huge_pages = false};
    out.recent_stateroots = 6;
    out.slack = 5;
    return out;
}

/// Gives what is asked for in a random order, some of it only at a later try.
void serve(Gathering& gathering, const reference::Blocks& blocks, Random& random) {
    std::vector<Cid> asked;
    while (!gathering.done()) {
        for (Cid& cid : gathering.next(1 + random.below(20))) asked.push_back(std::move(cid));
        ASSERT_FALSE(asked.empty());
        std::swap(asked[random.below(asked.size())], asked.back());
        const Cid cid = std::move(asked.back());
        asked.pop_back();
        if (random.below(5) == 0) {
            gathering.put_back(cid);
            continue;
        }
        Bytes data = blocks.at(cid);
        if (random.below(8) == 0) {
            Bytes wrong = data;
            wrong.push_back(std::byte{7});
            const auto taken = gathering.take(cid, std::move(wrong));
            ASSERT_FALSE(taken.ok());
            EXPECT_EQ(taken.error().code, ErrorCode::mismatch);
        }
        const auto taken = gathering.take(cid, std::move(data));
        ASSERT_TRUE(taken.ok()) << taken.error().text();
    }
}

TEST(Gathering, GathersAllThatAnEngineAsksForWhereverTheChainGoes) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(seed);
        const RandomChain chain = reference::random_chain(seed);
        SeededRandom random(seed);
        SystemClock clock;
        snapshot::Engine engine(small_window(), random, clock);

        GatheredBlocks first;
        Gathering start(engine.store(), first, {});
        ASSERT_TRUE(start.want_chain(chain.tipsets[3].key, small_window().recent_stateroots, false).ok());
        serve(start, chain.blocks, random);
        const auto started = engine.start(chain.tipsets[3].key, first);
        ASSERT_TRUE(started.ok()) << started.error().text();
        EXPECT_EQ(start.lowest(), Epoch{0});

        std::size_t head = 3;
        for (int move = 0; move < 25; ++move) {
            const std::size_t low = head < 4 ? 0 : head - 4;
            const std::size_t to = std::min<std::size_t>(low + random.below(12), chain.tipsets.size() - 1);
            GatheredBlocks blocks;
            Gathering gathering(engine.store(), blocks, {});
            chain::HeadChanges changes;
            for (const reference::Step& step : steps_between(chain, head, to)) {
                const auto& tipset = chain.tipsets[step.tipset];
                changes.push_back({step.apply ? Type::apply : Type::revert, tipset.key, Epoch{tipset.height}});
                if (step.apply) ASSERT_TRUE(gathering.want_tipset(tipset.key).ok());
            }
            serve(gathering, chain.blocks, random);
            auto applied = engine.apply(changes, blocks);
            // What the window gets back when the head goes down is found out by trying.
            for (int round = 0; !applied.ok() && round < 16; ++round) {
                const std::vector<Cid> missing = blocks.take_missing();
                ASSERT_FALSE(missing.empty()) << applied.error().text();
                for (const Cid& cid : missing) ASSERT_TRUE(gathering.want_again(cid, false).ok());
                serve(gathering, chain.blocks, random);
                applied = engine.apply(changes, blocks);
            }
            ASSERT_TRUE(applied.ok()) << applied.error().text();
            head = to;
            ASSERT_TRUE(engine.settle().ok());
        }
        EXPECT_TRUE(engine.audit(false).good());
    }
}

TEST(Gathering, AsksForNothingThatTheStoreHas) {
    const RandomChain chain = reference::random_chain(5);
    SeededRandom random(5);
    SystemClock clock;
    snapshot::Engine engine(small_window(), random, clock);
    GatheredBlocks blocks;
    Gathering start(engine.store(), blocks, {});
    ASSERT_TRUE(start.want_chain(chain.tipsets[9].key, 6, false).ok());
    serve(start, chain.blocks, random);
    ASSERT_TRUE(engine.start(chain.tipsets[9].key, blocks).ok());

    GatheredBlocks headers;
    for (const Cid& cid : chain.tipsets[9].key) headers.add(cid, chain.blocks.at(cid));
    Gathering again(engine.store(), headers, {});
    ASSERT_TRUE(again.want_tipset(chain.tipsets[9].key).ok());
    EXPECT_TRUE(again.done());
    EXPECT_EQ(again.blocks(), 0U);
}

TEST(Gathering, UsesWhatIsAtHandAndAsksForTheRest) {
    const RandomChain chain = reference::random_chain(6);
    SeededRandom random(6);
    SystemClock clock;
    snapshot::Engine engine(small_window(), random, clock);
    GatheredBlocks blocks;
    Gathering whole(engine.store(), blocks, {});
    ASSERT_TRUE(whole.want_chain(chain.tipsets[20].key, 100, true).ok());
    serve(whole, chain.blocks, random);

    Gathering again(engine.store(), blocks, {});
    ASSERT_TRUE(again.want_chain(chain.tipsets[20].key, 100, true).ok());
    EXPECT_TRUE(again.done());

    GatheredBlocks some;
    std::size_t kept = 0;
    for (const auto& [cid, data] : chain.blocks)
        if (blocks.has(cid) && random.below(2) == 0) {
            some.add(cid, data);
            ++kept;
        }
    Gathering rest(engine.store(), some, {});
    ASSERT_TRUE(rest.want_chain(chain.tipsets[20].key, 100, true).ok());
    serve(rest, chain.blocks, random);
    EXPECT_EQ(rest.blocks(), whole.blocks() - kept);
}

TEST(Gathering, StopsWhereMoreIsNewThanAStepOfAChainBrings) {
    const RandomChain chain = reference::random_chain(7);
    SeededRandom random(7);
    SystemClock clock;
    snapshot::Engine engine(small_window(), random, clock);
    GatheredBlocks blocks;
    Gathering gathering(engine.store(), blocks, {.blocks = 20});
    auto wanted = gathering.want_chain(chain.tipsets[30].key, 100, true);
    while (wanted.ok() && !gathering.done())
        for (const Cid& cid : gathering.next(1)) wanted = gathering.take(cid, chain.blocks.at(cid));
    ASSERT_FALSE(wanted.ok());
    EXPECT_EQ(wanted.error().code, ErrorCode::too_large);
    EXPECT_NE(wanted.error().message.find("migrated"), std::string::npos);
    EXPECT_FALSE(wanted.error().remedy.empty());
}

TEST(Gathering, RefusesWhatCannotBeOpened) {
    SeededRandom random(1);
    SystemClock clock;
    snapshot::Engine engine(small_window(), random, clock);
    reference::Blocks bad;
    const Cid broken = reference::put_block(bad, ipld::Codec::dag_cbor, to_bytes(bytes_of("\x9f\x01")));
    GatheredBlocks blocks;
    Gathering tree(engine.store(), blocks, {});
    ASSERT_TRUE(tree.want_tree(broken).ok());
    ASSERT_EQ(tree.next(10).size(), 1U);
    EXPECT_EQ(tree.take(broken, bad.at(broken)).error().code, ErrorCode::corrupt);

    const Cid no_header = reference::put_block(bad, ipld::Codec::dag_cbor, to_bytes(bytes_of("\x80")));
    Gathering tipset(engine.store(), blocks, {});
    ASSERT_TRUE(tipset.want_tipset({no_header}).ok());
    ASSERT_EQ(tipset.next(10).size(), 1U);
    const auto taken = tipset.take(no_header, bad.at(no_header));
    ASSERT_FALSE(taken.ok());
    EXPECT_NE(taken.error().message.find(no_header.text()), std::string::npos);
    EXPECT_EQ(tipset.take(broken, bad.at(broken)).error().code, ErrorCode::internal);
}

}    // namespace
}    // namespace filfil::node
