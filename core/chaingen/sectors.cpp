// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/sectors.hpp"

#include "chaingen/links.hpp"
#include "ipld/amt.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace filfil::chaingen {
namespace {

/// What a sector takes on average, and what a node takes beside.
constexpr std::uint64_t sector_bytes = 132;

// What is drawn for: parts that must not be alike.
constexpr std::uint64_t for_places = 0x706c61636573;
constexpr std::uint64_t for_write = 0x7772697465;

/// 1 to 32, on average about `mean`, and more often below it than above.
std::uint64_t draw_count(Draws& draws, std::uint64_t mean) {
    std::uint64_t most = 2 * mean;
    const std::uint64_t kind = draws.below(20);
    if (kind < 11)
        most = mean;    // half as many as the mean
    else if (kind >= 17)
        most = 5 * mean;
    return std::clamp<std::uint64_t>(1 + draws.below(most), 1, sectors_fanout);
}

void put_sector(ipld::CborWriter& out, std::uint64_t number, Draws draws, std::uint32_t version) {
    const std::uint64_t kind = draws.below(100);
    const std::uint64_t activation = 1'000'000 + draws.below(3'000'000);
    out.list(16);
    out.number(number);
    out.number(8);    // the seal proof: StackedDRG of 32 GiB, V1.1
    put_sealed_link(out, draws);
    out.list(0);
    out.number(activation);
    out.number(activation + 500'000 + draws.below(1'000'000));
    put_nothing(out);
    if (kind < 50)
        put_nothing(out);
    else
        put_amount(out, draws, 8);
    put_amount(out, draws, 8);
    put_amount(out, draws, 7);
    put_amount(out, draws, 8);
    // Writes are told apart by this epoch, the one at which the sector's power was last counted.
    out.number(version == 0 ? activation : (std::uint64_t{1} << 32) + version);
    put_nothing(out);
    if (kind < 95)
        out.null();
    else
        put_sealed_link(out, draws);    // the sector was taken over by a snap deal
    out.number(kind < 95 ? 1 : 3);
    put_amount(out, draws, 6);
}

}    // namespace

std::uint32_t sector_places(const SectorLeaf& leaf, std::uint64_t average_bytes) {
    Draws draws(leaf.seed ^ for_places, leaf.miner, leaf.index);
    const std::uint64_t mean = std::max<std::uint64_t>(1, average_bytes / sector_bytes);
    const std::uint64_t count = draw_count(draws, mean);
    // The fewer bits are drawn: those that are set, or those that are not.
    const bool few = count <= sectors_fanout / 2;
    const int wanted = static_cast<int>(few ? count : sectors_fanout - count);
    std::uint32_t bits = 0;
    while (std::popcount(bits) < wanted) bits |= 1U << draws.below(sectors_fanout);
    return few ? bits : ~bits;
}

void put_sector_leaf(ipld::CborWriter& out, const SectorLeaf& leaf, std::uint32_t places, std::uint32_t version) {
    std::array<std::uint8_t, sectors_fanout> set;
    std::size_t count = 0;
    for (std::uint32_t bits = places; bits != 0; bits &= bits - 1)
        set[count++] = static_cast<std::uint8_t>(std::countr_zero(bits));
    ipld::put_amt_node_head(out, sectors_width, std::span(set).first(count));
    out.list(0);
    out.list(count);
    const std::size_t rewritten = version == 0 ? count : Draws(leaf.seed ^ for_write, version).below(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t number = std::uint64_t{leaf.index} * sectors_fanout + set[i];
        put_sector(out, number, Draws(leaf.seed, leaf.miner, number), i == rewritten ? version : 0);
    }
}

}    // namespace filfil::chaingen
