// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/chain.hpp"

#include <algorithm>
#include <string>

namespace filfil::node {

using chain::HeadChange;

Result<Bytes> DevnetChain::block(const ipld::Cid& cid) {
    if (!cid.empty() && cid.hash().code == ipld::HashCode::identity) return to_bytes(cid.hash().digest);
    auto found = stored(cid);
    if (!found.ok() && found.error().code == ErrorCode::not_found)
        return Error(ErrorCode::not_found, "the devnet has no block " + cid.text());
    return found;
}

bool DevnetChain::has(const ipld::Cid& cid) { return block(cid).ok(); }

Result<const DevnetChain::Known*> DevnetChain::tipset(const chain::TipsetKey& key) {
    if (const auto found = m_known.find(key); found != m_known.end()) return found->second.get();
    std::vector<chain::BlockHeader> headers;
    for (const ipld::Cid& cid : key) {
        FILFIL_TRY(const Bytes data, block(cid));
        FILFIL_TRY(chain::BlockHeader header, chain::decode_block_header(data));
        headers.push_back(std::move(header));
    }
    FILFIL_TRY(const chain::Tipset read, chain::make_tipset(key, std::move(headers), chain::TipsetOrder::by_ticket));
    auto& known = m_known[read.key];
    if (known == nullptr)
        known = std::make_unique<Known>(Known{read.key, read.epoch(), read.parents(), read.blocks.front().timestamp});
    return known.get();
}

Result<const DevnetChain::Known*> DevnetChain::parent(const Known& tipset_) {
    if (tipset_.epoch.value == 0) return nullptr;
    return tipset(tipset_.parents);
}

Result<const DevnetChain::Known*> DevnetChain::at(Epoch epoch, const Known& head) {
    if (epoch.value < 0 || epoch > head.epoch)
        return Error(ErrorCode::invalid_argument, "epoch " + std::to_string(epoch.value) +
                                                      " is not on the chain of the head, which is at epoch " +
                                                      std::to_string(head.epoch.value));
    const Known* at = &head;
    while (at->epoch > epoch) {
        FILFIL_TRY(at, parent(*at));
    }
    return at;
}

Result<chain::HeadChanges> DevnetChain::path(const chain::TipsetKey& from, const chain::TipsetKey& to) {
    chain::HeadChanges reverts;
    chain::HeadChanges applies;
    FILFIL_TRY(const Known* down, tipset(from));
    FILFIL_TRY(const Known* up, tipset(to));
    while (down->key != up->key) {
        if (down->epoch.value == 0 && up->epoch.value == 0)
            return Error(ErrorCode::mismatch, "these tipsets stand on different genesis blocks");
        // The higher one goes back first; of two at one height both do, one after the other.
        if (up->epoch > down->epoch) {
            applies.push_back({HeadChange::Type::apply, up->key, up->epoch});
            FILFIL_TRY(up, parent(*up));
        } else {
            reverts.push_back({HeadChange::Type::revert, down->key, down->epoch});
            FILFIL_TRY(down, parent(*down));
        }
    }
    reverts.insert(reverts.end(), applies.rbegin(), applies.rend());
    return reverts;
}

}    // namespace filfil::node
