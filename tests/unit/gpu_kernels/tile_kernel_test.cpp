// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "commp/kernel.hpp"
#include "guarded.hpp"
#include "tiles.hpp"
#include "variants.hpp"
#include "words.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using shim::Schedule;
using test::Guard;
using test::Guarded;

constexpr std::uint32_t tile_payload = tile_quads * commp::quad_payload;

class EachSchedule : public testing::TestWithParam<Schedule> {};

/// Runs the tiles, all in one launch, and holds every word of the card's memory against what it has to be.
void expect_right_nodes(shim::Card& card, TileVariant variant, Guarded<std::uint32_t>& payload,
                        std::vector<Tile> tiles) {
    std::uint32_t node_count = 0;
    for (const Tile& tile : tiles) node_count = std::max(node_count, tile.nodes + tile_nodes);
    // What no tile is to write stays as it is: before, between and after its nodes.
    Guarded<NodeWords> nodes(node_count + 5, Guard::after);
    std::vector<std::optional<commp::Node>> expected(node_count + 5);
    for (const Tile& tile : tiles) {
        std::vector<commp::Node> made;
        commp::hash_quads(commp::portable_kernel, payload.bytes() + tile.offset, tile_quads, tile_level, made);
        ASSERT_EQ(made.size(), tile_nodes);
        std::copy(made.begin(), made.end(), expected.begin() + tile.nodes);
    }
    const auto count = static_cast<std::uint32_t>(tiles.size());
    const Result<void> ran = test::run_tiles(card, variant, {payload.data(), tiles.data(), count, nodes.data()});
    ASSERT_TRUE(ran.ok()) << ran.error().text();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected[i]) {
            ASSERT_EQ(test::node_of(nodes.span()[i]), *expected[i]) << name_of(variant) << ", node " << i;
        } else {
            ASSERT_TRUE(test::is_unwritten(nodes.span()[i])) << name_of(variant) << ", node " << i << " is nobody's";
        }
    }
}

TEST_P(EachSchedule, GivesTheNodesOfTheCpuWhereverTheTileBegins) {
    shim::Card card(GetParam(), 1);
    for (const TileVariant variant : all_tile_variants) {
        for (std::uint32_t misalignment = 0; misalignment < 4; ++misalignment) {
            const std::uint32_t offset = 8 + misalignment;
            // Nothing behind the last quad but the word that it ends in and, where it ends with one, the next.
            Guarded<std::uint32_t> payload((offset + tile_payload + 4) / 4, Guard::after);
            SeededRandom(misalignment).fill({payload.bytes(), payload.span().size_bytes()});
            expect_right_nodes(card, variant, payload, {{offset, 3}});
        }
    }
}

TEST_P(EachSchedule, GivesEachTileOfALaunchItsOwnNodes) {
    shim::Card card(GetParam(), 2);
    constexpr std::uint32_t count = 4;
    Guarded<std::uint32_t> payload((count * (tile_payload + 41) + 4) / 4, Guard::after);
    SeededRandom(4).fill({payload.bytes(), payload.span().size_bytes()});
    for (const TileVariant variant : all_tile_variants) {
        std::vector<Tile> tiles;
        // Gaps that are no multiple of anything, and nodes in another order than payload.
        for (std::uint32_t i = 0; i < count; ++i)
            tiles.push_back({i * (tile_payload + 41), (i * 3 + 1) % count * (tile_nodes + 1)});
        expect_right_nodes(card, variant, payload, tiles);
    }
}

TEST_P(EachSchedule, GivesTheNodesOfZerosAndOfOnes) {
    shim::Card card(GetParam(), 3);
    for (const std::byte byte : {std::byte{0}, std::byte{0xff}}) {
        Guarded<std::uint32_t> payload((1 + tile_payload + 4) / 4, Guard::after);
        std::memset(payload.data(), std::to_integer<int>(byte), payload.span().size_bytes());
        expect_right_nodes(card, TileVariant::plain, payload, {{1, 0}});
    }
}

INSTANTIATE_TEST_SUITE_P(TileKernel, EachSchedule, testing::ValuesIn(shim::all_schedules),
                         [](const auto& param) { return std::string(name_of(param.param)); });

}    // namespace
}    // namespace filfil::gpu
