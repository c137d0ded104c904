// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_batch.hpp"
#include "chaingen/common_blocks.hpp"
#include "chaingen/slots.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::chaingen {

/// One leaf of one miner's list of sectors.
struct LeafOfMiner {
    std::uint32_t miner = 0;
    std::uint32_t leaf = 0;
    auto operator<=>(const LeafOfMiner&) const = default;
};

/// Storage miners: each a state block that leads to an AMT of sectors, to deadlines, and to smaller things. The bulk of
/// a state. Of each block its digest is kept; leaves are drawn anew when they are written. Not thread-safe.
class Miners {
public:
    struct Options {
        std::uint64_t seed = 0;
        std::uint64_t leaf_bytes = 0;     ///< average
        std::uint64_t first_actor = 0;    ///< number of the first miner's actor; the others follow
    };

    /// @param tables, common: must outlive this
    Miners(const Options& options, Tables& tables, const CommonBlocks& common)
        : m_options(options), m_tables(&tables), m_common(&common) {}

    /// Adds miners with so many leaves each (at least 1) and makes their blocks.
    Result<void> add(std::span<const std::uint32_t> leaves, BlockBatch& batch);

    /// Makes the blocks of the leaves anew and those above them, up to the miners' states.
    /// @param leaves sorted, each once
    Result<void> rewrite(std::span<const LeafOfMiner> leaves, BlockBatch& batch);

    [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(m_miners.size()); }
    [[nodiscard]] std::uint64_t leaves() const noexcept { return m_leaves; }
    [[nodiscard]] std::uint64_t actor(std::uint32_t miner) const noexcept { return m_options.first_actor + miner; }
    [[nodiscard]] std::uint32_t head_slot(std::uint32_t miner) const noexcept;
    [[nodiscard]] std::uint32_t leaves_of(std::uint32_t miner) const noexcept { return m_miners[miner].leaves; }

    /// @param leaf of all leaves, below leaves()
    [[nodiscard]] LeafOfMiner find(std::uint64_t leaf) const noexcept;

private:
    struct Miner {
        std::uint32_t first_slot = 0;    ///< the levels of the AMT, leaves first, then `OtherSlots`
        std::uint32_t amt_slots = 0;
        std::uint32_t leaves = 0;
        std::uint32_t first_version = 0;    ///< one a leaf, and one of the miner
        std::uint64_t sectors = 0;
        std::uint64_t leaves_before = 0;    ///< those of the miners before
    };

    /// A node of an AMT's level.
    using Nodes = std::vector<LeafOfMiner>;

    Result<void> make_tree(std::span<const LeafOfMiner> leaves, bool first_time, BlockBatch& batch);
    Result<void> make_leaves(std::span<const LeafOfMiner> leaves, bool first_time, BlockBatch& batch);
    Result<void> make_level(std::span<const LeafOfMiner> nodes, unsigned level, BlockBatch& batch);
    Result<void> make_fixed(std::uint32_t first, BlockBatch& batch);
    Result<void> make_states(std::span<const std::uint32_t> miners, BlockBatch& batch);
    void put_root_head(ipld::CborWriter& out, const Miner& miner) const;
    void put_info(ipld::CborWriter& out, std::uint32_t miner) const;
    void put_precommits(ipld::CborWriter& out, std::uint32_t miner) const;
    void put_state(ipld::CborWriter& out, std::uint32_t miner) const;

    Options m_options;
    Tables* m_tables;
    const CommonBlocks* m_common;
    std::vector<Miner> m_miners;
    std::uint64_t m_leaves = 0;
};

}    // namespace filfil::chaingen
