// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "chain/head_change.hpp"

#include <map>
#include <memory>
#include <optional>

namespace filfil::node {

/// What a devnet's node serves: blocks, and a head that goes on by events. Not thread-safe.
class DevnetChain {
public:
    /// A tipset as its headers tell it.
    struct Known {
        chain::TipsetKey key;
        Epoch epoch;
        chain::TipsetKey parents;
        std::uint64_t timestamp = 0;    ///< seconds since 1970
    };

    virtual ~DevnetChain() = default;

    /// Goes one event on. The first one is [current].
    /// @return what ChainNotify tells; empty once there is nothing more to come
    [[nodiscard]] virtual Result<chain::HeadChanges> step() = 0;

    /// When the tipset of an epoch comes, by the wall clock. Nothing where events know no time.
    [[nodiscard]] virtual std::optional<Clock::Duration> due(Epoch) const { return std::nullopt; }

    /// A block's data; that of an identity CID is what it carries. @return Error::not_found names the CID
    [[nodiscard]] Result<Bytes> block(const ipld::Cid& cid);
    [[nodiscard]] bool has(const ipld::Cid& cid);

    /// A tipset whose headers are here, whatever order the key is in. Valid as long as the chain.
    /// @return Error::not_found names the first header that is missing; Error::invalid_argument for what is no tipset;
    /// what decode_block_header gives
    [[nodiscard]] Result<const Known*> tipset(const chain::TipsetKey& key);

    /// The tipset below; null for genesis.
    [[nodiscard]] Result<const Known*> parent(const Known& tipset);

    /// The tipset of an epoch on the chain of `head`; of a null round the one before it.
    /// @return Error::invalid_argument where the epoch is above the head or below 0
    [[nodiscard]] Result<const Known*> at(Epoch epoch, const Known& head);

    /// How to get from one tipset to another: reverts, newest first, then what is applied, oldest first.
    [[nodiscard]] Result<chain::HeadChanges> path(const chain::TipsetKey& from, const chain::TipsetKey& to);

protected:
    /// A block that is kept. @return Error::not_found
    [[nodiscard]] virtual Result<Bytes> stored(const ipld::Cid& cid) = 0;

private:
    std::map<chain::TipsetKey, std::unique_ptr<Known>> m_known;
};

}    // namespace filfil::node
