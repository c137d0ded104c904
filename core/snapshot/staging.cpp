// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/staging.hpp"

#include "ipld/digest.hpp"
#include "ipld/varint.hpp"
#include "snapshot/arena.hpp"
#include "snapshot/roots.hpp"

#include <algorithm>
#include <string>

namespace filfil::snapshot {
namespace {

/// So few that the cache still has the first of them when the last was asked for.
constexpr std::size_t links_at_once = 128;

std::string below(const ipld::Cid& cid, const ipld::Cid& root) {
    return "block " + cid.text() + (cid == root ? std::string() : ", below " + root.text());
}

Error wrong_hash(const ipld::Cid& cid, const ipld::Cid& root) {
    return {ErrorCode::mismatch, below(cid, root) + ": the source gave bytes that do not have this hash",
            "ask another node, or take a file whose blocks `fil-fil car verify` finds right"};
}

}    // namespace

void Staging::want(const Link& link) {
    if (m_store.find(link.hash, link.cid).offset != 0) return;
    auto cid = ipld::Cid::from_bytes(link.cid);
    if (!cid.ok() || !m_known.insert(*cid).second) return;
    m_wanted.push_back(std::move(*cid));
    m_wanted_for.push_back(link.root);
}

/// Slots and sections of many links come from memory together, where each alone would be waited for.
void Staging::look_at_links() {
    for (const Link& link : m_links) m_store.prefetch_section(link.hash);
    for (const Link& link : m_links) want(link);
    m_links.clear();
}

Result<void> Staging::fetch(std::span<const ipld::Cid> roots, BlockSource& source) {
    for (std::uint32_t i = 0; i < roots.size(); ++i)
        FILFIL_CHECK(for_each_root(roots[i], [&](ByteView cid) { want({m_store.hash(cid), cid, i}); }));
    while (!m_wanted.empty()) FILFIL_CHECK(take_wave(roots, source));
    return {};
}

Result<void> Staging::take_wave(std::span<const ipld::Cid> roots, BlockSource& source) {
    const std::vector<ipld::Cid> wanted = std::exchange(m_wanted, {});
    const std::vector<std::uint32_t> wanted_for = std::exchange(m_wanted_for, {});
    if (m_blocks.size() + wanted.size() > m_limits.blocks)
        return Error(ErrorCode::too_large,
                     "more than " + std::to_string(m_limits.blocks) + " blocks are new below " +
                         roots[wanted_for.front()].text() + ": the state was migrated",
                     "start again from a snapshot that was made after the migration");
    std::vector<Result<Bytes>> fetched = source.fetch(wanted);
    ++m_report.waves;
    if (fetched.size() != wanted.size())
        return Error(ErrorCode::internal, "the source gave " + std::to_string(fetched.size()) + " answers to " +
                                              std::to_string(wanted.size()) + " requests");
    const std::size_t first = m_blocks.size();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const ipld::Cid& root = roots[wanted_for[i]];
        if (!fetched[i].ok()) return std::move(fetched[i]).error().in(below(wanted[i], root));
        Bytes data = std::move(*fetched[i]);
        const std::uint64_t content = wanted[i].bytes().size() + data.size();
        const std::uint64_t section = content + ipld::varint_length(content);
        if (section > max_section_bytes)
            return Error(ErrorCode::too_large, below(wanted[i], root) + " has " + std::to_string(data.size()) +
                                                   " bytes, and a section may have " +
                                                   std::to_string(max_section_bytes));
        m_footprint += Arena::footprint(section);
        m_largest = std::max(m_largest, Arena::footprint(section));
        m_report.bytes += data.size();
        ++m_report.blocks;
        if (m_report.bytes > m_limits.bytes)
            return Error(ErrorCode::too_large,
                         "more than " + format_size(m_limits.bytes) + " are new below " + root.text() +
                             ": the state was migrated",
                         "start again from a snapshot that was made after the migration");
        m_blocks.push_back({wanted[i], std::move(data), wanted_for[i]});
    }
    FILFIL_CHECK(check(roots, first));
    return scan(roots, first);
}

Result<void> Staging::scan(std::span<const ipld::Cid> roots, std::size_t first) {
    for (std::size_t i = first; i < m_blocks.size(); ++i) {
        Block& block = m_blocks[i];
        if (block.cid.codec() != ipld::Codec::dag_cbor) continue;
        const auto found = [&](ByteView cid) {
            block.leaf = false;
            const std::uint64_t hash = m_store.hash(cid);
            m_store.prefetch(hash);
            m_links.push_back({hash, cid, block.root});
        };
        if (auto scanned = for_each_child(block.data, found); !scanned.ok())
            return std::move(scanned).error().in(below(block.cid, roots[block.root]));
        if (m_links.size() >= links_at_once) look_at_links();
    }
    look_at_links();
    return {};
}

Result<void> Staging::check(std::span<const ipld::Cid> roots, std::size_t first) const {
    std::vector<ByteView> data;
    std::vector<std::size_t> places;
    for (std::size_t i = first; i < m_blocks.size(); ++i) {
        const Block& block = m_blocks[i];
        const ipld::MultihashView hash = block.cid.hash();
        if (hash.code == ipld::HashCode::blake2b_256 && hash.digest.size() == sizeof(ipld::Digest256)) {
            data.emplace_back(block.data);
            places.push_back(i);
            continue;
        }
        auto same = ipld::matches(hash, block.data);
        if (!same.ok()) return std::move(same).error().in(below(block.cid, roots[block.root]));
        if (!*same) return wrong_hash(block.cid, roots[block.root]);
    }
    std::vector<ipld::Digest256> digests(data.size());
    ipld::blake2b_256_many(data, digests);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Block& block = m_blocks[places[i]];
        if (!std::ranges::equal(block.cid.hash().digest, digests[i])) return wrong_hash(block.cid, roots[block.root]);
    }
    return {};
}

}    // namespace filfil::snapshot
