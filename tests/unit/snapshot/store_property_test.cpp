// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The block store at random: after every step its blocks, counts and sums are what the reference says of its pins.
#include "map_source.hpp"
#include "random_dag.hpp"
#include "seeds.hpp"
#include "store_contents.hpp"

#include "base/units.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

using ipld::Cid;

constexpr StoreOptions small_store{.arena = {.segment_bits = 15, .huge_pages = false}};

/// A store, what it should hold, and trees to fill it with.
class RandomStore {
public:
    explicit RandomStore(std::uint64_t seed, const StoreOptions& options = small_store)
        : random(seed), dag(random, blocks), store(options, random) {
        for (int i = 0; i < 40; ++i) roots.push_back(dag.tree(1 + random.below(12)));
    }

    std::vector<Cid> some_roots() {
        std::vector<Cid> out;
        for (std::uint64_t i = 1 + random.below(3); i > 0; --i) out.push_back(roots[random.below(roots.size())]);
        if (random.below(4) == 0) out.push_back(out.front());
        return out;
    }

    void link() {
        const std::vector<Cid> wanted = some_roots();
        const auto linked = store.link(wanted, source);
        ASSERT_TRUE(linked.ok()) << linked.error().text();
        model.pins.insert(model.pins.end(), wanted.begin(), wanted.end());
    }

    /// Every fetch fails once, in some way, and changes nothing; then it goes well.
    void link_with_failures() {
        const std::vector<Cid> wanted = some_roots();
        for (std::uint64_t k = 0;; ++k) {
            const auto before = contents_of(store, blocks);
            const StoreStats stats = store.stats();
            const auto fault = static_cast<MapSource::Fault>(random.below(MapSource::faults));
            source.fail(k, fault);
            const auto linked = store.link(wanted, source);
            const bool failed = source.failed();
            source.heal();
            ASSERT_EQ(linked.ok(), !failed) << k;
            if (linked.ok()) break;
            EXPECT_EQ(linked.error().code, fault == MapSource::Fault::absent   ? ErrorCode::not_found
                                           : fault == MapSource::Fault::broken ? ErrorCode::io
                                                                               : ErrorCode::mismatch);
            EXPECT_EQ(contents_of(store, blocks), before);
            EXPECT_EQ(store.stats().live_blocks, stats.live_blocks);
            EXPECT_EQ(store.stats().live_bytes, stats.live_bytes);
            EXPECT_EQ(store.stats().dying, stats.dying);
            EXPECT_EQ(store.stats().pins, stats.pins);
        }
        model.pins.insert(model.pins.end(), wanted.begin(), wanted.end());
    }

    void unpin() {
        if (model.pins.empty()) return;
        std::vector<Cid> gone;
        std::vector<Cid> kept = model.pins;
        for (std::uint64_t i = 1 + random.below(4); i > 0 && !kept.empty(); --i) {
            const std::size_t which = random.below(kept.size());
            gone.push_back(kept[which]);
            kept.erase(kept.begin() + static_cast<long>(which));
        }
        const auto status = store.unpin(gone);
        ASSERT_TRUE(status.ok()) << status.error().text();
        model.pins = std::move(kept);
    }

    /// Pins more of what is pinned, which needs no source; what is not there cannot be pinned, nor anything beside it.
    void pin() {
        if (model.pins.empty()) return;
        std::vector<Cid> again{model.pins[random.below(model.pins.size())],
                               model.pins[random.below(model.pins.size())]};
        const Cid stranger = ipld::cid_of_block(ipld::Codec::raw, bytes_of("never linked"));
        again.push_back(stranger);
        const auto refused = store.pin(again);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, ErrorCode::not_found);
        again.pop_back();
        const auto status = store.pin(again);
        ASSERT_TRUE(status.ok()) << status.error().text();
        model.pins.insert(model.pins.end(), again.begin(), again.end());
    }

    /// What is not pinned cannot be unpinned, nor anything with it, be it stored or not.
    void unpin_too_much() {
        const auto before = contents_of(store, blocks);
        std::vector<Cid> gone = model.pins;
        for (const auto& [cid, links] : before)
            if (std::ranges::find(model.pins, cid) == model.pins.end()) {
                gone.push_back(cid);
                break;
            }
        if (gone.size() == model.pins.size())
            gone.push_back(ipld::cid_of_block(ipld::Codec::raw, bytes_of("never linked")));
        const auto status = store.unpin(gone);
        ASSERT_FALSE(status.ok());
        EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
        EXPECT_EQ(contents_of(store, blocks), before);
    }

    void step() {
        switch (random.below(9)) {
            case 0:
            case 1: link(); break;
            case 2: link_with_failures(); break;
            case 3: pin(); break;
            case 4:
            case 5:
            case 6: unpin(); break;
            case 7: unpin_too_much(); break;
            default: {    // some of the dead, so that what comes next finds others dying
                (void)store.collect(random.below(5));
                break;
            }
        }
    }

    void compact_all() {
        const Tidiness tidiness = random.below(2) == 0 ? Tidiness::quick : Tidiness::thorough;
        for (;;) {
            const auto moved = store.compact(tidiness);
            ASSERT_TRUE(moved.ok()) << moved.error().text();
            if (!*moved) break;
        }
    }

    SeededRandom random;
    reference::Blocks blocks;
    reference::RandomDag dag;
    BlockStore store;
    MapSource source{blocks};
    StoreModel model{blocks, {}, {}};
    std::vector<Cid> roots;
};

class StoreProperty : public testing::TestWithParam<std::uint64_t> {};

TEST_P(StoreProperty, BlocksCountsAndSumsAreTheReferencesAfterEveryStep) {
    RandomStore random(GetParam());
    for (int i = 0; i < 120 && !testing::Test::HasFailure(); ++i) {
        random.step();
        // Now and then the dead wait, and steps meet blocks that are dying.
        if (random.random.below(3) == 0) expect_holds(random.store, random.model);
        if (random.random.below(10) == 0) {
            random.compact_all();
            expect_holds(random.store, random.model);
        }
    }
    expect_holds(random.store, random.model);
    ASSERT_TRUE(random.store.unpin(random.model.pins).ok());
    random.model.pins.clear();
    expect_holds(random.store, random.model);
    EXPECT_EQ(random.store.stats().live_blocks, 0U);
    EXPECT_EQ(random.store.stats().live_bytes, 0U);
    EXPECT_EQ(random.store.stats().pins, 0U);
}

TEST_P(StoreProperty, InsertingInAnyOrderAndCountingGivesWhatLinkingGives) {
    RandomStore random(GetParam());
    std::vector<Cid> order;
    for (const auto& [cid, data] : random.blocks) order.push_back(cid);
    std::ranges::sort(order);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.random.below(i)]);
    for (const Cid& cid : order) {
        ASSERT_TRUE(random.store.insert(Shelf::blocks, cid.bytes(), random.blocks.at(cid)).ok());
        if (random.random.below(5) == 0)
            ASSERT_TRUE(random.store.insert(Shelf::blocks, cid.bytes(), random.blocks.at(cid)).ok());
    }
    for (int i = 0; i < 12; ++i) {
        const Cid root = random.roots[random.random.below(random.roots.size())];
        const auto status = random.store.count_from(root);
        ASSERT_TRUE(status.ok()) << status.error().text();
        random.model.pins.push_back(root);
    }
    const std::uint64_t dropped = random.store.drop_uncounted();
    EXPECT_EQ(dropped, random.blocks.size() - random.model.live().counts.size());
    expect_holds(random.store, random.model);
    for (int i = 0; i < 40; ++i) random.step();
    expect_holds(random.store, random.model);
    ASSERT_TRUE(random.store.unpin(random.model.pins).ok());
    random.model.pins.clear();
    expect_holds(random.store, random.model);
}

TEST_P(StoreProperty, AtTheMemoryLimitNothingChanges) {
    StoreOptions options = small_store;
    options.memory_limit = 64 * KiB;
    RandomStore random(GetParam(), options);
    std::uint64_t refused = 0;
    for (int i = 0; i < 60 || refused == 0; ++i) {
        const auto before = contents_of(random.store, random.blocks);
        random.roots.push_back(random.dag.tree(10));
        const std::vector<Cid> wanted = random.some_roots();
        const auto linked = random.store.link(wanted, random.source);
        if (linked.ok()) {
            random.model.pins.insert(random.model.pins.end(), wanted.begin(), wanted.end());
        } else {
            ++refused;
            EXPECT_EQ(linked.error().code, ErrorCode::too_large) << linked.error().text();
            EXPECT_FALSE(linked.error().remedy.empty());
            EXPECT_EQ(contents_of(random.store, random.blocks), before);
        }
        EXPECT_LE(random.store.stats().arena_bytes, options.memory_limit);
        if (random.random.below(8) == 0) random.unpin();
        if (random.random.below(3) == 0) {
            expect_holds(random.store, random.model);
            random.compact_all();
        }
    }
    EXPECT_GT(refused, 0U);
    expect_holds(random.store, random.model);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreProperty, testing::Range(std::uint64_t{0}, seeds(16)));

}    // namespace
}    // namespace filfil::snapshot
