// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "snapshot/block_source.hpp"

#include <cstdint>
#include <functional>
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
    /// Whether the store has the block already, and so all below it.
    using Has = std::function<bool(ByteView cid)>;

    Staging(Has has, const LinkLimits& limits) : m_has(std::move(has)), m_limits(limits) {}

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
    void want(ByteView cid, std::uint32_t root);
    Result<void> take_wave(std::span<const ipld::Cid> roots, BlockSource& source);
    Result<void> check(std::span<const ipld::Cid> roots, std::size_t first) const;

    Has m_has;
    LinkLimits m_limits;
    LinkReport m_report;
    std::vector<Block> m_blocks;
    std::unordered_set<ipld::Cid> m_known;    ///< fetched or wanted
    std::vector<ipld::Cid> m_wanted;
    std::vector<std::uint32_t> m_wanted_for;
    std::uint64_t m_footprint = 0;
    std::uint64_t m_largest = 0;
};

}    // namespace filfil::snapshot
