// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/writer.hpp"

#include "base/units.hpp"
#include "car/header.hpp"
#include "ipld/varint.hpp"

namespace filfil::car {
namespace {

constexpr std::size_t flush_size = 1 * MiB;

}    // namespace

void append_section(Bytes& out, ByteView cid, ByteView data) {
    ipld::append_varint(out, cid.size() + data.size());
    out.insert(out.end(), cid.begin(), cid.end());
    out.insert(out.end(), data.begin(), data.end());
}

Result<void> Writer::header(std::span<const ipld::Cid> roots) { return raw(encode_header(roots)); }

Result<void> Writer::block(ByteView cid, ByteView data) {
    const std::size_t before = m_buffer.size();
    append_section(m_buffer, cid, data);
    m_written += m_buffer.size() - before;
    return flush_full();
}

Result<void> Writer::raw(ByteView bytes) {
    m_written += bytes.size();
    // Large runs are not copied through the buffer.
    if (bytes.size() >= flush_size) {
        FILFIL_CHECK(finish());
        return m_sink.write(bytes);
    }
    m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
    return flush_full();
}

Result<void> Writer::finish() {
    if (m_buffer.empty()) return {};
    FILFIL_CHECK(m_sink.write(m_buffer));
    m_buffer.clear();
    return {};
}

Result<void> Writer::flush_full() {
    if (m_buffer.size() < flush_size) return {};
    return finish();
}

}    // namespace filfil::car
