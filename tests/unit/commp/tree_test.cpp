// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/tree.hpp"

#include "payloads.hpp"
#include "reference.hpp"

#include <gtest/gtest.h>

#include <bit>

namespace filfil::commp {
namespace {

TEST(Accumulator, GivesTheRootOverZeroFilledNodesForEveryCount) {
    SeededRandom random(5);
    for (const unsigned level : {0U, 2U, 12U}) {
        Accumulator tree(level);
        EXPECT_EQ(tree.root(), zero_node(level));
        EXPECT_EQ(tree.root_level(), level);
        std::vector<Node> nodes;
        for (std::size_t count = 1; count <= 70; ++count) {
            random.fill(nodes.emplace_back());
            tree.push(nodes.back());
            std::vector<Node> full = nodes;
            full.resize(std::bit_ceil(count), zero_node(level));
            EXPECT_EQ(tree.root(), reference::root(full)) << count;
            EXPECT_EQ(tree.root_level(), level + static_cast<unsigned>(std::bit_width(count - 1))) << count;
        }
    }
}

TEST(Piece, PadsToLargerPowersOfTwo) {
    const Bytes payload = test::random_payload(1000, 1);
    const Piece piece = reference::piece(payload);
    for (std::uint64_t size = piece.padded_size; size <= 1 << 20; size *= 2) {
        const auto padded = pad_to(piece, size);
        ASSERT_TRUE(padded.ok());
        Bytes zeros_behind = payload;
        zeros_behind.resize(size / 128 * 127);
        EXPECT_EQ(padded->root, reference::piece(zeros_behind).root);
        EXPECT_EQ(padded->payload_size, payload.size());
        EXPECT_EQ(padded->padded_size, size);
    }
    for (const std::uint64_t bad : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{64}, std::uint64_t{512},
                                    std::uint64_t{1500}, std::uint64_t{1} << 63})
        EXPECT_EQ(pad_to(piece, bad).error().code, ErrorCode::invalid_argument) << bad;
}

/// Lays the pieces' elements out in a sector, byte for byte, and hashes all of it.
Node laid_out(const std::vector<Bytes>& payloads, std::uint64_t sector_size) {
    std::vector<Node> elements(sector_size / 32);
    std::size_t at = 0;
    for (const Bytes& payload : payloads) {
        const std::size_t size = reference::piece(payload).padded_size / 32;
        at = (at + size - 1) / size * size;
        const std::vector<Node> own = reference::fr32(payload, size);
        std::copy(own.begin(), own.end(), elements.begin() + static_cast<std::ptrdiff_t>(at));
        at += size;
    }
    return reference::root(elements);
}

TEST(SectorCommD, IsTheRootOfTheSectorLaidOut) {
    const std::vector<std::vector<std::size_t>> cases{
        {127},       {2032}, {127, 127}, {127, 254}, {127, 2032, 127}, {508, 127, 127, 254}, {127, 508, 254, 1016},
        {4064, 4064}};
    for (const auto& sizes : cases) {
        std::vector<Bytes> payloads;
        std::vector<Piece> pieces;
        for (const std::size_t size : sizes) {
            payloads.push_back(test::random_payload(size, size));
            pieces.push_back(reference::piece(payloads.back()));
        }
        const auto comm_d = sector_comm_d(pieces, 8192);
        ASSERT_TRUE(comm_d.ok()) << comm_d.error().text();
        EXPECT_EQ(*comm_d, laid_out(payloads, 8192));
    }
}

TEST(SectorCommD, OfAnEmptySectorIsZeros) {
    // Filecoin's 32 GiB committed-capacity sectors: 077e5fde… is published in FRC-0069 as the 32 GiB zero piece.
    const auto comm_d = sector_comm_d({}, std::uint64_t{32} << 30);
    ASSERT_TRUE(comm_d.ok());
    EXPECT_EQ(to_hex(*comm_d).substr(0, 8), "077e5fde");
}

TEST(SectorCommD, RefusesWhatDoesNotFit) {
    const Piece small = reference::piece(test::random_payload(127, 1));
    const Piece large = reference::piece(test::random_payload(2032, 2));
    EXPECT_EQ(sector_comm_d(std::vector{large, large}, 2048).error().code, ErrorCode::too_large);
    EXPECT_EQ(sector_comm_d(std::vector{small, large}, 2048).error().code, ErrorCode::too_large);
    EXPECT_EQ(sector_comm_d(std::vector{large, small}, 4096).ok(), true);
    EXPECT_EQ(sector_comm_d(std::vector{large}, 1000).error().code, ErrorCode::invalid_argument);
    Piece odd = small;
    odd.padded_size = 200;
    EXPECT_EQ(sector_comm_d(std::vector{odd}, 2048).error().code, ErrorCode::invalid_argument);
}

}    // namespace
}    // namespace filfil::commp
