// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_batch.hpp"
#include "chaingen/common_blocks.hpp"
#include "chaingen/slots.hpp"
#include "ipld/hamt.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::chaingen {

enum class ActorKind : std::uint8_t { system, init, reward, power, account, miner, evm };

/// The map of all actors, a HAMT, and the state's root above it. Which actors there are is fixed by build(); what they
/// have and where their states are may change. Not thread-safe.
class ActorMap {
public:
    /// @param tables, common: must outlive this
    ActorMap(Tables& tables, const CommonBlocks& common) : m_tables(&tables), m_common(&common) {}

    /// Before build(). @return the actor's place, the same as that of its purse
    std::uint32_t add(std::uint64_t number, ActorKind kind, std::uint32_t head_slot, Purse purse);

    /// Makes all nodes and the root.
    Result<void> build(BlockBatch& batch);

    /// Makes the nodes of these actors anew, those above them, and the root.
    /// @param actors each at least once, in any order
    Result<void> rewrite(std::span<const std::uint32_t> actors, BlockBatch& batch);

    [[nodiscard]] const ipld::Digest256& state_root() const noexcept { return m_tables->digests[m_root_slot]; }

private:
    struct Actor {
        std::uint64_t number = 0;
        std::uint32_t head_slot = 0;
        ActorKind kind{};
    };

    Result<void> make(std::vector<std::vector<std::uint32_t>>& by_depth, BlockBatch& batch);
    void put_node(ipld::CborWriter& out, const ipld::HamtPlan::Node& node) const;
    void put_actor(ipld::CborWriter& out, std::uint32_t place) const;

    Tables* m_tables;
    const CommonBlocks* m_common;
    std::vector<Actor> m_actors;
    ipld::HamtPlan m_plan;
    std::vector<std::uint8_t> m_depths;    ///< of the nodes
    std::vector<std::uint32_t> m_node_of_actor;
    std::uint32_t m_first_slot = 0;    ///< of the nodes
    std::uint32_t m_root_slot = 0;
};

}    // namespace filfil::chaingen
