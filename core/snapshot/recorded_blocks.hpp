// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/block_source.hpp"

#include <unordered_map>
#include <vector>

namespace filfil::snapshot {

/// Passes on what another source gives, and keeps it. Not thread-safe.
class RecordingSource final : public BlockSource {
public:
    /// From here on this source is asked. It must outlive the calls to fetch().
    void listen_to(BlockSource& source) noexcept { m_source = &source; }

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;

    /// All blocks that came since clear(), each once, as it came last, as CAR sections in runs of at most `at_most`
    /// bytes (or one section).
    [[nodiscard]] std::vector<Bytes> sections(std::size_t at_most) const;

    void clear();

private:
    struct Block {
        ipld::Cid cid;
        Bytes data;
    };
    BlockSource* m_source = nullptr;
    std::vector<Block> m_blocks;
    std::unordered_map<ipld::Cid, std::size_t> m_places;    ///< among the blocks
};

/// Blocks that were recorded so. Not thread-safe.
class RecordedBlocks final : public BlockSource {
public:
    /// Adds the blocks of a run of whole sections. Hashes are not checked: who fetches does that.
    /// @return Error::corrupt or truncated with the byte of the run; what stood before it was added
    Result<void> add(ByteView sections);

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;
    [[nodiscard]] std::size_t size() const noexcept { return m_blocks.size(); }
    void clear() { m_blocks.clear(); }

private:
    std::unordered_map<ipld::Cid, Bytes> m_blocks;
};

}    // namespace filfil::snapshot
