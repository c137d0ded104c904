// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_sink.hpp"
#include "ipld/cbor_writer.hpp"
#include "ipld/cid.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <vector>

namespace filfil::chaingen {

/// Collects blocks that do not link to one another, hashes them side by side, and hands them on. Not thread-safe.
class BlockBatch {
public:
    /// @param sink must outlive this
    explicit BlockBatch(BlockSink& sink) : m_sink(&sink) {}

    /// Where the next block is to be written; ends with end().
    [[nodiscard]] ipld::CborWriter& begin() noexcept {
        m_start = m_out.size();
        return m_out;
    }

    /// Ends a block.
    /// @param codec dag_cbor or raw
    /// @param digest gets the block's BLAKE2b-256 with the next flush, and must stay where it is until then
    Result<void> end(ipld::Codec codec, ipld::Digest256& digest);

    /// Hashes and hands on what is collected: needed before a digest is read.
    Result<void> flush();

    /// Hands on a block whose CID is known.
    Result<void> give(ByteView cid, ByteView data);

    [[nodiscard]] std::uint64_t blocks() const noexcept { return m_blocks; }

    /// What the blocks that were handed on take as sections of a CAR.
    [[nodiscard]] std::uint64_t section_bytes() const noexcept { return m_bytes; }

private:
    struct Pending {
        std::size_t end = 0;
        ipld::Codec codec{};
        ipld::Digest256* digest = nullptr;
    };

    BlockSink* m_sink;
    ipld::CborWriter m_out;
    std::size_t m_start = 0;
    std::vector<Pending> m_pending;
    std::vector<ByteView> m_views;
    std::vector<ipld::Digest256> m_digests;
    std::uint64_t m_blocks = 0;
    std::uint64_t m_bytes = 0;
};

}    // namespace filfil::chaingen
