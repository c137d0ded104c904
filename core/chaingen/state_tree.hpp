// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/actor_map.hpp"
#include "chaingen/block_batch.hpp"
#include "chaingen/common_blocks.hpp"
#include "chaingen/config.hpp"
#include "chaingen/contracts.hpp"
#include "chaingen/draws.hpp"
#include "chaingen/miners.hpp"
#include "chaingen/slots.hpp"

#include <cstdint>
#include <vector>

namespace filfil::chaingen {

/// The state of the chain's head: grown once, then rewritten in part by every tipset, and taken back with reorgs. Not
/// thread-safe; must stay where it is.
class StateTree {
public:
    explicit StateTree(const Config& config);
    StateTree(const StateTree&) = delete;
    StateTree& operator=(const StateTree&) = delete;
    StateTree(StateTree&&) = delete;
    StateTree& operator=(StateTree&&) = delete;
    ~StateTree() = default;

    /// Makes the genesis state. Once, first.
    Result<void> make(BlockBatch& batch);

    /// What a tipset does to the state: rewrites actors that `messages` touch, and sectors until about `bytes` are
    /// written.
    /// @return what takes it back
    Result<Tables::Undo> execute(Draws& draws, std::uint64_t messages, std::uint64_t bytes, BlockBatch& batch);

    /// Takes back the tipset that was executed last and is not taken back yet.
    void take_back(const Tables::Undo& undo) { m_tables.take_back(undo); }

    [[nodiscard]] const ipld::Digest256& root() const noexcept { return m_actors.state_root(); }
    [[nodiscard]] const CommonBlocks& common() const noexcept { return m_common; }

    /// The number of a miner's actor. @param miner below miners()
    [[nodiscard]] std::uint64_t miner_actor(std::uint32_t miner) const noexcept { return m_miners.actor(miner); }
    [[nodiscard]] std::uint32_t miners() const noexcept { return m_miners.size(); }

private:
    Result<void> make_accounts(BlockBatch& batch);
    Result<void> make_single_actors(BlockBatch& batch);
    Result<void> make_miners(BlockBatch& batch);
    Result<void> make_reward(std::uint32_t version, BlockBatch& batch);
    [[nodiscard]] std::vector<LeafOfMiner> draw_leaves(Draws& draws, std::uint64_t count) const;
    void spend(Draws& draws, std::uint32_t actor);

    Config m_config;
    Tables m_tables;
    CommonBlocks m_common;
    Miners m_miners;
    Contracts m_contracts;
    ActorMap m_actors;

    // Places in the map of actors.
    std::uint32_t m_reward = 0;
    std::uint32_t m_odd = 0;
    std::uint32_t m_first_account = 0;
    std::uint32_t m_accounts = 0;
    std::uint32_t m_first_miner = 0;
    std::uint32_t m_first_contract = 0;

    std::uint32_t m_reward_slot = 0;
    std::uint32_t m_odd_slot = 0;
    std::uint64_t m_leaf_cost =
        4 * KiB;    ///< bytes that the rewriting of a leaf came to so far, all above it included
};

}    // namespace filfil::chaingen
