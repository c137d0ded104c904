// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "snapshot/block_index.hpp"
#include "snapshot/block_source.hpp"

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

namespace filfil::snapshot {

/// How much one link() may bring in. More than this is no step of a chain but a migration of its state, for which a new
/// bootstrap is quicker.
struct LinkLimits {
    std::uint64_t blocks = 4'000'000;
    std::uint64_t bytes = 8 * GiB;
};

struct LinkReport {
    std::uint64_t blocks = 0;    ///< that were new
    std::uint64_t bytes = 0;     ///< of their data
    std::uint64_t waves = 0;     ///< calls to the source
};

/// Fetches what is missing below some roots, beside the store: level by level, each level in one call, every hash
/// checked and every block scanned. What it holds in the end is complete and right, or it is thrown away.
class Staging {
public:
    /// @param store what is there already, each block with all below it
    Staging(const BlockIndex& store, const LinkLimits& limits) : m_store(store), m_limits(limits) {}

    /// @return Error::not_found, mismatch, corrupt, too_large, or what the source gives, naming the block and the root
    Result<void> fetch(std::span<const ipld::Cid> roots, BlockSource& source);

    struct Block {
        ipld::Cid cid;
        Bytes data;
        std::uint32_t root;    ///< the first that led to it: its place among the roots
        bool leaf = true;      ///< it has no links to blocks
    };

    /// Each block that is missing, once.
    [[nodiscard]] const std::vector<Block>& blocks() const noexcept { return m_blocks; }

    /// What their sections take in an arena, all together and the largest of them.
    [[nodiscard]] std::uint64_t footprint() const noexcept { return m_footprint; }
    [[nodiscard]] std::uint64_t largest() const noexcept { return m_largest; }
    [[nodiscard]] const LinkReport& report() const noexcept { return m_report; }

private:
    struct Link {
        std::uint64_t hash;    ///< of its CID, by the store's index
        ByteView cid;
        std::uint32_t root;
    };
    void want(const Link& link);
    void look_at_links();
    Result<void> scan(std::span<const ipld::Cid> roots, std::size_t first);
    Result<void> take_wave(std::span<const ipld::Cid> roots, BlockSource& source);
    Result<void> check(std::span<const ipld::Cid> roots, std::size_t first) const;

    const BlockIndex& m_store;
    LinkLimits m_limits;
    LinkReport m_report;
    std::vector<Block> m_blocks;
    std::unordered_set<ipld::Cid> m_known;    ///< fetched or wanted
    std::vector<ipld::Cid> m_wanted;
    std::vector<std::uint32_t> m_wanted_for;
    std::vector<Link> m_links;    ///< that were found and not yet looked at
    std::uint64_t m_footprint = 0;
    std::uint64_t m_largest = 0;
};

}    // namespace filfil::snapshot
