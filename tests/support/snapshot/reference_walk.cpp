// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference_walk.hpp"

#include "ipld/varint.hpp"
#include "reference_cbor.hpp"

#include <algorithm>
#include <deque>
#include <unordered_set>

namespace filfil::reference {
namespace {

using ipld::Cid;
using ipld::Codec;
using CidSet = std::unordered_set<Cid>;

bool is_identity(const Cid& cid) { return cid.hash().code == ipld::HashCode::identity; }

/// Whether an export by Lotus writes it.
bool lotus_writes(const Cid& cid) {
    return !is_identity(cid) &&
           (cid.codec() == Codec::raw || cid.codec() == Codec::cbor || cid.codec() == Codec::dag_cbor);
}

/// Forest's should_save_block_to_snapshot.
bool forest_writes(const Cid& cid) {
    return !is_identity(cid) && (cid.codec() == Codec::raw || cid.codec() == Codec::dag_cbor);
}

/// A walk in the making. Everything that can fail returns false and leaves the reason in the fault.
class Walker {
public:
    Walker(const Blocks& blocks, const WalkOptions& options) : m_blocks(blocks), m_options(options) {}

    Walk lotus(const std::vector<Cid>& head) {
        if (!find_head_height(head)) return std::move(m_out);
        struct Queued {
            Cid cid;
            Cid child;
        };
        std::deque<Queued> queue;
        for (const Cid& cid : head) queue.push_back({cid, {}});
        for (; !queue.empty(); queue.pop_front()) {
            const Queued next = queue.front();
            if (!m_seen.insert(next.cid).second) continue;
            const auto header = open_header(next.cid, next.child);
            if (!header) return std::move(m_out);
            m_out.order.push_back(next.cid);
            const bool recent = is_recent(*header);
            if ((!m_options.skip_old_messages || recent) && !lotus_tree(header->messages, next.cid))
                return std::move(m_out);
            if (header->height > 0) {
                for (const Cid& parent : header->parents) queue.push_back({parent, next.cid});
            } else {
                for (const Cid& parent : header->parents)
                    if (!lotus_emit(parent, next.cid)) return std::move(m_out);
            }
            if ((header->height == 0 || recent) && !lotus_tree(header->state_root, next.cid)) return std::move(m_out);
        }
        return std::move(m_out);
    }

    Walk forest(const std::vector<Cid>& head) {
        if (!find_head_height(head)) return std::move(m_out);
        std::vector<Cid> tipset = head;
        Cid child;
        for (;;) {
            std::optional<HeaderLinks> first;
            for (const Cid& cid : tipset) {
                const auto header = open_header(cid, child);
                if (!header) return std::move(m_out);
                if (!first) first = header;
                if (!m_seen.insert(cid).second) continue;
                m_out.order.push_back(cid);
                if (header->height == 0)
                    for (const Cid& parent : header->parents)
                        if (!emit(parent, cid)) return std::move(m_out);
                if (is_recent(*header) && !forest_tree(header->messages, cid)) return std::move(m_out);
                if ((header->height == 0 || is_recent(*header)) && !forest_tree(header->state_root, cid))
                    return std::move(m_out);
            }
            if (!first || first->height == 0) return std::move(m_out);
            child = tipset.front();
            tipset = first->parents;
        }
    }

private:
    [[nodiscard]] bool is_recent(const HeaderLinks& header) const {
        return header.height > m_head_height - m_options.recent_state_roots;
    }

    bool fail(std::string why, const Cid& block, const Cid& header) {
        m_out.fault = WalkFault{std::move(why), block, header};
        return false;
    }

    bool find_head_height(const std::vector<Cid>& head) {
        if (head.empty()) return fail("no head", {}, {});
        const auto header = open_header(head.front(), {});
        if (header) m_head_height = header->height;
        return header.has_value();
    }

    std::optional<HeaderLinks> open_header(const Cid& cid, const Cid& child) {
        const auto found = m_blocks.find(cid);
        if (found == m_blocks.end()) {
            fail("missing", cid, child);
            return std::nullopt;
        }
        auto header = read_header(found->second);
        if (header.ok()) return std::move(header).value();
        fail("no header: " + header.error().message, cid, cid);
        return std::nullopt;
    }

    bool emit(const Cid& cid, const Cid& header) {
        if (!m_blocks.contains(cid)) return fail("missing", cid, header);
        m_out.order.push_back(cid);
        return true;
    }

    bool lotus_emit(const Cid& cid, const Cid& header) {
        if (!m_seen.insert(cid).second || !lotus_writes(cid)) return true;
        return emit(cid, header);
    }

    /// Links of a block, in the reverse order, put on top of a stack. Stores of Lotus answer for identity CIDs too.
    bool push_links(std::vector<Cid>& stack, const Cid& cid, const Cid& header) {
        const auto found = m_blocks.find(cid);
        if (!is_identity(cid) && found == m_blocks.end()) return fail("missing", cid, header);
        auto links = links_of(is_identity(cid) ? cid.hash().digest : ByteView(found->second));
        if (!links.ok()) return fail("broken: " + links.error().message, cid, header);
        std::ranges::reverse_copy(*links, std::back_inserter(stack));
        return true;
    }

    /// A depth-first walk marks a link when the scan reaches it. On a stack that is when it is taken off: by then all
    /// that stands before it in its block has been walked.
    bool lotus_tree(const Cid& root, const Cid& header) {
        std::vector<Cid> stack{root};
        while (!stack.empty()) {
            const Cid cid = std::move(stack.back());
            stack.pop_back();
            if (!m_walked.insert(cid).second) continue;
            if (cid.codec() == Codec::dag_cbor && !push_links(stack, cid, header)) return false;
            if (!lotus_emit(cid, header)) return false;
        }
        return true;
    }

    bool forest_tree(const Cid& root, const Cid& header) {
        std::vector<Cid> stack{root};
        while (!stack.empty()) {
            const Cid cid = std::move(stack.back());
            stack.pop_back();
            if (!forest_writes(cid) || !m_seen.insert(cid).second) continue;
            if (cid.codec() == Codec::dag_cbor && !push_links(stack, cid, header)) return false;
            if (!emit(cid, header)) return false;
        }
        return true;
    }

    const Blocks& m_blocks;
    const WalkOptions& m_options;
    std::int64_t m_head_height = 0;
    CidSet m_seen;
    CidSet m_walked;
    Walk m_out;
};

}    // namespace

Walk walk(const Blocks& blocks, const std::vector<Cid>& head, const WalkOptions& options) {
    Walker walker(blocks, options);
    return options.rules == Rules::lotus ? walker.lotus(head) : walker.forest(head);
}

LiveSet live_set(const Blocks& blocks, const std::vector<Cid>& pins) {
    LiveSet out;
    CidSet missing;
    // What is pinned or linked to, once for each pin and each link.
    std::vector<Cid> stack(pins.rbegin(), pins.rend());
    while (!stack.empty()) {
        const Cid cid = std::move(stack.back());
        stack.pop_back();
        ByteView data;
        if (is_identity(cid)) {
            data = cid.hash().digest;
        } else {
            if (!lotus_writes(cid)) continue;
            const auto found = blocks.find(cid);
            if (found == blocks.end()) {
                if (missing.insert(cid).second) out.missing.push_back(cid);
                continue;
            }
            if (++out.counts[cid] > 1) continue;
            const std::uint64_t length = cid.bytes().size() + found->second.size();
            out.section_bytes += ipld::varint_length(length) + length;
            data = found->second;
        }
        if (cid.codec() != Codec::dag_cbor) continue;
        const auto links = links_of(data);
        if (links.ok()) stack.insert(stack.end(), links->rbegin(), links->rend());
    }
    return out;
}

}    // namespace filfil::reference
