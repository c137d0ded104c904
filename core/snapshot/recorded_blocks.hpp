// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/block_source.hpp"

#include <unordered_map>
#include <vector>

namespace filfil::snapshot {

/// Passes on what another source gives, and keeps it.
class RecordingSource final : public BlockSource {
public:
    explicit RecordingSource(BlockSource& source) noexcept : m_source(source) {}

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;

    /// All blocks that came, as CAR sections in runs of at most `at_most` bytes (or one section).
    [[nodiscard]] std::vector<Bytes> sections(std::size_t at_most) const;

private:
    struct Block {
        ipld::Cid cid;
        Bytes data;
    };
    BlockSource& m_source;
    std::vector<Block> m_blocks;
};

/// Blocks that were recorded so.
class RecordedBlocks final : public BlockSource {
public:
    /// Adds the blocks of a run of whole sections. @return Error::corrupt or truncated with the byte of the run
    Result<void> add(ByteView sections);

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;
    void clear() { m_blocks.clear(); }

private:
    std::unordered_map<ipld::Cid, Bytes> m_blocks;
};

}    // namespace filfil::snapshot
