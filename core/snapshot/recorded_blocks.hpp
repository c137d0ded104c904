// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/block_source.hpp"

#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace filfil::snapshot {

/// Passes on what another source gives, and keeps it as CAR sections in runs. Not thread-safe.
class RecordingSource final : public BlockSource {
public:
    /// @param run_bytes of a run at most (or one section)
    explicit RecordingSource(std::size_t run_bytes) : m_run_bytes(run_bytes) {}

    /// From here on this source is asked. It must outlive the calls to fetch().
    void listen_to(BlockSource& source) noexcept { m_source = &source; }

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;

    /// All blocks that came since clear(). One that came as something else before stands here twice, and the last is
    /// what it is. Valid until fetch() or clear().
    [[nodiscard]] std::span<const Bytes> sections() const noexcept { return {m_runs.data(), m_used}; }

    /// Some memory is kept for what comes next.
    void clear();

    /// Blocks that stand where sections() are to go already are not kept when they come.
    void skip(std::span<const ipld::Cid> cids) { m_skipped.insert(cids.begin(), cids.end()); }
    void skip_none() { m_skipped.clear(); }

private:
    struct Place {
        std::size_t run = 0;
        std::size_t begin = 0;    ///< of the block's data
        std::size_t size = 0;
    };
    void keep(const ipld::Cid& cid, ByteView data);

    BlockSource* m_source = nullptr;
    std::size_t m_run_bytes;
    std::vector<Bytes> m_runs;
    std::size_t m_used = 0;    ///< of the runs
    std::unordered_map<ipld::Cid, Place> m_places;
    std::unordered_set<ipld::Cid> m_skipped;
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
