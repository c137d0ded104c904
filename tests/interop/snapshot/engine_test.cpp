// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The engine on real chain data: what nodes exported comes out as it went in, and a chain that is followed gives what
// the nodes' rules give.
#include "snapshot/engine.hpp"
#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "expected_rows.hpp"
#include "import_check.hpp"
#include "interop_data.hpp"
#include "reference_cbor.hpp"
#include "reference_walk.hpp"

#include <algorithm>
#include <set>

namespace filfil::snapshot {
namespace {

using ipld::Cid;
using reference::LoadedCar;
using reference::Rules;

class MapSource final : public BlockSource {
public:
    explicit MapSource(const reference::Blocks& blocks) : m_blocks(blocks) {}
    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const Cid> cids) override {
        std::vector<Result<Bytes>> out;
        for (const Cid& cid : cids) {
            const auto found = m_blocks.find(cid);
            if (found == m_blocks.end())
                out.emplace_back(Error(ErrorCode::not_found, "no block " + cid.text()));
            else
                out.emplace_back(found->second);
        }
        return out;
    }

private:
    const reference::Blocks& m_blocks;
};

class RealEngine : public RealData {
protected:
    std::unique_ptr<Engine> make_engine(std::int64_t recent, bool all_messages) {
        EngineOptions options;
        options.store.arena = {.segment_bits = 21, .huge_pages = false};
        options.recent_stateroots = recent;
        options.keep_all_messages = all_messages;
        return std::make_unique<Engine>(options, m_random, m_clock);
    }

    Result<LoadReport> load_into(Engine& engine, std::string_view name, const chain::TipsetKey& head = {}) {
        FILFIL_TRY(car::Reader reader, car::Reader::open(m_files, path(name)));
        LoadOptions options;
        options.head.key = head;
        return engine.load(reader, m_pool, options);
    }

    static Bytes bytes_of_layout(const Layout& layout) {
        Bytes out = to_bytes(layout.header());
        out.resize(out.size() + layout.body_size());
        EXPECT_TRUE(layout.read(0, ByteSpan(out).subspan(layout.header().size())).ok());
        return out;
    }

    /// The CAR that the engine makes; nothing after a failure.
    static Bytes car_of(Engine& engine, const chain::TipsetKey& head, std::int64_t recent, bool skip) {
        const auto layout = engine.layout({.key = head}, {.recent_stateroots = recent, .skip_old_msgs = skip});
        EXPECT_TRUE(layout.ok()) << layout.error().text();
        return layout.ok() ? bytes_of_layout(**layout) : Bytes();
    }

    /// The CIDs of the headers of one height, in the order of the file.
    static chain::TipsetKey headers_at(const LoadedCar& loaded, std::int64_t height) {
        chain::TipsetKey out;
        for (const Cid& cid : loaded.order) {
            const auto header = reference::read_header(loaded.blocks.at(cid));
            if (header.ok() && header->height == height) out.push_back(cid);
        }
        return out;
    }

    SeededRandom m_random{1};
    SystemClock m_clock;
    ThreadPool m_pool{2};
};

TEST_F(RealEngine, EveryRowOfTheSyntheticChainByteForByte) {
    const auto rows = expected_rows(path("synth_small/expected.json"));
    std::unique_ptr<Engine> engine;
    std::vector<Cid> loaded_head;
    for (const ExpectedRow& row : rows) {
        if (row.forest) continue;    // differs from Lotus's only where genesis is in the window
        SCOPED_TRACE(row.name());
        if (row.head != loaded_head) {
            engine = make_engine(2000, true);
            const auto loaded = load_into(*engine, "synth_small/store.car", row.head);
            ASSERT_TRUE(loaded.ok()) << loaded.error().text();
            loaded_head = row.head;
            EXPECT_TRUE(engine->audit(false).good());
        }
        const Bytes car = car_of(*engine, row.head, row.recent_roots, row.skip_old_messages);
        EXPECT_EQ(car.size(), row.bytes);
        EXPECT_EQ(sha256_of(car), row.car_sha256);
        const auto lotus = reference::lotus_import(car);
        ASSERT_TRUE(lotus.ok()) << lotus.error().text();
        EXPECT_EQ(lotus->blocks, row.blocks);
        const auto forest = reference::forest_import(car, {.check_links = row.recent_roots});
        EXPECT_TRUE(forest.ok()) << forest.error().text();
    }
}

TEST_F(RealEngine, FollowingTheSyntheticChainGivesTheSameRows) {
    const LoadedCar store = load("synth_small/store.car");
    MapSource source(store.blocks);
    const auto events = head_changes(path("synth_small/events.jsonl"));
    EXPECT_GT(events.size(), 100U);
    const auto rows = expected_rows(path("synth_small/expected.json"));
    const auto engine = make_engine(60, false);
    std::uint64_t matched = 0;
    std::uint64_t reverts = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto applied = engine->apply(events[i], source);
        ASSERT_TRUE(applied.ok()) << applied.error().text();
        for (const chain::HeadChange& step : events[i]) reverts += step.type == chain::HeadChange::Type::revert ? 1 : 0;
        ASSERT_TRUE(engine->settle().ok());
        const EngineStats stats = engine->stats();
        for (const ExpectedRow& row : rows) {
            if (row.forest || !row.skip_old_messages || row.recent_roots > 60 || row.head != stats.head) continue;
            SCOPED_TRACE(row.name());
            EXPECT_EQ(sha256_of(car_of(*engine, row.head, row.recent_roots, true)), row.car_sha256);
            ++matched;
        }
        if (i % 12 != 0) continue;
        EXPECT_TRUE(engine->audit(false).good());
        const auto walk = reference::walk(store.blocks, stats.head, {30, true, Rules::lotus});
        ASSERT_FALSE(walk.fault);
        EXPECT_EQ(car_of(*engine, stats.head, 30, true), reference::car_bytes(store.blocks, stats.head, walk.order));
        // What is stored is what pins and headers lead to.
        std::vector<Cid> pins;
        for (const auto& [cid, count] : engine->pins()) pins.insert(pins.end(), count, cid);
        reference::LiveSet live = reference::live_set(store.blocks, pins);
        for (const Cid& cid : engine->headers()) ++live.counts[cid];
        EXPECT_EQ(stats.store.live_blocks, live.counts.size());
        EXPECT_EQ(stats.store.stored_blocks, live.counts.size());
    }
    EXPECT_GT(reverts, 0U);
    EXPECT_GT(matched, 0U);
}

TEST_F(RealEngine, RealExportsComeBackByteForByte) {
    for (const auto& [name, height] :
         {std::pair("forest_chain4.car", 3), std::pair("forest_chain4.car.zst", 3),
          std::pair("forest_chain4.forest.car.zst", 3), std::pair("forest_export40.car", 39)}) {
        const auto engine = make_engine(0, true);
        const auto loaded = load_into(*engine, name);
        ASSERT_TRUE(loaded.ok()) << loaded.error().text();
        EXPECT_EQ(loaded->dropped, 0U) << name;
        EXPECT_EQ(engine->stats().epoch.value, height) << name;
        EXPECT_TRUE(engine->audit(false).good()) << name;
        const std::string plain = std::string(name).substr(0, std::string_view(name).find('.')) + ".car";
        EXPECT_EQ(car_of(*engine, engine->stats().head, 0, false), bytes(plain)) << name;
    }
}

TEST_F(RealEngine, GenesisTreesComeOutWithoutIdentityBlocksAndCommitments) {
    for (const std::string_view name : {"mainnet_genesis.car", "lotus_calibnet_genesis.car.zst"}) {
        const LoadedCar file = load(name);
        const auto engine = make_engine(1, true);
        const auto loaded = load_into(*engine, name);
        ASSERT_TRUE(loaded.ok()) << loaded.error().text();
        const auto walk = reference::walk(file.blocks, file.roots, {1, false, Rules::lotus});
        ASSERT_FALSE(walk.fault);
        EXPECT_EQ(engine->stats().store.live_blocks, file.blocks.size() - 10) << name;
        EXPECT_EQ(car_of(*engine, file.roots, 1, false), reference::car_bytes(file.blocks, file.roots, walk.order))
            << name;
    }
}

TEST_F(RealEngine, APrunedStoreGivesTheRecentStatesAndNoMore) {
    const LoadedCar file = load("cpp_compacter.car");
    const chain::TipsetKey head = headers_at(file, 20);
    for (std::int64_t recent = 1; recent <= 4; ++recent) {
        const auto engine = make_engine(recent, false);
        const auto loaded = load_into(*engine, "cpp_compacter.car", head);
        ASSERT_TRUE(loaded.ok()) << loaded.error().text();
        const auto walk = reference::walk(file.blocks, head, {recent, true, Rules::lotus});
        ASSERT_FALSE(walk.fault);
        EXPECT_EQ(car_of(*engine, head, recent, true), reference::car_bytes(file.blocks, head, walk.order));
        EXPECT_EQ(engine->stats().store.live_blocks, walk.order.size());
        EXPECT_TRUE(engine->audit(false).good());
    }
    const auto engine = make_engine(20, false);
    const auto deep = load_into(*engine, "cpp_compacter.car", head);
    ASSERT_FALSE(deep.ok());
    const auto walk = reference::walk(file.blocks, head, {20, true, Rules::lotus});
    EXPECT_NE(deep.error().message.find(walk.fault->block.text()), std::string::npos) << deep.error().message;
    EXPECT_NE(deep.error().message.find(walk.fault->header.text()), std::string::npos) << deep.error().message;
    // The root of this file is no header.
    EXPECT_FALSE(load_into(*make_engine(1, false), "cpp_compacter.car").ok());
}

TEST_F(RealEngine, DeadLinksAreNamedWithTheHeaderThatLeadsThere) {
    const LoadedCar file = load("cpp_block_validator.car");
    std::size_t heads = 0;
    for (const Cid& cid : file.order) {
        if (!reference::read_header(file.blocks.at(cid)).ok()) continue;
        ++heads;
        const auto loaded = load_into(*make_engine(2000, false), "cpp_block_validator.car", {cid});
        ASSERT_FALSE(loaded.ok());
        EXPECT_EQ(loaded.error().code, ErrorCode::not_found) << loaded.error().text();
        const auto walk = reference::walk(file.blocks, {cid}, {2000, true, Rules::lotus});
        ASSERT_TRUE(walk.fault);
        EXPECT_NE(loaded.error().message.find(walk.fault->block.text()), std::string::npos)
            << loaded.error().message << "\nexpected " << walk.fault->block.text();
        EXPECT_NE(loaded.error().message.find(walk.fault->header.text()), std::string::npos)
            << loaded.error().message << "\nexpected " << walk.fault->header.text();
    }
    EXPECT_GT(heads, 0U);
}

TEST_F(RealEngine, MissingRawBlocksAreMissed) {
    const LoadedCar file = load("forest_carv2.car.zst");
    const auto walk = reference::walk(file.blocks, file.roots, {2000, true, Rules::lotus});
    ASSERT_TRUE(walk.fault);
    EXPECT_EQ(walk.fault->why, "missing");
    const auto loaded = load_into(*make_engine(2000, false), "forest_carv2.car.zst");
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::not_found) << loaded.error().text();
    EXPECT_NE(loaded.error().message.find(walk.fault->block.text()), std::string::npos) << loaded.error().message;
}

TEST_F(RealEngine, ClosedStatesAreClosedAndGoAwayWhole) {
    const LoadedCar file = load("closed_states.car");
    MapSource source(file.blocks);
    const std::vector<Cid> roots = state_roots(path("closed_states.json"));
    BlockStore store({.arena = {.segment_bits = 21, .huge_pages = false}}, m_random);
    for (const Cid& root : roots) {
        const auto linked = store.link(std::vector{root}, source);
        ASSERT_TRUE(linked.ok()) << linked.error().text();
    }
    EXPECT_EQ(store.stats().live_blocks, 681U);
    EXPECT_EQ(store.stats().pins, 202U);
    EXPECT_EQ(store.stats().live_bytes, reference::live_set(file.blocks, roots).section_bytes);
    EXPECT_TRUE(store.audit({}, false).good());
    for (std::size_t i = 0; i < roots.size(); i += 2) ASSERT_TRUE(store.unpin(std::vector{roots[i]}).ok());
    while (!store.collect(50)) {
    }
    std::vector<Cid> left;
    for (std::size_t i = 1; i < roots.size(); i += 2) left.push_back(roots[i]);
    EXPECT_EQ(store.stats().live_blocks, reference::live_set(file.blocks, left).counts.size());
    EXPECT_TRUE(store.audit({}, false).good());
    ASSERT_TRUE(store.unpin(left).ok());
    while (!store.collect(50)) {
    }
    EXPECT_EQ(store.stats().stored_blocks, 0U);
}

}    // namespace
}    // namespace filfil::snapshot
