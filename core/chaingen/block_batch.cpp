// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/block_batch.hpp"

#include "base/units.hpp"
#include "chaingen/links.hpp"
#include "ipld/varint.hpp"

namespace filfil::chaingen {
namespace {

/// Enough blocks to keep four lanes of hashing busy, and few enough to stay in the second-level cache.
constexpr std::size_t flush_size = 256 * KiB;

}    // namespace

Result<void> BlockBatch::end(ipld::Codec codec, ipld::Digest256& digest) {
    m_pending.push_back({m_out.size(), codec, &digest});
    if (m_out.size() < flush_size) return {};
    return flush();
}

Result<void> BlockBatch::flush() {
    m_views.clear();
    std::size_t start = 0;
    for (const Pending& block : m_pending) {
        m_views.push_back(m_out.bytes().subspan(start, block.end - start));
        start = block.end;
    }
    m_digests.resize(m_views.size());
    ipld::blake2b_256_many(m_views, m_digests);
    for (std::size_t i = 0; i < m_pending.size(); ++i) {
        *m_pending[i].digest = m_digests[i];
        FILFIL_CHECK(give(block_cid(m_pending[i].codec, m_digests[i]), m_views[i]));
    }
    m_pending.clear();
    m_out.clear();
    return {};
}

Result<void> BlockBatch::give(ByteView cid, ByteView data) {
    ++m_blocks;
    m_bytes += ipld::varint_length(cid.size() + data.size()) + cid.size() + data.size();
    return m_sink->block(cid, data);
}

}    // namespace filfil::chaingen
