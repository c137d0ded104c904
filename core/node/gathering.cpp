// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/gathering.hpp"

#include "chain/block_header.hpp"
#include "ipld/digest.hpp"
#include "snapshot/children.hpp"
#include "snapshot/roots.hpp"

#include <string>
#include <unordered_set>
#include <utility>

namespace filfil::node {

const Bytes* GatheredBlocks::find(const ipld::Cid& cid) const {
    const auto found = m_blocks.find(cid);
    return found == m_blocks.end() ? nullptr : &found->second;
}

std::vector<Result<Bytes>> GatheredBlocks::fetch(std::span<const ipld::Cid> cids) {
    std::vector<Result<Bytes>> out;
    out.reserve(cids.size());
    for (const ipld::Cid& cid : cids) {
        if (const auto found = m_blocks.find(cid); found != m_blocks.end()) {
            out.emplace_back(found->second);
            continue;
        }
        m_missing.push_back(cid);
        out.emplace_back(Error(ErrorCode::not_found, "the block was not read beforehand"));
    }
    return out;
}

std::vector<ipld::Cid> GatheredBlocks::take_missing() {
    std::vector<ipld::Cid> out;
    std::unordered_set<ipld::Cid> seen;
    for (ipld::Cid& cid : std::exchange(m_missing, {}))
        if (seen.insert(cid).second) out.push_back(std::move(cid));
    return out;
}

Result<void> Gathering::want_root(const ipld::Cid& root) {
    Result<void> inner;
    FILFIL_CHECK(snapshot::for_each_root(root, [&](ByteView cid) {
        if (auto wanted = want(cid, Purpose::tree); !wanted.ok() && inner.ok()) inner = std::move(wanted);
    }));
    return inner;
}

Result<void> Gathering::want_tree(const ipld::Cid& root) {
    FILFIL_CHECK(want_root(root));
    return open_at_hand();
}

Result<void> Gathering::want_tipset(const chain::TipsetKey& key) {
    for (const ipld::Cid& cid : key) FILFIL_CHECK(want(cid.bytes(), Purpose::tipset));
    return open_at_hand();
}

Result<void> Gathering::want_chain(const chain::TipsetKey& head, std::int64_t recent_stateroots, bool all_messages) {
    m_chain = {.recent_stateroots = recent_stateroots, .all_messages = all_messages, .head = std::nullopt};
    for (const ipld::Cid& cid : head) FILFIL_CHECK(want(cid.bytes(), Purpose::chain));
    return open_at_hand();
}

Result<void> Gathering::want_again(const ipld::Cid& cid, bool header) {
    m_known.erase(cid);
    FILFIL_CHECK(want(cid.bytes(), header ? Purpose::tipset : Purpose::tree));
    return open_at_hand();
}

/// Not where they are found: a chain of blocks may be as long as it likes.
Result<void> Gathering::open_at_hand() {
    while (!m_at_hand.empty()) {
        const ipld::Cid cid = std::move(m_at_hand.back());
        m_at_hand.pop_back();
        FILFIL_CHECK(open(cid, *m_blocks.find(cid), m_known.at(cid)));
    }
    return {};
}

Result<void> Gathering::want(ByteView bytes, Purpose purpose) {
    FILFIL_TRY(ipld::Cid cid, ipld::Cid::from_bytes(bytes));
    // Headers are opened whether they are stored or not: the store counts them without what they link to.
    if (purpose == Purpose::tree && snapshot::BlockStore::Reader(m_store).find(bytes)) return {};
    const auto [known, is_new] = m_known.emplace(cid, purpose);
    if (!is_new) return {};
    if (m_blocks.has(cid)) {
        m_at_hand.push_back(std::move(cid));
        return {};
    }
    if (m_known.size() > m_limits.blocks)
        return Error(ErrorCode::too_large,
                     "more than " + std::to_string(m_limits.blocks) + " blocks are new: the state was migrated",
                     "take a snapshot that was made after the migration, and start again with --bootstrap");
    m_wanted.push_back(std::move(cid));
    return {};
}

std::vector<ipld::Cid> Gathering::next(std::size_t most) {
    std::vector<ipld::Cid> out;
    while (!m_wanted.empty() && out.size() < most) {
        out.push_back(std::move(m_wanted.front()));
        m_wanted.pop_front();
    }
    m_asked += out.size();
    return out;
}

Result<void> Gathering::take(const ipld::Cid& cid, Bytes data) {
    auto same = ipld::matches(cid.hash(), data);
    if (!same.ok()) return std::move(same).error().in("block " + cid.text());
    if (!*same)
        return Error(ErrorCode::mismatch, "block " + cid.text() + ": the node gave bytes that do not have this hash",
                     "if it goes on, the node's database is damaged: follow another node");
    const auto known = m_known.find(cid);
    if (known == m_known.end())
        return Error(ErrorCode::internal, "block " + cid.text() + " came and was not asked for");
    --m_asked;
    ++m_taken;
    m_bytes += data.size();
    const Purpose purpose = known->second;
    FILFIL_CHECK(open(cid, data, purpose));
    m_blocks.add(cid, std::move(data));
    return open_at_hand();
}

void Gathering::put_back(const ipld::Cid& cid) {
    --m_asked;
    m_wanted.push_back(cid);
}

Result<void> Gathering::open(const ipld::Cid& cid, ByteView data, Purpose purpose) {
    switch (purpose) {
        case Purpose::plain: return {};
        case Purpose::tree: {
            if (cid.codec() != ipld::Codec::dag_cbor) return {};
            Result<void> inner;
            const auto found = [&](ByteView child) {
                if (auto wanted = want(child, Purpose::tree); !wanted.ok() && inner.ok()) inner = std::move(wanted);
            };
            if (auto scanned = snapshot::for_each_child(data, found); !scanned.ok())
                return std::move(scanned).error().in("block " + cid.text());
            return inner;
        }
        case Purpose::tipset:
        case Purpose::chain: {
            auto opened = open_header(data, purpose);
            if (!opened.ok()) return std::move(opened).error().in("header " + cid.text());
            return opened;
        }
    }
    return {};
}

Result<void> Gathering::open_header(ByteView data, Purpose purpose) {
    FILFIL_TRY(const chain::BlockHeader header, chain::decode_block_header(data));
    if (purpose == Purpose::tipset) {
        FILFIL_CHECK(want_root(header.messages));
        return want_root(header.parent_state_root);
    }
    if (!m_chain.head) m_chain.head = header.height;
    m_lowest = std::min(m_lowest.value_or(header.height), header.height);
    const bool recent = header.height.value > m_chain.head->value - m_chain.recent_stateroots;
    if (recent || m_chain.all_messages) FILFIL_CHECK(want_root(header.messages));
    if (recent || header.height.value == 0) FILFIL_CHECK(want_root(header.parent_state_root));
    for (const ipld::Cid& parent : header.parents) {
        if (header.height.value > 0) {
            FILFIL_CHECK(want(parent.bytes(), Purpose::chain));
        } else if (snapshot::kind_of_link(parent.bytes()) == snapshot::LinkKind::block) {
            FILFIL_CHECK(want(parent.bytes(), Purpose::plain));
        }
    }
    return {};
}

}    // namespace filfil::node
