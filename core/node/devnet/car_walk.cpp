// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/car_walk.hpp"

#include "car/header.hpp"
#include "car/writer.hpp"
#include "ipld/link_scan.hpp"

#include <algorithm>

namespace filfil::node {
namespace {

bool is_identity(const ipld::Cid& cid) { return cid.hash().code == ipld::HashCode::identity; }

bool is_kept(const ipld::Cid& cid) {
    const ipld::Codec codec = cid.codec();
    return !is_identity(cid) &&
           (codec == ipld::Codec::raw || codec == ipld::Codec::cbor || codec == ipld::Codec::dag_cbor);
}

}    // namespace

CarWalk::CarWalk(DevnetChain& chain, const DevnetChain::Known& head, std::int64_t recent_stateroots,
                 bool skip_old_messages)
    : m_chain(chain),
      m_head(head.epoch),
      m_recent(recent_stateroots),
      m_skip(skip_old_messages),
      m_headers(head.key.begin(), head.key.end()),
      m_roots(head.key) {}

Result<Bytes> CarWalk::next(std::size_t size) {
    Bytes out;
    if (!m_begun) {
        m_begun = true;
        car::MemorySink sink;
        car::Writer writer(sink);
        FILFIL_CHECK(writer.header(m_roots));
        FILFIL_CHECK(writer.finish());
        out = sink.bytes();
    }
    while (out.size() < size && !(m_stack.empty() && m_headers.empty())) FILFIL_CHECK(step(out));
    return out;
}

Result<void> CarWalk::step(Bytes& out) {
    if (m_stack.empty()) {
        const ipld::Cid header = std::move(m_headers.front());
        m_headers.pop_front();
        return m_seen.insert(header).second ? take_header(header, out) : Result<void>();
    }
    const Todo todo = std::move(m_stack.back());
    m_stack.pop_back();
    if (todo.tree && !m_walked.insert(todo.cid).second) return {};
    if (m_seen.insert(todo.cid).second && is_kept(todo.cid)) FILFIL_CHECK(emit(todo.cid, out));
    if (!todo.tree || todo.cid.codec() != ipld::Codec::dag_cbor) return {};
    FILFIL_TRY(const Bytes data, m_chain.block(todo.cid));
    const std::size_t before = m_stack.size();
    FILFIL_CHECK(ipld::scan_links(data, [&](ByteView link) {
        auto cid = ipld::Cid::from_bytes(link);
        if (cid.ok()) m_stack.push_back({std::move(*cid), true});
    }));
    // In the order of their bytes, each with all below it before the next.
    std::reverse(m_stack.begin() + static_cast<std::ptrdiff_t>(before), m_stack.end());
    return {};
}

Result<void> CarWalk::take_header(const ipld::Cid& cid, Bytes& out) {
    FILFIL_CHECK(emit(cid, out));
    FILFIL_TRY(const Bytes data, m_chain.block(cid));
    FILFIL_TRY(const chain::BlockHeader header, chain::decode_block_header(data));
    const bool genesis = header.height.value == 0;
    const bool recent = header.height.value > m_head.value - m_recent;
    // The last that is pushed comes first.
    if (genesis || recent) m_stack.push_back({header.parent_state_root, true});
    if (genesis)
        for (auto parent = header.parents.rbegin(); parent != header.parents.rend(); ++parent)
            m_stack.push_back({*parent, false});
    else
        m_headers.insert(m_headers.end(), header.parents.begin(), header.parents.end());
    if (!m_skip || recent) m_stack.push_back({header.messages, true});
    return {};
}

Result<void> CarWalk::emit(const ipld::Cid& cid, Bytes& out) {
    FILFIL_TRY(const Bytes data, m_chain.block(cid));
    car::append_section(out, cid.bytes(), data);
    return {};
}

}    // namespace filfil::node
