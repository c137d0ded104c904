// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/walk.hpp"

#include "chain/block_header.hpp"
#include "snapshot/children.hpp"
#include "snapshot/roots.hpp"
#include "snapshot/section_set.hpp"

#include <algorithm>
#include <string>

namespace filfil::snapshot {
namespace {

std::string text_of(ByteView cid) {
    const auto read = ipld::Cid::from_bytes(cid);
    return read.ok() ? read->text() : to_hex(cid);
}

class Walk {
public:
    Walk(const BlockStore& store, const ChainView& chain, const WalkOptions& options)
        : m_reader(store), m_chain(chain), m_options(options), m_seen(m_reader.arena().end()) {}

    Result<std::vector<SectionRef>> run(std::span<const SectionRef> headers, std::span<const ipld::Cid> roots) {
        FILFIL_CHECK(take_chain());
        for (const SectionRef header : headers)
            if (m_seen.insert(header.offset())) emit(header);
        for (const ipld::Cid& root : roots) FILFIL_CHECK(take_tree(root, "pinned blocks"));
        report();
        return std::move(m_out);
    }

private:
    Result<void> take_chain() {
        if (!m_seen.good())
            return Error(ErrorCode::too_large, "the system gives no memory for the walk over " +
                                                   format_size(m_reader.arena().end()) + " of blocks");
        // Memory that is not touched is not taken.
        m_out.reserve(m_reader.index().size());
        m_oldest = m_chain.epoch().value - m_options.recent_stateroots;
        for (const ChainView::Tipset& tipset : m_chain.recent)
            for (const SectionRef header : tipset.headers) FILFIL_CHECK(take_header(tipset.epoch, header));
        const auto& tipsets = m_chain.spine.tipsets;
        for (std::size_t i = tipsets.size(); i-- > 0;) {
            for (std::uint64_t header = m_chain.spine.begin(i); header < tipsets[i].end; ++header)
                FILFIL_CHECK(take_header(tipsets[i].epoch, m_chain.spine.headers[header]));
        }
        return {};
    }

    /// A link that waits for its turn.
    struct Open {
        ArenaOffset section;    ///< 0: missing
        const std::byte* cid;
        std::uint32_t cid_size;
        bool leaf;
    };

    /// How far below the top of the stack a section is asked for, so that it has come when it is its turn.
    static constexpr std::size_t ahead = 5;

    Result<void> take_header(Epoch epoch, SectionRef section) {
        if (!m_seen.insert(section.offset())) return chain_in_tree(m_reader.arena().at(section.offset()));
        emit(section);
        const bool recent = epoch.value > m_oldest;
        if (epoch.value != 0 && !recent && m_options.skip_old_msgs) return {};

        const SectionView view = view_section(m_reader.arena().at(section.offset()));
        auto header = chain::decode_block_header(view.data);
        if (!header.ok()) return std::move(header).error().in(text_of(view.cid));
        m_header = view.cid;
        m_header_epoch = epoch;
        if (recent || !m_options.skip_old_msgs) FILFIL_CHECK(take_tree(header->messages, "messages"));
        if (epoch.value == 0)
            for (const ipld::Cid& parent : header->parents) FILFIL_CHECK(take_genesis_parent(parent));
        if (epoch.value == 0 || recent) FILFIL_CHECK(take_tree(header->parent_state_root, "state"));
        if (m_options.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped");
        return {};
    }

    /// Written, but not opened.
    Result<void> take_genesis_parent(const ipld::Cid& parent) {
        if (kind_of_link(parent.bytes()) != LinkKind::block) return {};
        const ArenaOffset found = m_reader.index().find(m_reader.index().hash(parent.bytes()), parent.bytes()).offset;
        if (found == 0) return missing(parent.bytes(), "parent");
        if (m_seen.insert(found)) emit(ref_of(found));
        return {};
    }

    Result<void> take_tree(const ipld::Cid& root, std::string_view what) {
        m_what = what;
        FILFIL_CHECK(for_each_root(root, [&](ByteView cid) { found_link(cid); }));
        push_links();
        while (!m_stack.empty()) {
            const Open open = m_stack.back();
            m_stack.pop_back();
            if (m_stack.size() >= ahead) prefetch(m_stack[m_stack.size() - ahead]);
            FILFIL_CHECK(take_block(open));
        }
        return {};
    }

    Result<void> take_block(const Open& open) {
        const ByteView cid(open.cid, open.cid_size);
        if (open.section == 0) return missing(cid, m_what);
        if (!m_seen.insert(open.section)) return {};
        const std::byte* section = m_reader.arena().at(open.section);
        const SectionView view = view_section(section);
        if (!std::ranges::equal(view.cid, cid)) return missing(cid, m_what);
        emit(SectionRef(open.section, view.bytes.size()));
        if (open.leaf || view.codec() != ipld::Codec::dag_cbor) return {};
        // Sixteen fields: no other block of the chain has that many, so the closer look is rare.
        if (!view.data.empty() && view.data[0] == std::byte{0x90} && chain::decode_block_header(view.data).ok())
            return chain_in_tree(section);
        auto scanned = for_each_child(view.data, [&](ByteView child) { found_link(child); });
        if (!scanned.ok()) return std::move(scanned).error().in("block " + text_of(cid) + where());
        push_links();
        return {};
    }

    struct Link {
        std::uint64_t hash;
        ByteView cid;
    };

    void found_link(ByteView cid) {
        const std::uint64_t hash = m_reader.index().hash(cid);
        m_reader.index().prefetch(hash);
        m_links.push_back({hash, cid});
    }

    /// Puts the links of one block on the stack, the first on top. All of them are looked up together, each step's
    /// cache misses beside one another; most lead to blocks that were seen, and end here.
    void push_links() {
        m_hits.clear();
        for (const Link& link : m_links) {
            const BlockIndex::Hit hit = m_options.complete ? m_reader.index().find_known(link.hash, link.cid)
                                                           : m_reader.index().find(link.hash, link.cid);
            m_hits.push_back(hit);
            m_seen.prefetch(hit.offset);
        }
        for (std::size_t i = m_links.size(); i-- > 0;) {
            const BlockIndex::Hit hit = m_hits[i];
            if (hit.offset != 0 && m_seen.contains(hit.offset)) continue;
            m_stack.push_back(
                {hit.offset, m_links[i].cid.data(), static_cast<std::uint32_t>(m_links[i].cid.size()), hit.leaf});
        }
        const std::size_t fresh = std::min(m_links.size(), m_stack.size());
        for (std::size_t i = 0; i < std::min(fresh, ahead); ++i) prefetch(m_stack[m_stack.size() - 1 - i]);
        m_links.clear();
    }

    void prefetch(const Open& open) const noexcept {
        const std::byte* section = m_reader.arena().at(open.section);
        __builtin_prefetch(section);
        if (open.leaf) return;
        for (int line = 1; line < 4; ++line) __builtin_prefetch(section + line * 64);
    }

    [[nodiscard]] SectionRef ref_of(ArenaOffset offset) const noexcept {
        return {offset, view_section(m_reader.arena().at(offset)).bytes.size()};
    }

    void emit(SectionRef section) {
        m_out.push_back(section);
        m_unreported += section.size();
        if (m_unreported > 64 * MiB) report();
    }

    void report() noexcept {
        if (m_options.progress != nullptr) m_options.progress->advance(m_unreported);
        m_unreported = 0;
    }

    [[nodiscard]] std::string where() const {
        return ", reached from the " + std::string(m_what) + " of header " + text_of(m_header) + " (epoch " +
               std::to_string(m_header_epoch.value) + ")";
    }

    Error missing(ByteView cid, std::string_view what) {
        m_what = what;
        return {ErrorCode::not_found, "block " + text_of(cid) + " is missing" + where(),
                "use a source that holds the state and messages of all epochs asked for, or ask for fewer"};
    }

    static Error chain_in_tree(const std::byte* section) {
        return {ErrorCode::unsupported,
                "block header " + text_of(view_section(section).cid) +
                    " is linked to from state or messages, which would make the snapshot hold the "
                    "whole chain below it once more"};
    }

    BlockStore::Reader m_reader;
    const ChainView& m_chain;
    const WalkOptions& m_options;
    SectionSet m_seen;
    std::vector<SectionRef> m_out;
    std::vector<Open> m_stack;
    std::vector<Link> m_links;    ///< of the block that was opened last
    std::vector<BlockIndex::Hit> m_hits;
    std::int64_t m_oldest = 0;
    std::uint64_t m_unreported = 0;
    ByteView m_header;
    Epoch m_header_epoch;
    std::string_view m_what;
};

}    // namespace

Result<std::vector<SectionRef>> walk_canonical(const BlockStore& store, const ChainView& chain,
                                               const WalkOptions& options) {
    return Walk(store, chain, options).run({}, {});
}

Result<std::vector<SectionRef>> walk_all(const BlockStore& store, const ChainView& chain, const WalkOptions& options,
                                         std::span<const SectionRef> headers, std::span<const ipld::Cid> roots) {
    return Walk(store, chain, options).run(headers, roots);
}

}    // namespace filfil::snapshot
