// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/prefixed_source.hpp"

#include "car/header.hpp"
#include "car/section.hpp"
#include "car/writer.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <utility>

namespace filfil::snapshot {

PrefixedSource::PrefixedSource(const SectionSource& body, Bytes header, std::vector<Bytes> prefix)
    : m_body(body), m_header(std::move(header)) {
    for (Bytes& section : prefix) {
        if (m_prefix.empty())
            m_prefix = std::move(section);
        else
            m_prefix.insert(m_prefix.end(), section.begin(), section.end());
        m_ends.push_back(m_prefix.size());
    }
}

Result<std::uint64_t> PrefixedSource::boundary_at(std::uint64_t offset) const {
    if (offset == 0) return std::uint64_t{0};
    if (offset <= m_prefix.size()) return *std::ranges::lower_bound(m_ends, offset);
    FILFIL_TRY(const std::uint64_t found, m_body.boundary_at(offset - m_prefix.size()));
    return m_prefix.size() + found;
}

Result<void> PrefixedSource::read(std::uint64_t offset, ByteSpan out) const {
    if (offset < m_prefix.size()) {
        const auto begin = static_cast<std::size_t>(offset);
        const std::size_t n = std::min(out.size(), m_prefix.size() - begin);
        std::copy_n(m_prefix.begin() + static_cast<std::ptrdiff_t>(begin), n, out.begin());
        out = out.subspan(n);
        offset += n;
    }
    if (out.empty()) return {};
    return m_body.read(offset - m_prefix.size(), out);
}

Result<std::unique_ptr<PrefixedSource>> as_version_2(const SectionSource& body, const chain::TipsetKey& head,
                                                     Bytes f3_section) {
    SnapshotMetadata metadata{.head = head, .f3_data = std::nullopt};
    if (!f3_section.empty()) {
        const auto length = ipld::read_varint(f3_section);
        const bool whole = length.ok() && length->value == f3_section.size() - length->length;
        const auto cid = whole ? car::read_cid_view(ByteView(f3_section).subspan(length->length))
                               : Result<car::CidView>(Error(ErrorCode::corrupt, ""));
        if (!cid.ok()) return Error(ErrorCode::invalid_argument, "the F3 data given is no CAR section");
        FILFIL_TRY(metadata.f3_data, ipld::Cid::from_bytes(cid->bytes));
    }
    FILFIL_TRY(const Bytes block, encode(metadata));
    const ipld::Cid root = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
    std::vector<Bytes> prefix(1);
    car::append_section(prefix[0], root.bytes(), block);
    if (!f3_section.empty()) prefix.push_back(std::move(f3_section));
    return std::make_unique<PrefixedSource>(body, car::encode_header(std::span(&root, 1)), std::move(prefix));
}

}    // namespace filfil::snapshot
