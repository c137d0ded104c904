// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/dag_stream.hpp"

#include "car/header.hpp"
#include "car/writer.hpp"
#include "snapshot/children.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <ranges>

namespace filfil::retrieval {
namespace {

bool is_inlined(const ipld::Cid& cid) noexcept { return cid.hash().code == ipld::HashCode::identity; }

}    // namespace

std::optional<DagScope> parse_dag_scope(std::string_view text) noexcept {
    if (text == "all" || text == "entity") return DagScope::all;
    if (text == "block") return DagScope::block;
    return std::nullopt;
}

Result<std::optional<Bytes>> find_block(Catalog& catalog, const ipld::Cid& cid) {
    if (is_inlined(cid)) return std::optional(to_bytes(cid.hash().digest));
    return catalog.block(cid);
}

void DagStream::Pending::push(ByteView cid) {
    std::array<std::byte, 4> length;
    const auto bytes = static_cast<std::uint32_t>(cid.size());
    std::memcpy(length.data(), &bytes, length.size());
    m_bytes.insert(m_bytes.end(), cid.begin(), cid.end());
    m_bytes.insert(m_bytes.end(), length.begin(), length.end());
}

Bytes DagStream::Pending::pop() {
    std::uint32_t length = 0;
    std::memcpy(&length, m_bytes.data() + m_bytes.size() - sizeof(length), sizeof(length));
    const std::size_t begin = m_bytes.size() - sizeof(length) - length;
    Bytes out = to_bytes(ByteView(m_bytes).subspan(begin, length));
    m_bytes.resize(begin);
    return out;
}

DagStream::DagStream(Catalog& catalog, const ipld::Cid& root, DagScope scope, const DagLimits& limits)
    : m_catalog(catalog), m_scope(scope), m_limits(limits), m_ready(car::encode_header(std::span(&root, 1))) {}

Result<std::shared_ptr<DagStream>> DagStream::open(Catalog& catalog, const ipld::Cid& root, DagScope scope,
                                                   const DagLimits& limits) {
    FILFIL_TRY(const std::optional<Bytes> data, find_block(catalog, root));
    if (!data) return std::shared_ptr<DagStream>();
    std::shared_ptr<DagStream> out(new DagStream(catalog, root, scope, limits));
    out->m_seen.insert(root.bytes());
    FILFIL_CHECK(out->give(root, *data));
    return out;
}

Result<std::size_t> DagStream::read(ByteSpan out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        if (m_given == m_ready.size()) {
            m_ready.clear();
            m_given = 0;
            if (m_pending.empty()) break;
            FILFIL_CHECK(visit_next());
        }
        const std::size_t bytes = std::min(out.size() - filled, m_ready.size() - m_given);
        std::ranges::copy(ByteView(m_ready).subspan(m_given, bytes), out.subspan(filled).begin());
        filled += bytes;
        m_given += bytes;
    }
    return filled;
}

Result<void> DagStream::visit_next() {
    const Bytes next = m_pending.pop();
    if (!m_seen.insert(next)) return {};
    FILFIL_TRY(const ipld::Cid cid, ipld::Cid::from_bytes(next));
    FILFIL_TRY(const std::optional<Bytes> data, m_catalog.block(cid));
    if (!data)
        return Error(ErrorCode::not_found, "block " + cid.text() + " of a DAG is not in memory here",
                     "ask for a DAG that lies inside of the snapshot, such as a state root, or fetch the snapshot");
    return give(cid, *data);
}

Result<void> DagStream::give(const ipld::Cid& cid, ByteView data) {
    if (!is_inlined(cid)) {
        if (m_blocks == m_limits.blocks)
            return Error(ErrorCode::too_large,
                         "a DAG has more than the " + std::to_string(m_limits.blocks) + " blocks that are sent at once",
                         "ask for its parts, or for pieces of the snapshot");
        ++m_blocks;
        car::append_section(m_ready, cid.bytes(), data);
    }
    if (m_scope == DagScope::all && cid.codec() == ipld::Codec::dag_cbor) return follow(cid, data);
    return {};
}

Result<void> DagStream::follow(const ipld::Cid& cid, ByteView data) {
    m_children.clear();
    auto scanned = snapshot::for_each_child(data, [&](ByteView child) { m_children.push_back(child); });
    if (!scanned.ok()) return std::move(scanned).error().in("block " + cid.text() + " of a DAG");
    for (const ByteView child : std::views::reverse(m_children)) m_pending.push(child);
    if (m_pending.bytes() > m_limits.pending_bytes)
        return Error(ErrorCode::too_large, "a DAG has too many links that wait at block " + cid.text(),
                     "ask for its parts, or for pieces of the snapshot");
    return {};
}

}    // namespace filfil::retrieval
