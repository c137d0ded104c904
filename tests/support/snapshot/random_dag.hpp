// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "reference_blocks.hpp"

#include <vector>

namespace filfil::reference {

/// Puts a block under its BLAKE2b-256 CID.
ipld::Cid put_block(Blocks& blocks, ipld::Codec codec, Bytes data);

/// The CID that carries `data` in itself.
ipld::Cid identity_cid(ipld::Codec codec, ByteView data);

/// Makes trees of tiny blocks that have everything a walk, a count or a store can trip over: sub-trees shared with all
/// that was made before, links that stand twice, one digest under two codecs, links in identity CIDs, commitments,
/// blocks that are not opened, links in byte strings and behind the end, blocks that come about again.
class RandomDag {
public:
    /// @param blocks where they are put; both must outlive this
    RandomDag(Random& random, Blocks& blocks) : m_random(random), m_blocks(blocks) {}

    /// About `size` new blocks below a root. Nearly always the root is a DAG-CBOR block; it may be anything.
    ipld::Cid tree(std::uint64_t size);

private:
    ipld::Cid pick();
    ipld::Cid leaf();
    ipld::Cid inlined(ipld::Codec codec, const Bytes& data);
    ipld::Cid node();
    Bytes digest();
    ipld::Cid remember(ipld::Cid cid);

    Random& m_random;
    Blocks& m_blocks;
    std::vector<ipld::Cid> m_pool;      ///< all that can be linked to, oldest first
    std::vector<ipld::Cid> m_opened;    ///< of these the DAG-CBOR blocks
};

}    // namespace filfil::reference
