// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/recorded_blocks.hpp"

#include "base/units.hpp"
#include "car/writer.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <string>

namespace filfil::snapshot {
namespace {

constexpr std::size_t most_varint = 10;

/// Memory that a large head change of every epoch would otherwise have the system give anew each time.
constexpr std::size_t most_kept = 16 * MiB;

}    // namespace

std::vector<Result<Bytes>> RecordingSource::fetch(std::span<const ipld::Cid> cids) {
    std::vector<Result<Bytes>> out = m_source->fetch(cids);
    for (std::size_t i = 0; i < out.size() && i < cids.size(); ++i)
        if (out[i].ok() && !m_skipped.contains(cids[i])) keep(cids[i], *out[i]);
    return out;
}

void RecordingSource::keep(const ipld::Cid& cid, ByteView data) {
    const auto [place, first] = m_places.try_emplace(cid);
    Place& at = place->second;
    // What came before may have had the wrong hash, and was asked for again.
    if (!first && std::ranges::equal(data, ByteView(m_runs[at.run]).subspan(at.begin, at.size))) return;
    const std::size_t most = cid.bytes().size() + data.size() + most_varint;
    if (m_used == 0 || (!m_runs[m_used - 1].empty() && m_runs[m_used - 1].size() + most > m_run_bytes)) {
        if (m_used == m_runs.size()) m_runs.emplace_back();
        m_runs[m_used++].reserve(m_run_bytes);
    }
    Bytes& run = m_runs[m_used - 1];
    car::append_section(run, cid.bytes(), data);
    at = {m_used - 1, run.size() - data.size(), data.size()};
}

void RecordingSource::clear() {
    m_places.clear();
    m_used = 0;
    std::size_t kept = 0;
    std::erase_if(m_runs, [&](Bytes& run) {
        run.clear();
        kept += run.capacity();
        return kept > most_kept;
    });
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
