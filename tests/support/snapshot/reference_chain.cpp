// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference_chain.hpp"

#include "reference_cbor.hpp"

#include <map>
#include <set>

namespace filfil::reference {
namespace {

using chain::HeadChange;
using chain::TipsetKey;

Result<HeaderLinks> header_of(const Blocks& blocks, const ipld::Cid& cid) {
    const auto found = blocks.find(cid);
    if (found == blocks.end()) return Error(ErrorCode::not_found, "no header " + cid.text());
    return read_header(found->second);
}

/// Takes the changes one by one, as they were told. @return the head in the end
Result<TipsetKey> head_after(const Blocks& blocks, std::span<const chain::HeadChanges> events,
                             std::map<TipsetKey, std::int64_t>& seen) {
    TipsetKey head;
    for (const chain::HeadChanges& changes : events) {
        for (const HeadChange& change : changes) {
            FILFIL_TRY(const HeaderLinks header, header_of(blocks, change.key.front()));
            if (change.type == HeadChange::Type::revert) {
                head = header.parents;
                continue;
            }
            head = change.key;
            seen.emplace(change.key, header.height);
        }
    }
    return head;
}

}    // namespace

Result<Kept> kept_of(const Blocks& blocks, std::span<const chain::HeadChanges> events, std::int64_t recent_stateroots,
                     std::int64_t slack) {
    Kept out;
    std::map<TipsetKey, std::int64_t> seen;
    FILFIL_TRY(const TipsetKey head, head_after(blocks, events, seen));
    if (head.empty()) return Error(ErrorCode::invalid_argument, "there is no head");
    FILFIL_TRY(const HeaderLinks top, header_of(blocks, head.front()));

    std::set<ipld::Cid> headers;
    const auto keep_tree = [&](const TipsetKey& key) -> Result<void> {
        for (const ipld::Cid& cid : key) {
            FILFIL_TRY(const HeaderLinks header, header_of(blocks, cid));
            out.roots.push_back(header.messages);
            out.roots.push_back(header.state_root);
        }
        return {};
    };

    std::map<TipsetKey, std::int64_t> chain;
    for (TipsetKey key = head;;) {
        FILFIL_TRY(const HeaderLinks header, header_of(blocks, key.front()));
        chain.emplace(key, header.height);
        headers.insert(key.begin(), key.end());
        if (header.height > top.height - recent_stateroots - slack) FILFIL_CHECK(keep_tree(key));
        if (header.height > 0) {
            key = header.parents;
            continue;
        }
        for (const ipld::Cid& cid : key) {
            FILFIL_TRY(const HeaderLinks genesis, header_of(blocks, cid));
            out.roots.push_back(genesis.state_root);
            for (const ipld::Cid& parent : genesis.parents)
                if (blocks.contains(parent)) headers.insert(parent);
        }
        break;
    }

    for (const auto& [key, height] : seen) {
        if (chain.contains(key)) continue;
        TipsetKey below = key;
        while (!chain.contains(below)) {
            FILFIL_TRY(const HeaderLinks header, header_of(blocks, below.front()));
            below = header.parents;
        }
        if (chain.at(below) <= top.height - slack) continue;
        headers.insert(key.begin(), key.end());
        FILFIL_CHECK(keep_tree(key));
    }
    out.headers.assign(headers.begin(), headers.end());
    return out;
}

}    // namespace filfil::reference
