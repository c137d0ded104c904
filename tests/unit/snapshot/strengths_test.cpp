// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What counting stores of links have got wrong elsewhere (filecoin saaf), each as what this one does.
#include "cbor_bytes.hpp"
#include "map_source.hpp"
#include "random_dag.hpp"
#include "store_contents.hpp"

namespace filfil::snapshot {
namespace {

using ipld::Cid;
using ipld::Codec;
using reference::CborBytes;
using reference::put_block;

class Strengths : public testing::Test {
protected:
    Cid dag(const std::vector<Cid>& links, std::uint64_t salt = 0) {
        CborBytes out;
        out.list(links.size() + 1).number(salt);
        for (const Cid& cid : links) out.link(cid);
        return put_block(blocks, Codec::dag_cbor, std::move(out).bytes());
    }

    /// A full tree: `width` children a node, `depth` levels below the root.
    Cid tree(std::uint64_t width, unsigned depth, std::uint64_t& salt) {
        std::vector<Cid> children;
        for (std::uint64_t i = 0; depth > 0 && i < width; ++i) children.push_back(tree(width, depth - 1, salt));
        return dag(children, ++salt);
    }

    void expect_is(const std::vector<Cid>& pins) { expect_holds(store, {blocks, pins, {}}); }

    reference::Blocks blocks;
    SeededRandom random{1};
    BlockStore store{{.arena = {.segment_bits = 20, .huge_pages = false}}, random};
    MapSource source{blocks};
};

TEST_F(Strengths, AFailedLinkLeavesNoCountedBlockWithoutItsChildren) {
    std::uint64_t salt = 0;
    const Cid low = tree(3, 2, salt);
    const Cid root = dag({low, low}, 1000);
    source.fail(6, MapSource::Fault::absent);
    ASSERT_FALSE(store.link(std::vector{root}, source).ok());
    source.heal();
    expect_is({});
    // So what is linked next does not take a half of it for the whole.
    ASSERT_TRUE(store.link(std::vector{low}, source).ok());
    expect_is({low});
    ASSERT_TRUE(store.link(std::vector{root}, source).ok());
    expect_is({low, root});
}

TEST_F(Strengths, AStoreThatCannotTakeABlockSaysSo) {
    BlockStore small({.arena = {.segment_bits = 12, .huge_pages = false}, .memory_limit = 16384}, random);
    std::vector<Cid> leaves;
    for (std::uint64_t i = 0; i < 64; ++i) leaves.push_back(put_block(blocks, Codec::raw, Bytes(500 + i)));
    const auto linked = small.link(std::vector{dag(leaves)}, source);
    ASSERT_FALSE(linked.ok());
    EXPECT_EQ(linked.error().code, ErrorCode::too_large);
    expect_holds(small, {blocks, {}, {}});
    const auto one = put_block(blocks, Codec::raw, Bytes(5000));    // larger than a segment
    EXPECT_EQ(small.link(std::vector{one}, source).error().code, ErrorCode::too_large);
    expect_holds(small, {blocks, {}, {}});
}

TEST_F(Strengths, OnlyWhatIsPinnedCanBeUnpinned) {
    const Cid leaf = dag({}, 1);
    const Cid root = dag({leaf, leaf}, 2);
    ASSERT_TRUE(store.link(std::vector{root}, source).ok());
    for (const std::vector<Cid>& wrong : {std::vector{leaf}, {root, root}, {root, leaf}, {dag({}, 3)}}) {
        const auto status = store.unpin(wrong);
        ASSERT_FALSE(status.ok());
        EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
        expect_is({root});
    }
    ASSERT_TRUE(store.unpin(std::vector{root}).ok());
    expect_is({});
    EXPECT_FALSE(store.unpin(std::vector{root}).ok());
}

TEST_F(Strengths, ALevelIsOneCallToTheSource) {
    std::uint64_t salt = 0;
    const Cid root = tree(6, 4, salt);
    const auto linked = store.link(std::vector{root}, source);
    ASSERT_TRUE(linked.ok()) << linked.error().text();
    EXPECT_EQ(linked->blocks, salt);
    EXPECT_EQ(linked->waves, 5U);
    EXPECT_EQ(source.asked(), salt);
    // What is there is not asked for again.
    const auto again = store.link(std::vector{dag({root}, 9999)}, source);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->blocks, 1U);
    EXPECT_EQ(source.asked(), salt + 1);
}

TEST_F(Strengths, ABlockCostsAtMost24BytesOverItsSection) {
    constexpr std::uint64_t count = 200'000;
    Bytes data(120);
    for (std::uint64_t i = 0; i < count; ++i) {
        random.fill(data);
        ASSERT_TRUE(store.insert(Shelf::blocks, ipld::cid_of_block(Codec::raw, data).bytes(), data).ok());
    }
    const StoreStats stats = store.stats();
    EXPECT_EQ(stats.stored_blocks, count);
    const std::uint64_t sections = count * (2 + 38 + data.size());
    const std::uint64_t one_segment = std::uint64_t{1} << 20;
    EXPECT_LE(stats.arena_bytes + stats.index_bytes, sections + 24 * count + one_segment);
}

TEST_F(Strengths, AWalkOverAllBlocksLeavesNothingBehindAndMayBeGivenUp) {
    std::uint64_t salt = 0;
    const Cid root = tree(4, 4, salt);
    ASSERT_TRUE(store.link(std::vector{root}, source).ok());
    {
        const BlockStore::Reader reader(store);
        EXPECT_TRUE(reader.find(root.bytes()));
    }
    std::uint64_t seen = 0;
    store.for_each([&](const SectionView&, std::uint32_t) { ++seen; });
    EXPECT_EQ(seen, salt);
    EXPECT_EQ(store.stats().leases, 0U);
    ASSERT_TRUE(store.unpin(std::vector{root}).ok());
    expect_is({});
}

TEST_F(Strengths, ATreeGoesAwayWithinTheBudgetOfEachTick) {
    std::uint64_t salt = 0;
    const Cid shared = tree(3, 3, salt);
    const std::uint64_t kept = salt;
    const Cid root = dag({tree(5, 4, salt), shared}, 100'000);
    const std::uint64_t all = salt + 1;
    ASSERT_TRUE(store.link(std::vector{root, shared}, source).ok());
    ASSERT_TRUE(store.unpin(std::vector{root}).ok());
    std::uint64_t before = store.stats().stored_blocks;
    EXPECT_EQ(before, all);
    for (bool done = false; !done;) {
        done = store.collect(7);
        const std::uint64_t after = store.stats().stored_blocks;
        EXPECT_LE(before - after, 7U);
        EXPECT_TRUE(done || before - after == 7);
        before = after;
    }
    EXPECT_EQ(before, kept);
    expect_is({shared});
}

/// A store of small segments in which blocks that stay and blocks that go lie side by side.
class LeasedStore : public Strengths {
protected:
    void fill(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            Bytes data(300);
            random.fill(data);
            const Cid cid = put_block(blocks, Codec::raw, data);
            ASSERT_TRUE(small.link(std::vector{cid}, source).ok());
            (i % 3 == 0 ? kept : gone).push_back(cid);
        }
    }

    void let_go() {
        ASSERT_TRUE(small.unpin(gone).ok());
        gone.clear();
        ASSERT_TRUE(small.collect(~std::uint64_t{0}));
    }

    std::uint64_t compact_all(Tidiness tidiness = Tidiness::quick) {
        std::uint64_t moves = 0;
        while (small.compact(tidiness).value()) ++moves;
        return moves;
    }

    [[nodiscard]] std::uint64_t memory() const { return small.stats().arena_bytes; }

    BlockStore small{{.arena = {.segment_bits = 14, .huge_pages = false}}, random};
    std::vector<Cid> kept;
    std::vector<Cid> gone;
};

TEST_F(LeasedStore, WhatStoodSomewhereCanBeReadThereUntilTheLeaseEnds) {
    fill(400);
    auto lease = std::make_unique<BlockStore::Lease>(small);
    std::vector<std::pair<SectionRef, Bytes>> known;
    for (const Cid& cid : kept) {
        const SectionRef section = small.stored_ref(cid.bytes()).value();
        known.emplace_back(section, to_bytes(small.at(section).bytes));
    }
    let_go();
    const std::uint64_t before = memory();
    EXPECT_EQ(compact_all(), 0U) << "places are leased";

    lease->let_move();
    EXPECT_GT(compact_all(), 5U);
    std::size_t moved = 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
        moved += small.stored_ref(kept[i].bytes())->offset() != known[i].first.offset() ? 1 : 0;
    EXPECT_GT(moved, kept.size() / 2);
    EXPECT_GT(memory(), before) << "both places are kept";
    EXPECT_EQ(compact_all(Tidiness::thorough), 0U) << "once is enough";
    // What comes meanwhile takes nobody's place.
    fill(100);
    for (const auto& [section, bytes] : known) EXPECT_EQ(to_bytes(small.at(section).bytes), bytes);
    let_go();

    // One that came later knows the new places.
    BlockStore::Lease later(small);
    later.let_move();
    lease.reset();
    const std::uint64_t both = memory();
    compact_all();
    EXPECT_LT(memory(), before * 4 / 5);
    EXPECT_LT(memory(), both * 3 / 5);
    expect_holds(small, {blocks, kept, {}});
    EXPECT_EQ(small.stats().leases, 1U);
}

TEST_F(LeasedStore, KeepsNothingOfWhatCameAfterTheLease) {
    fill(30);
    let_go();
    BlockStore::Lease held(small);
    held.let_move();
    fill(400);
    const std::uint64_t full = memory();
    let_go();
    EXPECT_GT(compact_all(), 5U);
    EXPECT_LT(memory(), full * 2 / 3);
    expect_holds(small, {blocks, kept, {}});
}

TEST_F(LeasedStore, DoesNotGrowUnderLeasesOfWhichThereIsAlwaysOne) {
    std::vector<std::unique_ptr<BlockStore::Lease>> leases;
    constexpr std::size_t lasting = 600;
    for (int round = 0; round < 200; ++round) {
        fill(60);
        leases.push_back(std::make_unique<BlockStore::Lease>(small));
        leases.back()->let_move();
        if (leases.size() > 2) leases.erase(leases.begin());
        // Old and new die, so that few segments die as a whole.
        while (kept.size() > lasting) {
            std::swap(kept[random.below(kept.size())], kept.back());
            gone.push_back(kept.back());
            kept.pop_back();
        }
        let_go();
        compact_all();
        if (round >= 100) EXPECT_LE(memory(), 3 * small.stats().live_bytes) << round;
    }
    expect_holds(small, {blocks, kept, {}});
}

TEST_F(Strengths, LinksThatStandTwiceCountTwiceAndGoTwice) {
    const Cid leaf = put_block(blocks, Codec::raw, {});
    const Cid inlined = reference::identity_cid(Codec::dag_cbor, CborBytes().link(leaf).bytes());
    const Cid root = dag({leaf, inlined, leaf, inlined}, 1);
    const Cid other = dag({leaf}, 2);
    ASSERT_TRUE(store.link(std::vector{root, other}, source).ok());
    EXPECT_EQ(contents_of(store, blocks).at(leaf), 5U);
    ASSERT_TRUE(store.unpin(std::vector{root}).ok());
    expect_is({other});
    EXPECT_EQ(contents_of(store, blocks).at(leaf), 1U);
    ASSERT_TRUE(store.unpin(std::vector{other}).ok());
    expect_is({});
}

TEST_F(Strengths, WhatIsDyingComesBackWhole) {
    std::uint64_t salt = 0;
    const Cid root = tree(3, 3, salt);
    const Cid above = dag({root, root}, 5000);
    ASSERT_TRUE(store.link(std::vector{root}, source).ok());
    for (std::uint64_t budget = 0; budget < 45; ++budget) {
        ASSERT_TRUE(store.unpin(std::vector{root}).ok());
        (void)store.collect(budget);    // some of it is gone, some waits
        ASSERT_TRUE(store.link(std::vector{above}, source).ok());
        expect_is({above});
        ASSERT_TRUE(store.link(std::vector{root}, source).ok());
        ASSERT_TRUE(store.unpin(std::vector{above}).ok());
        expect_is({root});
    }
}

}    // namespace
}    // namespace filfil::snapshot
