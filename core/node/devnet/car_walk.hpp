// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/devnet/chain.hpp"

#include <deque>
#include <unordered_set>
#include <vector>

namespace filfil::node {

/// The CAR of a snapshot, made part by part: `Filecoin.ChainExport` as Lotus has it (lotus chain/store/snapshot.go
/// WalkSnapshot), written down on its own, so that it can be held against the snapshot engine. Not thread-safe.
class CarWalk {
public:
    /// @param chain must outlive the walk
    /// @param recent_stateroots so many epochs below the head have their states (and messages) in it
    CarWalk(DevnetChain& chain, const DevnetChain::Known& head, std::int64_t recent_stateroots, bool skip_old_messages);

    /// The next bytes, header first: about `size` of them, at most one block more. Empty at the end.
    /// @return Error::not_found naming a block that is missing
    [[nodiscard]] Result<Bytes> next(std::size_t size);

private:
    struct Todo {
        ipld::Cid cid;
        bool tree = false;    ///< with all below it, unless the walk has been there
    };

    Result<void> step(Bytes& out);
    Result<void> take_header(const ipld::Cid& cid, Bytes& out);
    Result<void> emit(const ipld::Cid& cid, Bytes& out);

    DevnetChain& m_chain;
    Epoch m_head;
    std::int64_t m_recent;
    bool m_skip;
    bool m_begun = false;
    std::deque<ipld::Cid> m_headers;    ///< in the order of the walk; those of the head first
    std::vector<ipld::Cid> m_roots;
    std::vector<Todo> m_stack;    ///< what the last header asks for, the next at the back
    std::unordered_set<ipld::Cid> m_seen;
    std::unordered_set<ipld::Cid> m_walked;
};

}    // namespace filfil::node
