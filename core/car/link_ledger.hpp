// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/section.hpp"
#include "car/siphash.hpp"

#include <functional>
#include <vector>

namespace filfil::car {

/// Which CIDs a CAR's blocks link to and which it holds.
///
/// A CID is kept as 16 bytes, its hash under a key that the maker of the CAR does not know: a snapshot of 10^8 blocks
/// with 3·10^8 links takes some gigabytes, where a hash set of whole CIDs takes ten times that. Two of 10^9 CIDs then
/// share their 16 bytes with a probability of 10^-21, and nobody can aim at it. The keys lie in plain vectors that are
/// sorted at the end; the wanted ones are sorted and made unique each time they have doubled, since a popular block has
/// millions of links to it. Not thread-safe: one for each worker, joined by take().
class LinkLedger {
public:
    explicit LinkLedger(Word128 key) noexcept : m_key(key) {}

    /// Notes that the CAR holds a block.
    void hold(ByteView cid) { m_held.push_back(siphash_128(m_key, cid)); }

    /// Notes a block's links. Blocks other than DAG-CBOR have none. Links to commitments name no block; links to
    /// identity CIDs carry theirs with them: a DAG-CBOR one is opened, as the nodes do (reference: lotus
    /// node/repo/fsrepo.go WrapIDStore). @return false if the block, or one inline in it, cannot be scanned; links
    /// before that are noted
    bool link(ipld::Codec codec, ByteView data);

    /// Adds what another ledger of the same key noted, and empties that.
    void take(LinkLedger& other);

    /// The hashes of CIDs that are linked to and not held, sorted. Empties the ledger.
    [[nodiscard]] std::vector<Word128> missing();

private:
    void want(ByteView cid);

    Word128 m_key;
    std::vector<Word128> m_held;
    std::vector<Word128> m_wanted;
    std::size_t m_unique = 0;    ///< entries of m_wanted that were unique when it was last sorted
    std::vector<Bytes> m_inline;
};

/// Calls `visit` for each link that names a block of its own, those of inline identity blocks included.
/// @return false if the block, or one inline in it, cannot be scanned
bool for_each_block_link(ipld::Codec codec, ByteView data, const std::function<void(ByteView)>& visit);

}    // namespace filfil::car
