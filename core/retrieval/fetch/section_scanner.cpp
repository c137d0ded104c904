// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/section_scanner.hpp"

#include "car/block_checker.hpp"
#include "car/header.hpp"
#include "car/reader.hpp"
#include "ipld/varint.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

/// What announces the F3 block (FRC-0108) names a handful of CIDs.
constexpr std::size_t most_metadata = 64 * KiB;

std::string name_of(const car::Section& section) { return "block " + section.cid_copy().text(); }

}    // namespace

struct SectionScanner::Taken {
    std::size_t size = 0;    ///< 0: there are not enough bytes yet
    car::Section section;
};

std::optional<SectionScanner::Fault> SectionScanner::feed(ByteView bytes, bool last) {
    if (!m_carry.empty()) {
        m_carry.insert(m_carry.end(), bytes.begin(), bytes.end());
        bytes = m_carry;
    }
    std::size_t used = 0;
    if (m_header == nullptr)
        if (auto fault = read_header(bytes, used)) return fault;
    std::size_t sections = 0;
    if (auto fault = take(bytes.subspan(used), sections)) {
        return fault;
    }
    used += sections;
    Bytes rest = to_bytes(bytes.subspan(used));
    m_carry = std::move(rest);
    m_at += used;
    if (last && !m_carry.empty()) return Fault{m_at, "it ends inside of a section"};
    return std::nullopt;
}

std::optional<SectionScanner::Fault> SectionScanner::read_header(ByteView bytes, std::size_t& used) {
    const auto length = ipld::read_varint(bytes);
    if (!length.ok()) return Fault{0, "it does not begin as a CAR does"};
    if (length->value > bytes.size() - length->length) return Fault{0, "its CAR header is too long, or none"};
    used = length->length + static_cast<std::size_t>(length->value);
    const auto fields = car::decode_header(bytes.subspan(length->length, static_cast<std::size_t>(length->value)));
    if (!fields.ok()) return Fault{0, fields.error().message};
    if (fields->version != 1) return Fault{0, "it is no CAR of version 1"};
    m_header = std::make_shared<const Bytes>(to_bytes(bytes.first(used)));
    if (fields->roots.size() == 1) m_root = fields->roots[0];
    return std::nullopt;
}

std::optional<SectionScanner::Fault> SectionScanner::take(ByteView bytes, std::size_t& used) {
    const std::uint64_t at = m_at + (m_blocks == 0 && m_at == 0 ? m_header->size() : 0);
    std::vector<car::Section> sections;
    std::optional<Fault> fault;
    while (used < bytes.size()) {
        Taken taken;
        fault = read_section(bytes.subspan(used), at + used, taken);
        if (fault || taken.size == 0) break;
        if (m_blocks == 0 && m_root && taken.section.data.size() <= most_metadata &&
            std::ranges::equal(taken.section.cid, m_root->bytes()))
            m_first_block = to_bytes(taken.section.data);
        if (++m_blocks > 1) m_first_block.clear();
        sections.push_back(taken.section);
        used += taken.size;
    }
    // What has a wrong hash stands before what cannot be read.
    car::BlockChecker checker;
    const auto verdicts = checker.check(sections);
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (verdicts[i] == car::Verdict::wrong)
            return Fault{sections[i].offset, name_of(sections[i]) + " does not have the hash of its CID"};
        // The chain has no such blocks, and a byte that is flipped in a CID makes one.
        if (verdicts[i] == car::Verdict::unknown)
            return Fault{sections[i].offset, name_of(sections[i]) + " has a hash that nobody can check"};
    }
    return fault;
}

std::optional<SectionScanner::Fault> SectionScanner::read_section(ByteView bytes, std::uint64_t at, Taken& out) const {
    const auto length = ipld::read_varint(bytes);
    if (!length.ok()) {
        if (length.error().code == ErrorCode::truncated) return std::nullopt;
        return Fault{at, "a section of its CAR has a length that is none"};
    }
    if (length->value == 0) return Fault{at, "a section of its CAR has length 0"};
    const ByteView content = bytes.subspan(length->length);
    if (length->value > car::Limits{}.section) {
        const auto cid = car::read_cid_view(content);
        if (!cid.ok() && cid.error().code == ErrorCode::truncated) return std::nullopt;
        if (!cid.ok() || length->value > car::Limits{}.f3_section || !may_be_large(cid->bytes))
            return Fault{at, "a section of its CAR is said to have " + std::to_string(length->value) + " bytes"};
    }
    if (length->value > content.size()) {
        // Bytes that cannot be the start of a section are found out now, not when all of it has come.
        const auto cid = car::read_cid_view(content);
        if (!cid.ok() && cid.error().code != ErrorCode::truncated)
            return Fault{at, "a section of its CAR does not begin with a CID"};
        return std::nullopt;
    }
    const ByteView whole = content.first(static_cast<std::size_t>(length->value));
    const auto cid = car::read_cid_view(whole);
    if (!cid.ok()) return Fault{at, "a section of its CAR does not begin with a CID"};
    out.size = length->length + whole.size();
    out.section.number = m_blocks;
    out.section.offset = at;
    out.section.bytes = bytes.first(out.size);
    out.section.cid = cid->bytes;
    out.section.codec = cid->codec;
    out.section.hash = cid->hash;
    out.section.data = whole.subspan(cid->bytes.size());
    return std::nullopt;
}

bool SectionScanner::may_be_large(ByteView cid) const {
    return m_blocks == 1 && !std::ranges::search(m_first_block, cid).empty();
}

}    // namespace filfil::retrieval
