// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/state_tree.hpp"

#include "chaingen/links.hpp"
#include "chaingen/oddities.hpp"

#include <algorithm>
#include <bit>

namespace filfil::chaingen {
namespace {

constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;

// What is drawn for.
constexpr std::uint64_t for_accounts = 0x616363;
constexpr std::uint64_t for_miners = 0x6d696e;
constexpr std::uint64_t for_reward = 0x726577;

// Numbers of actors. Below 100 stand those of which there is one each.
constexpr std::uint64_t odd_number = 98;
constexpr std::uint64_t first_account_number = 100;
constexpr std::uint64_t first_contract_number = 1'000'000'000;
constexpr std::uint64_t first_miner_number = 2'000'000'000;

// How a state is made up; about as on mainnet, whose bulk is sectors.
constexpr std::uint64_t state_an_account = 64 * KiB;
constexpr std::uint64_t state_a_contract = 512 * KiB;
constexpr std::uint64_t actor_bytes = 190;    // in the map, its nodes above included

/// Leaves that are made at a time: enough to hash side by side, few enough to come close to the size asked for.
constexpr std::uint64_t leaves_a_group = 4096;

/// Leaves of the largest miner.
constexpr std::uint64_t largest_miner = 8192;

std::uint32_t clamp_to(std::uint64_t value, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::uint32_t>(std::clamp(value, least, most));
}

}    // namespace

StateTree::StateTree(const Config& config)
    : m_config(config),
      m_miners({config.seed, config.sector_leaf_bytes, first_miner_number}, m_tables, m_common),
      m_contracts(config.seed, m_tables),
      m_actors(m_tables, m_common) {}

Result<void> StateTree::make(BlockBatch& batch) {
    FILFIL_CHECK(m_common.make(batch, m_config.seed, clamp_to(m_config.state_bytes / 64, 2 * KiB, 256 * KiB)));
    FILFIL_CHECK(make_single_actors(batch));
    FILFIL_CHECK(make_accounts(batch));
    FILFIL_CHECK(m_contracts.make(clamp_to(m_config.state_bytes / state_a_contract, 2, 1'000'000), batch));
    FILFIL_CHECK(make_miners(batch));
    for (std::uint32_t i = 0; i < m_contracts.size(); ++i) {
        const std::uint32_t place =
            m_actors.add(first_contract_number + i, ActorKind::evm, m_contracts.head_slot(i), {.nonce = 1});
        if (i == 0) m_first_contract = place;
    }
    Draws draws(m_config.seed, for_miners, 1);
    for (std::uint32_t i = 0; i < m_miners.size(); ++i) {
        const std::uint32_t place = m_actors.add(m_miners.actor(i), ActorKind::miner, m_miners.head_slot(i),
                                                 {.balance = draws.next() >> draws.below(30)});
        if (i == 0) m_first_miner = place;
    }
    return m_actors.build(batch);
}

/// The actors of which there is one each: all but the reward actor never change here.
Result<void> StateTree::make_single_actors(BlockBatch& batch) {
    constexpr std::array kinds = {ActorKind::system, ActorKind::init, ActorKind::power};
    constexpr std::array<std::uint64_t, kinds.size()> numbers = {0, 1, 4};
    const std::uint32_t first = m_tables.digests.add(kinds.size() + 2);
    for (std::uint32_t i = 0; i < kinds.size(); ++i) {
        ipld::CborWriter& out = batch.begin();
        out.list(3);
        put_link(out, m_common.empty_map);
        put_link(out, m_common.empty_list);
        out.number(numbers[i]);
        FILFIL_CHECK(batch.end(dag_cbor, m_tables.digests.change(first + i)));
        m_actors.add(numbers[i], kinds[i], first + i, {});
    }
    FILFIL_CHECK(batch.flush());
    m_reward_slot = first + kinds.size();
    m_reward = m_actors.add(2, ActorKind::reward, m_reward_slot, {.balance = 1'100'000'000'000'000});
    FILFIL_CHECK(make_reward(0, batch));
    if (!m_config.oddities) return {};
    m_odd_slot = m_reward_slot + 1;
    m_odd = m_actors.add(odd_number, ActorKind::evm, m_odd_slot, {});
    return make_oddities(0, batch, m_tables.digests.change(m_odd_slot));
}

Result<void> StateTree::make_accounts(BlockBatch& batch) {
    m_accounts = clamp_to(m_config.state_bytes / state_an_account, 16, 10'000'000);
    const std::uint32_t first = m_tables.digests.add(m_accounts);
    Draws draws(m_config.seed, for_accounts);
    for (std::uint32_t i = 0; i < m_accounts; ++i) {
        // An address of secp256k1 or of BLS keys.
        const bool bls = draws.below(4) == 0;
        const std::size_t size = bls ? 49 : 21;
        ipld::CborWriter& out = batch.begin();
        out.list(1);
        out.head(ipld::cbor_bytes, size);
        const ByteSpan address = out.grow(size);
        draws.fill(address);
        address[0] = std::byte{bls ? std::uint8_t{3} : std::uint8_t{1}};
        FILFIL_CHECK(batch.end(dag_cbor, m_tables.digests.change(first + i)));
        const Purse purse{static_cast<std::uint32_t>(draws.below(100'000)), draws.next() >> draws.below(40)};
        const std::uint32_t place = m_actors.add(first_account_number + i, ActorKind::account, first + i, purse);
        if (i == 0) m_first_account = place;
    }
    return batch.flush();
}

Result<void> StateTree::make_miners(BlockBatch& batch) {
    Draws draws(m_config.seed, for_miners);
    const std::uint64_t largest =
        std::clamp<std::uint64_t>(m_config.state_bytes / m_config.sector_leaf_bytes / 16, 1, largest_miner);
    std::vector<std::uint32_t> group;
    for (;;) {
        const std::uint64_t actors = std::uint64_t{m_accounts} + m_contracts.size() + m_miners.size();
        const std::uint64_t made = batch.section_bytes() + actors * actor_bytes;
        if (made >= m_config.state_bytes && m_miners.size() > 0) return {};
        // Less than a leaf that is still missing is none.
        const std::uint64_t missing =
            (m_config.state_bytes - std::min(made, m_config.state_bytes)) / (m_config.sector_leaf_bytes + 80);
        if (missing == 0 && m_miners.size() > 0) return {};
        // Small miners are many, and most of the sectors are those of a few.
        group.clear();
        std::uint64_t leaves = 0;
        while (leaves < std::min(leaves_a_group, std::max<std::uint64_t>(missing, 1))) {
            const std::uint64_t most = std::uint64_t{1} << draws.below(std::bit_width(largest));
            const std::uint64_t count = 1 + draws.below(most);
            // A miner's own blocks take about as much as four leaves.
            leaves += count + 4;
            group.push_back(static_cast<std::uint32_t>(count));
        }
        FILFIL_CHECK(m_miners.add(group, batch));
    }
}

Result<void> StateTree::make_reward(std::uint32_t version, BlockBatch& batch) {
    Draws draws(m_config.seed, for_reward, version);
    ipld::CborWriter& out = batch.begin();
    out.list(6);
    put_amount(out, draws, 12);
    put_amount(out, draws, 12);
    put_amount(out, draws, 10);
    out.number(version);
    put_amount(out, draws, 11);
    out.number(version);
    FILFIL_CHECK(batch.end(dag_cbor, m_tables.digests.change(m_reward_slot)));
    return batch.flush();
}

Result<Tables::Undo> StateTree::execute(Draws& draws, std::uint64_t messages, std::uint64_t bytes, BlockBatch& batch) {
    Tables::Undo undo;
    m_tables.note(&undo);
    const std::uint64_t before = batch.section_bytes();
    const std::uint64_t wanted = std::max<std::uint64_t>(1, bytes / m_leaf_cost);

    std::vector<std::uint32_t> actors{m_reward};
    FILFIL_CHECK(make_reward(++m_tables.writes, batch));
    if (m_config.oddities) {
        FILFIL_CHECK(make_oddities(++m_tables.writes, batch, m_tables.digests.change(m_odd_slot)));
        actors.push_back(m_odd);
    }
    for (std::uint64_t i = 0; i < messages; ++i) {
        // Some accounts send far more than others. Most messages are those of miners to themselves.
        actors.push_back(m_first_account + static_cast<std::uint32_t>(draws.below(1 + draws.below(m_accounts))));
        spend(draws, actors.back());
    }
    std::vector<std::uint32_t> contracts;
    for (std::uint64_t i = 0; i < messages / 8; ++i)
        contracts.push_back(static_cast<std::uint32_t>(draws.below(m_contracts.size())));
    std::ranges::sort(contracts);
    contracts.erase(std::ranges::unique(contracts).begin(), contracts.end());
    FILFIL_CHECK(m_contracts.rewrite(contracts, batch));
    for (const std::uint32_t contract : contracts) actors.push_back(m_first_contract + contract);

    const std::vector<LeafOfMiner> leaves = draw_leaves(draws, wanted);
    FILFIL_CHECK(m_miners.rewrite(leaves, batch));
    for (const LeafOfMiner& leaf : leaves) actors.push_back(m_first_miner + leaf.miner);
    FILFIL_CHECK(m_actors.rewrite(actors, batch));

    m_tables.note(nullptr);
    m_leaf_cost =
        std::max<std::uint64_t>(256, (3 * m_leaf_cost + (batch.section_bytes() - before) / leaves.size()) / 4);
    return undo;
}

/// Runs of neighbours, since what a miner proves or extends stands together.
std::vector<LeafOfMiner> StateTree::draw_leaves(Draws& draws, std::uint64_t count) const {
    std::vector<LeafOfMiner> leaves;
    while (leaves.size() < count && leaves.size() < m_miners.leaves()) {
        const LeafOfMiner first = m_miners.find(draws.below(m_miners.leaves()));
        const std::uint64_t run = std::min<std::uint64_t>(
            {1 + draws.below(12), m_miners.leaves_of(first.miner) - first.leaf, count - leaves.size()});
        for (std::uint32_t i = 0; i < run; ++i) leaves.push_back({first.miner, first.leaf + i});
    }
    std::ranges::sort(leaves);
    leaves.erase(std::ranges::unique(leaves).begin(), leaves.end());
    return leaves;
}

void StateTree::spend(Draws& draws, std::uint32_t actor) {
    Purse& purse = m_tables.purses.change(actor);
    ++purse.nonce;
    purse.balance = draws.next() >> 8;    // enough bits to be like no balance on any other fork
}

}    // namespace filfil::chaingen
