// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The reference that the engine is held to, against chain data that other implementations made.
#include "reference_walk.hpp"
#include "expected_rows.hpp"
#include "interop_data.hpp"
#include "reference_cbor.hpp"

#include <algorithm>
#include <set>

namespace filfil::snapshot {
namespace {

using ipld::Cid;
using reference::Blocks;
using reference::LoadedCar;
using reference::Rules;
using reference::Walk;

using ReferenceWalk = RealData;

/// The SHA-256 of a set of blocks: over its binary CIDs in their order.
std::string sha256_of_set(const std::vector<Cid>& order) {
    const std::set<Cid> sorted(order.begin(), order.end());
    Bytes all;
    for (const Cid& cid : sorted) all.insert(all.end(), cid.bytes().begin(), cid.bytes().end());
    return sha256_of(all);
}

TEST_F(ReferenceWalk, EveryRowOfTheSyntheticChainByteForByte) {
    const LoadedCar store = load("synth_small/store.car");
    EXPECT_EQ(store.order.size(), 6942U);
    const auto rows = expected_rows(path("synth_small/expected.json"));
    EXPECT_EQ(rows.size(), 45U);
    for (const ExpectedRow& row : rows) {
        SCOPED_TRACE(row.name());
        const Rules rules = row.forest ? Rules::forest : Rules::lotus;
        const Walk walk = reference::walk(store.blocks, row.head, {row.recent_roots, row.skip_old_messages, rules});
        ASSERT_FALSE(walk.fault) << walk.fault->why << " " << walk.fault->block.text();
        const Bytes car = reference::car_bytes(store.blocks, row.head, walk.order);
        EXPECT_EQ(walk.order.size(), row.blocks);
        EXPECT_EQ(car.size(), row.bytes);
        EXPECT_EQ(sha256_of(car), row.car_sha256);
        EXPECT_EQ(sha256_of_set(walk.order), row.set_sha256);
    }
}

TEST_F(ReferenceWalk, RealExportsComeBackByteForByte) {
    for (const auto& [name, size, hash] : {
             std::tuple("forest_chain4.car", 1'107'835U,
                        "2fc3965aeceb595a41190b2c9b7572317e7cb9d82cf9323ae1a9181331e665c9"),
             std::tuple("forest_export40.car", 1'226'395U,
                        "66d9df2307fa242e935a2b5f94579ae2c41914bd7b6d7b8c85bbeeaf0173ed85"),
         }) {
        const LoadedCar loaded = load(name);
        const Walk walk = reference::walk(loaded.blocks, loaded.roots, {0, false, Rules::lotus});
        ASSERT_FALSE(walk.fault) << name;
        EXPECT_EQ(walk.order, loaded.order) << name;
        const Bytes car = reference::car_bytes(loaded.blocks, loaded.roots, walk.order);
        EXPECT_EQ(car.size(), size) << name;
        EXPECT_EQ(sha256_of(car), hash) << name;
        EXPECT_EQ(car, bytes(name)) << name;
    }
}

TEST_F(ReferenceWalk, IdentityBlocksAndCommitmentsAreDropped) {
    for (const auto& [name, blocks] :
         {std::pair("mainnet_genesis.car", 1212U), std::pair("lotus_calibnet_genesis.car.zst", 1197U)}) {
        const LoadedCar loaded = load(name);
        std::size_t sealed = 0;
        for (const auto& [cid, data] : loaded.blocks) {
            if (cid.codec() != ipld::Codec::dag_cbor) continue;
            const auto links = reference::links_of(data);
            ASSERT_TRUE(links.ok()) << links.error().text();
            sealed +=
                static_cast<std::size_t>(std::ranges::count(*links, ipld::Codec::fil_commitment_sealed, &Cid::codec));
        }
        EXPECT_EQ(sealed, 2304U) << name;
        const Walk walk = reference::walk(loaded.blocks, loaded.roots, {0, false, Rules::lotus});
        ASSERT_FALSE(walk.fault) << name;
        EXPECT_EQ(walk.order.size(), blocks) << name;
        EXPECT_TRUE(std::ranges::all_of(walk.order, [](const Cid& cid) {
            return cid.hash().code != ipld::HashCode::identity && cid.codec() != ipld::Codec::fil_commitment_sealed;
        })) << name;
    }
}

/// The headers of one height in a file, in their canonical order where there is just one of them.
std::vector<Cid> headers_at(const LoadedCar& loaded, std::int64_t height) {
    std::vector<Cid> out;
    for (const Cid& cid : loaded.order) {
        const auto header = reference::read_header(loaded.blocks.at(cid));
        if (header.ok() && header->height == height) out.push_back(cid);
    }
    return out;
}

TEST_F(ReferenceWalk, ThePrunedStoreHasTheRecentStatesAndNoMore) {
    const LoadedCar loaded = load("cpp_compacter.car");
    EXPECT_FALSE(reference::read_header(loaded.blocks.at(loaded.roots.front())).ok());
    const std::vector<Cid> head = headers_at(loaded, 20);
    ASSERT_FALSE(head.empty());
    for (std::int64_t recent = 1; recent <= 4; ++recent)
        EXPECT_FALSE(reference::walk(loaded.blocks, head, {recent, true, Rules::lotus}).fault) << recent;
    const Walk deep = reference::walk(loaded.blocks, head, {20, true, Rules::lotus});
    ASSERT_TRUE(deep.fault);
    EXPECT_EQ(deep.fault->why, "missing");
}

TEST_F(ReferenceWalk, DeadLinksAreNamedWithTheHeaderThatLeadsThere) {
    const LoadedCar loaded = load("cpp_block_validator.car");
    std::size_t headers = 0;
    for (const Cid& cid : loaded.order) {
        const auto header = reference::read_header(loaded.blocks.at(cid));
        if (!header.ok()) continue;
        ++headers;
        const Walk walk = reference::walk(loaded.blocks, {cid}, {2000, true, Rules::lotus});
        ASSERT_TRUE(walk.fault);
        EXPECT_EQ(walk.fault->why, "missing");
        EXPECT_FALSE(loaded.blocks.contains(walk.fault->block));
        EXPECT_TRUE(loaded.blocks.contains(walk.fault->header));
        EXPECT_TRUE(reference::read_header(loaded.blocks.at(walk.fault->header)).ok());
    }
    EXPECT_GT(headers, 0U);
}

TEST_F(ReferenceWalk, ClosedStatesAreClosed) {
    const LoadedCar loaded = load("closed_states.car");
    EXPECT_EQ(loaded.order.size(), 681U);
    const std::vector<Cid> roots = state_roots(path("closed_states.json"));
    EXPECT_EQ(roots.size(), 584U);
    EXPECT_EQ(std::set<Cid>(roots.begin(), roots.end()).size(), 202U);
    for (const Cid& root : roots) {
        const reference::LiveSet live = reference::live_set(loaded.blocks, {root});
        EXPECT_TRUE(live.missing.empty()) << root.text();
        EXPECT_FALSE(live.counts.empty());
    }
    EXPECT_EQ(reference::live_set(loaded.blocks, roots).counts.size(), 681U);
}

}    // namespace
}    // namespace filfil::snapshot
