// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain_keeper.hpp"
#include "chaingen/state_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::chaingen {
namespace {

using ipld::Cid;
using ipld::TrieReader;
using ipld::Value;

Config small_config() {
    Config config;
    config.state_bytes = 2 * MiB;
    config.oddities = true;
    return config;
}

Cid root_of(const StateTree& state) { return {ipld::Codec::dag_cbor, {ipld::HashCode::blake2b_256, state.root()}}; }

/// The map of actors under a state's root: address to actor.
std::map<Bytes, Bytes> actors(const ChainKeeper& keeper, const Cid& root) {
    const Value state = ipld::decode_dag_cbor(keeper.blocks().at(root)).value();
    EXPECT_EQ(*(*state.as_list())[0].as_integer(), ipld::Integer(5));
    TrieReader reader(keeper.blocks());
    return reader.hamt(*(*state.as_list())[1].as_link());
}

std::size_t differing(const std::map<Bytes, Bytes>& a, const std::map<Bytes, Bytes>& b) {
    EXPECT_EQ(a.size(), b.size());
    return static_cast<std::size_t>(
        std::ranges::count_if(a, [&](const auto& entry) { return b.at(entry.first) != entry.second; }));
}

TEST(State, IsMadeOfRealTries) {
    ChainKeeper keeper;
    BlockBatch batch(keeper);
    StateTree state(small_config());
    ASSERT_TRUE(state.make(batch).ok());
    EXPECT_TRUE(keeper.unresolved().empty());
    const auto all = actors(keeper, root_of(state));
    EXPECT_GT(all.size(), 50);
    std::size_t sectors = 0;
    std::size_t sealed = 0;
    std::size_t miners = 0;
    std::size_t largest = 0;
    for (const auto& [address, encoded] : all) {
        const Value actor = ipld::decode_dag_cbor(encoded).value();
        ASSERT_EQ(actor.as_list()->size(), 5);
        const Cid& code = *(*actor.as_list())[0].as_link();
        EXPECT_EQ(code.codec(), ipld::Codec::raw);
        if (chars_of(code.hash().digest) != "fil/1/storageminer") continue;
        ++miners;
        const Value head = ipld::decode_dag_cbor(keeper.blocks().at(*(*actor.as_list())[1].as_link())).value();
        ASSERT_EQ(head.as_list()->size(), 15);
        TrieReader reader(keeper.blocks());
        const auto list = reader.amt(*(*head.as_list())[9].as_link(), {.bit_width = 5});
        for (const auto& [number, value] : list) {
            const Value sector = ipld::decode_dag_cbor(value).value();
            ASSERT_EQ(sector.as_list()->size(), 16);
            EXPECT_EQ(*(*sector.as_list())[0].as_integer(), ipld::Integer(number));
            sealed += (*sector.as_list())[2].as_link()->codec() == ipld::Codec::fil_commitment_sealed ? 1 : 0;
        }
        sectors += list.size();
        largest = std::max<std::size_t>(largest, list.rbegin()->first);
        // Sectors that are announced: a map of one entry, in its right place.
        EXPECT_EQ(TrieReader(keeper.blocks()).hamt(*(*head.as_list())[6].as_link()).size(), 1);
    }
    EXPECT_EQ(miners, state.miners());
    EXPECT_GT(sectors, 3000);
    EXPECT_EQ(sealed, sectors);
    EXPECT_GT(largest, 32 * 32) << "no list is higher than two levels";
}

TEST(State, ExecutionRewritesAPartAndTheTriesStayWhole) {
    ChainKeeper keeper;
    BlockBatch batch(keeper);
    StateTree state(small_config());
    ASSERT_TRUE(state.make(batch).ok());
    Draws draws(1);
    Cid before = root_of(state);
    for (int i = 0; i < 20; ++i) {
        const std::size_t blocks = keeper.blocks().size();
        ASSERT_TRUE(state.execute(draws, 5, 20 * KiB, batch).ok());
        const Cid after = root_of(state);
        EXPECT_NE(after, before);
        const std::size_t changed = differing(actors(keeper, before), actors(keeper, after));
        EXPECT_GE(changed, 3);
        EXPECT_LE(changed, 40);
        EXPECT_LT(keeper.blocks().size() - blocks, 200);
        before = after;
    }
    EXPECT_TRUE(keeper.unresolved().empty());
}

TEST(State, TakingBackLeavesNoTrace) {
    ChainKeeper keeper;
    BlockBatch batch(keeper);
    StateTree state(small_config());
    ASSERT_TRUE(state.make(batch).ok());
    Draws draws(1);
    ASSERT_TRUE(state.execute(draws, 5, 20 * KiB, batch).ok());
    const Cid base = root_of(state);
    const auto base_actors = actors(keeper, base);

    // Two tipsets that change much, on a branch that is given up.
    const auto first = state.execute(draws, 100, 200 * KiB, batch);
    ASSERT_TRUE(first.ok());
    const Cid middle = root_of(state);
    const auto second = state.execute(draws, 100, 200 * KiB, batch);
    ASSERT_TRUE(second.ok());
    EXPECT_GT(differing(base_actors, actors(keeper, root_of(state))), 50);
    state.take_back(*second);
    EXPECT_EQ(root_of(state), middle);
    state.take_back(*first);
    EXPECT_EQ(root_of(state), base);

    // The next tipset, which changes next to nothing, shows what the state was left as: the reward actor, a miner, and
    // the odd one may differ.
    ASSERT_TRUE(state.execute(draws, 0, 0, batch).ok());
    EXPECT_LE(differing(base_actors, actors(keeper, root_of(state))), 3);
    EXPECT_TRUE(keeper.unresolved().empty());
}

TEST(State, SameDrawsOnAnotherBranchGiveOtherBlocks) {
    // The keeper fails the test where a block comes twice.
    ChainKeeper keeper;
    BlockBatch batch(keeper);
    StateTree state(small_config());
    ASSERT_TRUE(state.make(batch).ok());
    for (int i = 0; i < 3; ++i) {
        Draws draws(5);
        const auto undo = state.execute(draws, 0, 20 * KiB, batch);
        ASSERT_TRUE(undo.ok());
        state.take_back(*undo);
    }
}

TEST(State, OdditiesAreThere) {
    ChainKeeper keeper;
    generate(busy_config(), keeper, 3);
    std::map<Bytes, std::size_t> by_digest;
    std::size_t opaque = 0;
    std::size_t repeated = 0;
    std::size_t inlined = 0;
    for (const auto& [cid, data] : keeper.blocks()) {
        ++by_digest[to_bytes(cid.hash().digest)];
        opaque += cid.codec() == ipld::Codec::cbor ? 1 : 0;
        if (cid.codec() != ipld::Codec::dag_cbor) continue;
        std::map<Cid, int> links;
        ASSERT_TRUE(ipld::scan_links(data, [&](ByteView bytes) { ++links[Cid::from_bytes(bytes).value()]; }).ok());
        for (const auto& [link, times] : links) {
            repeated += times == 3 ? 1 : 0;
            inlined += link.codec() == ipld::Codec::dag_cbor && link.hash().code == ipld::HashCode::identity ? 1 : 0;
        }
    }
    EXPECT_GE(std::ranges::count_if(by_digest, [](const auto& entry) { return entry.second == 2; }), 2);
    EXPECT_GE(opaque, 2);
    EXPECT_GE(repeated, 2);
    EXPECT_GE(inlined, 2);
}

}    // namespace
}    // namespace filfil::chaingen
