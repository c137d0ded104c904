// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_batch.hpp"
#include "chaingen/common_blocks.hpp"
#include "chaingen/draws.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <vector>

namespace filfil::chaingen {

/// A message that is in the chain: of a BLS key, or signed with one of secp256k1.
struct Message {
    ipld::Digest256 digest{};
    bool bls = false;
    std::uint64_t made = 0;    ///< in which tipset of those made so far
};

/// Makes the messages of blocks and the lists that lead to them. Blocks of a tipset have messages in common, and what a
/// reorg drops comes again on the other branch. Not thread-safe.
class MessageMaker {
public:
    /// @param remember over how many tipsets a list of messages might come again
    MessageMaker(std::uint64_t per_block, std::uint64_t remember) : m_per_block(per_block), m_remember(remember) {}

    /// Goes on to the next tipset.
    void next_tipset();

    /// Makes the messages of one more block of this tipset.
    /// @return the CID of the block's two lists
    Result<ipld::Cid> make_block(Draws& draws, const CommonBlocks& common, BlockBatch& batch);

    /// What the blocks of this tipset hold, each message once.
    [[nodiscard]] const std::vector<Message>& of_tipset() const noexcept { return m_tipset; }

    /// Messages of a tipset that was reverted: they wait for a block.
    void drop(const std::vector<Message>& messages);

    /// The tipset goes on growing, as it was.
    void resume(const std::vector<Message>& messages) { m_tipset = messages; }

private:
    Result<std::vector<Message>> choose(Draws& draws, BlockBatch& batch);
    Result<ipld::Cid> make_list(const std::vector<Message>& messages, bool bls, BlockBatch& batch);
    Result<void> give_once(const ipld::Cid& cid, ByteView data, BlockBatch& batch);

    std::uint64_t m_per_block;
    std::uint64_t m_remember;
    std::uint64_t m_tipsets = 0;
    std::vector<Message> m_tipset;
    std::deque<Message> m_waiting;

    /// Lists of messages that were made in the last tipsets, the sets that the newest begins with last.
    std::set<ipld::Cid> m_known;
    std::deque<std::vector<ipld::Cid>> m_known_by_tipset;
};

}    // namespace filfil::chaingen
