// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/recorded_blocks.hpp"

#include "car/writer.hpp"
#include "ipld/varint.hpp"

#include <string>

namespace filfil::snapshot {

std::vector<Result<Bytes>> RecordingSource::fetch(std::span<const ipld::Cid> cids) {
    std::vector<Result<Bytes>> out = m_source->fetch(cids);
    for (std::size_t i = 0; i < out.size() && i < cids.size(); ++i) {
        if (!out[i].ok()) continue;
        const auto [place, first] = m_places.emplace(cids[i], m_blocks.size());
        // What came before may have had the wrong hash, and was asked for again.
        if (first)
            m_blocks.push_back({cids[i], *out[i]});
        else
            m_blocks[place->second].data = *out[i];
    }
    return out;
}

void RecordingSource::clear() {
    m_blocks.clear();
    m_places.clear();
}

std::vector<Bytes> RecordingSource::sections(std::size_t at_most) const {
    std::vector<Bytes> out;
    for (const Block& block : m_blocks) {
        if (out.empty() || out.back().size() + block.data.size() + 128 > at_most) out.emplace_back();
        car::append_section(out.back(), block.cid.bytes(), block.data);
    }
    return out;
}

Result<void> RecordedBlocks::add(ByteView sections) {
    const ByteView all = sections;
    const auto wrong = [&](Error error) {
        return std::move(error).in("the section at byte " + std::to_string(all.size() - sections.size()));
    };
    while (!sections.empty()) {
        auto length = ipld::read_varint(sections);
        if (!length.ok()) return wrong(std::move(length).error());
        if (length->value > sections.size() - length->length)
            return wrong({ErrorCode::truncated, "it ends behind the end of the record"});
        const ByteView content = sections.subspan(length->length, length->value);
        auto cid = ipld::Cid::read(content);
        if (!cid.ok()) return wrong(std::move(cid).error());
        const ByteView data = content.subspan(cid->bytes().size());
        m_blocks.insert_or_assign(std::move(*cid), to_bytes(data));
        sections = sections.subspan(length->length + length->value);
    }
    return {};
}

std::vector<Result<Bytes>> RecordedBlocks::fetch(std::span<const ipld::Cid> cids) {
    std::vector<Result<Bytes>> out;
    out.reserve(cids.size());
    for (const ipld::Cid& cid : cids) {
        const auto found = m_blocks.find(cid);
        if (found == m_blocks.end())
            out.emplace_back(Error(ErrorCode::not_found, "block " + cid.text() + " was not recorded"));
        else
            out.emplace_back(found->second);
    }
    return out;
}

}    // namespace filfil::snapshot
