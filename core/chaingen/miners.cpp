// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/miners.hpp"

#include "base/units.hpp"
#include "chaingen/links.hpp"
#include "chaingen/sectors.hpp"
#include "ipld/amt.hpp"
#include "ipld/hamt.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace filfil::chaingen {
namespace {

constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;

/// Behind the slots of the AMT.
enum OtherSlot : std::uint32_t { info, precommits, deadline, deadlines, state, other_slots };

/// In a proving period (builtin-actors WPOST_PERIOD_DEADLINES).
constexpr std::uint32_t deadlines_of_miner = 48;

constexpr std::uint64_t for_info = 0x696e666f;
constexpr std::uint64_t for_precommits = 0x707265;
constexpr std::uint64_t for_state = 0x7374617465;

constexpr std::uint32_t nodes_above(std::uint32_t nodes) noexcept {
    return (nodes + sectors_fanout - 1) / sectors_fanout;
}

unsigned height_of(std::uint32_t leaves) noexcept {
    return ipld::amt_height((std::uint64_t{leaves} * sectors_fanout) - 1, sectors_width);
}

/// Nodes in a level, and those in the levels below it.
struct Level {
    std::uint32_t nodes = 0;
    std::uint32_t below = 0;
};

Level level_of(std::uint32_t leaves, unsigned level) noexcept {
    Level out{leaves, 0};
    for (unsigned i = 0; i < level; ++i) {
        out.below += out.nodes;
        out.nodes = nodes_above(out.nodes);
    }
    return out;
}

}    // namespace

Result<void> Miners::add(std::span<const std::uint32_t> leaves, BlockBatch& batch) {
    const std::uint32_t first = size();
    std::vector<LeafOfMiner> all;
    std::size_t slots = 0;
    std::size_t versions = 0;
    for (const std::uint32_t count : leaves) {
        Miner miner;
        miner.leaves = count;
        const Level top = level_of(count, height_of(count));
        miner.amt_slots = top.below + top.nodes;
        miner.first_slot = m_tables->digests.size() + static_cast<std::uint32_t>(slots);
        miner.first_version = m_tables->versions.size() + static_cast<std::uint32_t>(versions);
        miner.leaves_before = m_leaves;
        slots += miner.amt_slots + other_slots;
        versions += count + 1;
        m_leaves += count;
        const std::uint32_t number = size();
        for (std::uint32_t leaf = 0; leaf < count; ++leaf) {
            const SectorLeaf place{m_options.seed, actor(number), leaf};
            miner.sectors += static_cast<std::uint64_t>(std::popcount(sector_places(place, m_options.leaf_bytes)));
            all.push_back({number, leaf});
        }
        m_miners.push_back(miner);
    }
    m_tables->digests.add(slots);
    m_tables->versions.add(versions);
    FILFIL_CHECK(make_fixed(first, batch));
    return make_tree(all, true, batch);
}

Result<void> Miners::rewrite(std::span<const LeafOfMiner> leaves, BlockBatch& batch) {
    return make_tree(leaves, false, batch);
}

std::uint32_t Miners::head_slot(std::uint32_t miner) const noexcept {
    return m_miners[miner].first_slot + m_miners[miner].amt_slots + state;
}

LeafOfMiner Miners::find(std::uint64_t leaf) const noexcept {
    const auto after = std::ranges::upper_bound(m_miners, leaf, {}, &Miner::leaves_before);
    const auto miner = static_cast<std::uint32_t>(after - m_miners.begin() - 1);
    return {miner, static_cast<std::uint32_t>(leaf - m_miners[miner].leaves_before)};
}

Result<void> Miners::make_tree(std::span<const LeafOfMiner> leaves, bool first_time, BlockBatch& batch) {
    FILFIL_CHECK(make_leaves(leaves, first_time, batch));
    std::vector<std::uint32_t> miners;
    for (const LeafOfMiner& leaf : leaves)
        if (miners.empty() || miners.back() != leaf.miner) miners.push_back(leaf.miner);

    Nodes nodes(leaves.begin(), leaves.end());
    for (unsigned level = 1; !nodes.empty(); ++level) {
        Nodes above;
        for (const LeafOfMiner& node : nodes) {
            const LeafOfMiner parent{node.miner, node.leaf / sectors_fanout};
            if (height_of(m_miners[node.miner].leaves) < level) continue;    // the node is the root
            if (above.empty() || above.back() != parent) above.push_back(parent);
        }
        FILFIL_CHECK(make_level(above, level, batch));
        nodes = std::move(above);
    }
    if (!first_time)
        for (const std::uint32_t miner : miners)
            m_tables->write(m_miners[miner].first_version + m_miners[miner].leaves);
    return make_states(miners, batch);
}

Result<void> Miners::make_leaves(std::span<const LeafOfMiner> leaves, bool first_time, BlockBatch& batch) {
    for (const LeafOfMiner& leaf : leaves) {
        const Miner& miner = m_miners[leaf.miner];
        const std::uint32_t version = first_time ? 0 : m_tables->write(miner.first_version + leaf.leaf);
        const SectorLeaf place{m_options.seed, actor(leaf.miner), leaf.leaf};
        ipld::CborWriter& out = batch.begin();
        if (miner.leaves == 1) put_root_head(out, miner);
        put_sector_leaf(out, place, sector_places(place, m_options.leaf_bytes), version);
        FILFIL_CHECK(batch.end(dag_cbor, m_tables->digests.change(miner.first_slot + leaf.leaf)));
    }
    return batch.flush();
}

Result<void> Miners::make_level(std::span<const LeafOfMiner> nodes, unsigned level, BlockBatch& batch) {
    for (const LeafOfMiner& node : nodes) {
        const Miner& miner = m_miners[node.miner];
        const Level own = level_of(miner.leaves, level);
        const Level below = level_of(miner.leaves, level - 1);
        const std::uint32_t first = node.leaf * sectors_fanout;
        const std::uint32_t count = std::min(below.nodes - first, sectors_fanout);
        std::array<std::uint8_t, sectors_fanout> places;
        for (std::uint32_t i = 0; i < count; ++i) places[i] = static_cast<std::uint8_t>(i);
        ipld::CborWriter& out = batch.begin();
        if (own.nodes == 1) put_root_head(out, miner);
        ipld::put_amt_node_head(out, sectors_width, std::span(places).first(count));
        out.list(count);
        for (std::uint32_t i = 0; i < count; ++i)
            put_link(out, m_tables->digests[miner.first_slot + below.below + first + i]);
        out.list(0);
        FILFIL_CHECK(batch.end(dag_cbor, m_tables->digests.change(miner.first_slot + own.below + node.leaf)));
    }
    return batch.flush();
}

void Miners::put_root_head(ipld::CborWriter& out, const Miner& miner) const {
    ipld::put_amt_root_head(out, {.bit_width = sectors_width}, height_of(miner.leaves), miner.sectors);
}

/// What never changes of the miners from `first` on.
Result<void> Miners::make_fixed(std::uint32_t first, BlockBatch& batch) {
    for (std::uint32_t i = first; i < size(); ++i) {
        const std::uint32_t others = m_miners[i].first_slot + m_miners[i].amt_slots;
        put_info(batch.begin(), i);
        FILFIL_CHECK(batch.end(dag_cbor, m_tables->digests.change(others + info)));
        put_precommits(batch.begin(), i);
        FILFIL_CHECK(batch.end(dag_cbor, m_tables->digests.change(others + precommits)));
    }
    return batch.flush();
}

Result<void> Miners::make_states(std::span<const std::uint32_t> miners, BlockBatch& batch) {
    auto& digests = m_tables->digests;
    for (const std::uint32_t i : miners) {
        const Miner& miner = m_miners[i];
        const std::uint64_t version = (actor(i) << 32) + m_tables->versions[miner.first_version + miner.leaves];
        put_deadline(batch.begin(), *m_common, digests[miner.first_slot + miner.amt_slots - 1], miner.sectors, version);
        FILFIL_CHECK(batch.end(dag_cbor, digests.change(miner.first_slot + miner.amt_slots + deadline)));
    }
    FILFIL_CHECK(batch.flush());
    for (const std::uint32_t i : miners) {
        const std::uint32_t others = m_miners[i].first_slot + m_miners[i].amt_slots;
        const std::uint32_t open =
            m_tables->versions[m_miners[i].first_version + m_miners[i].leaves] % deadlines_of_miner;
        ipld::CborWriter& out = batch.begin();
        out.list(1);
        out.list(deadlines_of_miner);
        for (std::uint32_t place = 0; place < deadlines_of_miner; ++place)
            put_link(out, place == open ? digests[others + deadline] : m_common->empty_deadline);
        FILFIL_CHECK(batch.end(dag_cbor, digests.change(others + deadlines)));
    }
    FILFIL_CHECK(batch.flush());
    for (const std::uint32_t i : miners) {
        put_state(batch.begin(), i);
        FILFIL_CHECK(batch.end(dag_cbor, digests.change(head_slot(i))));
    }
    return batch.flush();
}

/// builtin-actors MinerInfo.
void Miners::put_info(ipld::CborWriter& out, std::uint32_t miner) const {
    Draws draws(m_options.seed, for_info, actor(miner));
    const auto address = [&] {
        out.head(ipld::cbor_bytes, 6);
        const ByteSpan bytes = out.grow(6);
        draws.fill(bytes);
        for (std::byte& byte : bytes.first(5)) byte |= std::byte{0x80};
        bytes[0] = std::byte{0};    // an address that is a number, which is a varint of 5 bytes
        bytes[5] = std::byte{0x0f};
    };
    out.list(14);
    address();    // owner
    address();    // worker
    out.list(1);
    address();    // control
    out.null();
    put_drawn(out, draws, 38);    // the peer
    out.list(1);
    put_drawn(out, draws, 11);    // where it is
    out.number(8);
    out.number(32 * GiB);
    out.number(2349);
    out.head(ipld::cbor_negative, 0);    // no fault of consensus so far
    out.null();
    address();    // beneficiary
    out.list(3);
    put_nothing(out);
    put_nothing(out);
    out.number(0);
    out.number(actor(miner));
}

/// A HAMT of one node: sectors that are announced and not proven yet (SectorPreCommitOnChainInfo).
void Miners::put_precommits(ipld::CborWriter& out, std::uint32_t miner) const {
    Draws draws(m_options.seed, for_precommits, actor(miner));
    const std::uint64_t number = 0x10000000 + draws.below(0x10000000);
    // The key is the number as a varint of 5 bytes.
    std::array<std::byte, 5> key;
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::byte>((number >> (7 * i) & 0x7f) | (i + 1 < key.size() ? 0x80 : 0));
    const unsigned place = std::to_integer<unsigned>(ipld::sha2_256(key)[0]) >> 3;
    ipld::put_hamt_node_head(out, {.bit_field = 1U << place, .count = 1});
    out.list(1);
    out.list(2);
    out.string(key);
    out.list(3);
    out.list(7);
    out.number(8);
    out.number(number);
    put_sealed_link(out, draws);
    out.number(1'000'000 + draws.below(3'000'000));
    out.list(1);
    out.number(draws.below(100'000'000));
    out.number(5'000'000 + draws.below(1'000'000));
    put_unsealed_link(out, draws);
    put_amount(out, draws, 8);
    out.number(1'000'000 + draws.below(3'000'000));
}

/// builtin-actors miner State.
void Miners::put_state(ipld::CborWriter& out, std::uint32_t miner) const {
    const Miner& own = m_miners[miner];
    const std::uint32_t others = own.first_slot + own.amt_slots;
    const auto& digests = m_tables->digests;
    const std::uint32_t version = m_tables->versions[own.first_version + own.leaves];
    Draws draws(m_options.seed ^ for_state, actor(miner), version);
    out.list(15);
    put_link(out, digests[others + info]);
    put_amount(out, draws, 8);
    put_amount(out, draws, 9);
    put_link(out, m_common->empty_map);    // funds that vest
    put_nothing(out);
    put_amount(out, draws, 10);
    put_link(out, digests[others + precommits]);
    put_link(out, m_common->empty_list);
    put_link(out, m_common->bit_field);
    put_link(out, digests[own.first_slot + own.amt_slots - 1]);
    out.number(version);
    out.number(version % deadlines_of_miner);
    put_link(out, digests[others + deadlines]);
    out.string({});
    out.boolean(true);
}

}    // namespace filfil::chaingen
