// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/reader.hpp"

#include "ipld/varint.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace filfil::car {
namespace {

constexpr std::uint64_t no_end = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t first_read = 64 * KiB;

/// A metadata block names a handful of CIDs; nothing larger is kept to look for the F3 block's CID in.
constexpr std::size_t max_metadata = 64 * KiB;

constexpr std::string_view again = "the file is not whole: copy or download it again";
constexpr std::string_view no_car = "give a CARv1 or CARv2 file, plain or zstd-compressed";

/// The same as ipld::read_varint(), without its error object for the lengths that nearly all sections have.
Result<ipld::Varint> read_length(ByteView bytes) {
    if (bytes.size() >= 2) {
        const auto low = std::to_integer<std::uint64_t>(bytes[0]);
        const auto high = std::to_integer<std::uint64_t>(bytes[1]);
        if (low < 0x80) return ipld::Varint{low, 1};
        if (high < 0x80 && high != 0) return ipld::Varint{(low & 0x7f) | high << 7, 2};
    }
    return ipld::read_varint(bytes);
}

}    // namespace

std::string_view name_of(Damage damage) noexcept {
    switch (damage) {
        case Damage::none: return "none";
        case Damage::truncated: return "truncated";
        case Damage::zero_padding: return "zero padding";
        case Damage::no_section: return "no section";
        case Damage::oversized: return "oversized";
        case Damage::unreadable: return "unreadable";
    }
    return "none";
}

Reader::Reader(std::unique_ptr<ByteSource> source, const ReaderOptions& options)
    : m_source(std::move(source)), m_options(options), m_left(no_end) {
    m_header.compression = m_source->compression();
}

Result<Reader> Reader::open(std::unique_ptr<ReadableFile> file, const ReaderOptions& options) {
    FILFIL_TRY(auto source, open_source(std::move(file), options.progress));
    Reader reader(std::move(source), options);
    FILFIL_CHECK(reader.read_header());
    return reader;
}

Result<Reader> Reader::open(Files& files, const std::string& path, const ReaderOptions& options) {
    FILFIL_TRY(auto file, files.open(path));
    return open(std::move(file), options);
}

Reader Reader::of_sections(std::unique_ptr<ByteSource> source, const ReaderOptions& options) {
    return {std::move(source), options};
}

Result<bool> Reader::read(Batch& batch) {
    batch.m_sections.clear();
    batch.m_used = 0;
    if (!m_failure) {
        Result<void> status = read_into(batch);
        if (!status.ok()) m_failure = std::move(status).error();
    }
    m_sections += batch.m_sections.size();
    m_offset += batch.m_used;
    if (!batch.m_sections.empty()) return true;
    if (m_failure) return *m_failure;
    return false;
}

Result<std::optional<Section>> Reader::next() {
    if (m_own_next == m_own.sections().size()) {
        m_own_next = 0;
        FILFIL_TRY(const bool more, read(m_own));
        if (!more) return std::optional<Section>{};
    }
    return std::optional(m_own.sections()[m_own_next++]);
}

// ---- header

Result<void> Reader::read_header() {
    FILFIL_TRY(HeaderFields fields, read_header_map());
    if (fields.version == 2) {
        FILFIL_CHECK(enter_v2());
        FILFIL_TRY(fields, read_header_map());
        if (fields.version != 1)
            return Error(ErrorCode::corrupt,
                         at(m_offset) + ": the data inside this CARv2 is a CAR of version " +
                             std::to_string(fields.version) + ", not 1",
                         std::string(no_car));
    }
    if (fields.version != 1)
        return Error(
            ErrorCode::unsupported,
            name() + ": the CAR header says version " + std::to_string(fields.version) + "; only 1 and 2 exist",
            std::string(no_car));
    m_header.roots = std::move(fields.roots);
    m_offset += m_header.bytes.size();
    drop_carry(m_header.bytes.size());
    return {};
}

/// Reads the header map at the front of m_carry and leaves it there; m_header.bytes is its copy.
Result<HeaderFields> Reader::read_header_map() {
    const auto is_none = [&](std::string_view why) {
        return Error(ErrorCode::corrupt, at(m_offset) + ": is no CAR: " + std::string(why), std::string(no_car));
    };
    FILFIL_TRY(const bool any, fill(1));
    if (!any)
        return Error(ErrorCode::truncated, at(m_offset) + ": holds no CAR: there are no bytes", std::string(again));
    FILFIL_CHECK(fill(ipld::max_varint_length));
    const auto length = ipld::read_varint(m_carry);
    if (!length.ok()) return is_none("its first bytes are no header length (" + length.error().message + ")");
    if (length->value == 0) return is_none("its header has length 0");

    // The map's first byte is looked at before its length is believed: random files announce huge headers.
    FILFIL_TRY(const bool has_map, fill(length->length + 1));
    if (has_map && (m_carry[length->length] & std::byte{0xe0}) != std::byte{0xa0})
        return is_none("its header is no CBOR map");
    if (length->value > m_options.limits.header)
        return Error(ErrorCode::too_large,
                     at(m_offset) + ": the CAR header announces " + std::to_string(length->value) +
                         " bytes, more than the limit of " + format_size(m_options.limits.header),
                     std::string(no_car));
    const std::size_t size = length->length + static_cast<std::size_t>(length->value);
    FILFIL_TRY(const bool whole, fill(size));
    if (!whole)
        return Error(ErrorCode::truncated,
                     at(m_offset) + ": the CAR header announces " + std::to_string(length->value) +
                         " bytes, and the file ends after " + std::to_string(m_carry.size() - length->length) +
                         " of them",
                     std::string(again));
    m_header.bytes = to_bytes(ByteView(m_carry).first(size));
    auto fields = decode_header(ByteView(m_header.bytes).subspan(length->length));
    if (!fields.ok()) {
        Error error = std::move(fields).error().in(at(m_offset));
        error.remedy = no_car;
        return error;
    }
    return fields;
}

/// Goes from the pragma to the start of the inner CARv1.
Result<void> Reader::enter_v2() {
    if (m_header.bytes.size() != v2_pragma_size)
        return Error(
            ErrorCode::corrupt,
            name() + ": the CARv2 pragma has " + std::to_string(m_header.bytes.size()) + " bytes instead of 11",
            std::string(no_car));
    FILFIL_TRY(const bool whole, fill(v2_pragma_size + v2_header_size));
    if (!whole)
        return Error(
            ErrorCode::truncated,
            name() + ": ends at byte " + std::to_string(m_carry.size()) + " inside the CARv2 header of 51 bytes",
            std::string(again));
    auto v2 = decode_header_v2(ByteView(m_carry).subspan<v2_pragma_size, v2_header_size>());
    if (!v2.ok()) {
        Error error = std::move(v2).error().in(name());
        error.remedy = "the file was damaged or its writer did not finish it: copy or make it again";
        return error;
    }
    m_header.version = 2;
    m_header.v2 = *v2;
    m_header.payload_offset = v2->data_offset;
    FILFIL_CHECK(skip_to(v2->data_offset));
    if (m_carry.size() > v2->data_size) m_carry.resize(static_cast<std::size_t>(v2->data_size));
    m_left = v2->data_size - m_carry.size();
    return {};
}

Result<void> Reader::skip_to(std::uint64_t offset) {
    const auto ends = [&](std::uint64_t size) {
        return Error(ErrorCode::truncated,
                     name() + ": the CARv2 header puts the data at byte " + std::to_string(offset) +
                         ", and the file ends at byte " + std::to_string(size),
                     std::string(again));
    };
    if (const auto size = m_source->size(); size && *size < offset) return ends(*size);
    while (m_offset < offset) {
        if (m_carry.empty()) {
            FILFIL_TRY(const bool more, fill(1));
            if (!more) return ends(m_offset);
        }
        const std::uint64_t step = std::min<std::uint64_t>(offset - m_offset, m_carry.size());
        m_offset += step;
        drop_carry(static_cast<std::size_t>(step));
    }
    return {};
}

/// Reads until m_carry holds `size` bytes. Memory grows with what is there, not with `size`.
/// @return whether there were so many
Result<bool> Reader::fill(std::size_t size) {
    while (m_carry.size() < size) {
        const std::size_t had = m_carry.size();
        m_carry.resize(std::max(first_read, std::min(size, 2 * had)));
        auto n = pull(ByteSpan(m_carry).subspan(had));
        m_carry.resize(had + (n.ok() ? *n : 0));
        if (!n.ok()) return std::move(n).error();
        if (m_carry.size() == had) return false;
    }
    return true;
}

/// Fills `out` as far as the payload goes. @return bytes, short only at the end or before a failure
Result<std::size_t> Reader::pull(ByteSpan out) {
    if (out.size() > m_left) out = out.first(static_cast<std::size_t>(m_left));
    std::size_t done = 0;
    while (done < out.size() && !m_source_failure) {
        auto n = m_source->read(out.subspan(done));
        if (!n.ok())
            m_source_failure = std::move(n).error();
        else if (*n == 0)
            break;
        else
            done += *n;
    }
    if (m_left != no_end) m_left -= done;
    if (done == 0 && m_source_failure) return *m_source_failure;
    return done;
}

void Reader::drop_carry(std::size_t size) {
    m_carry.erase(m_carry.begin(), m_carry.begin() + static_cast<std::ptrdiff_t>(size));
}

// ---- sections

/// Number and place of the section that comes behind those in `batch`.
Section Reader::upcoming(const Batch& batch) const {
    Section section;
    section.number = m_sections + batch.m_sections.size();
    section.offset = m_offset + batch.m_used;
    return section;
}

Result<void> Reader::read_into(Batch& batch) {
    Bytes& buffer = batch.m_buffer;
    buffer.resize(std::max({buffer.size(), m_options.batch_bytes, m_carry.size()}));
    std::ranges::copy(m_carry, buffer.begin());
    std::size_t have = m_carry.size();
    m_carry.clear();

    for (;;) {
        const std::size_t room = buffer.size() - have;
        auto pulled = pull(ByteSpan(buffer).subspan(have));
        if (!pulled.ok()) {
            m_damage = Damage::unreadable;
            return std::move(pulled).error();
        }
        have += *pulled;
        std::size_t need = 0;
        while (batch.m_used < have) {
            Section section = upcoming(batch);
            const ByteView rest = ByteView(buffer).subspan(batch.m_used, have - batch.m_used);
            FILFIL_TRY(const std::size_t size, take_section(rest, section));
            if (size > rest.size()) {
                need = size;
                break;
            }
            batch.m_used += size;
            batch.m_sections.push_back(section);
        }
        const ByteView rest = ByteView(buffer).subspan(batch.m_used, have - batch.m_used);
        const bool ended = *pulled < room && !m_source_failure;
        if (ended && !rest.empty()) return cut_section(upcoming(batch), rest);
        if (ended && m_left != no_end && m_left != 0) return cut_payload(m_offset + batch.m_used);
        if (ended || !batch.m_sections.empty()) {
            m_carry.assign(rest.begin(), rest.end());
            return {};
        }
        // One section is larger than the buffer, which grows no faster than bytes come in.
        if (need > buffer.size()) buffer.resize(std::min(need, 2 * buffer.size()));
    }
}

/// Reads the section at the front of `bytes`; number and offset are set already.
/// @return its size, which is more than there are bytes if it is not whole yet
Result<std::size_t> Reader::take_section(ByteView bytes, Section& section) {
    const auto length = read_length(bytes);
    if (!length.ok()) {
        if (length.error().code == ErrorCode::truncated) return bytes.size() + 1;
        return bad_section(section, Damage::no_section, ErrorCode::corrupt,
                           "has a bad length (" + length.error().message + ")");
    }
    if (length->value == 0) return zero_section(section, bytes);
    if (length->value > m_options.limits.section) {
        FILFIL_TRY(const bool known, allow_large(section, bytes.subspan(length->length), length->value));
        if (!known) return bytes.size() + 1;
    }
    const std::size_t size = length->length + static_cast<std::size_t>(length->value);
    if (size > bytes.size()) return size;

    const ByteView content = bytes.subspan(length->length, size - length->length);
    auto cid = read_cid_view(content);
    if (!cid.ok())
        return bad_section(section, Damage::no_section, ErrorCode::corrupt,
                           "does not begin with a CID (" + cid.error().message + ")");
    section.bytes = bytes.first(size);
    section.cid = cid->bytes;
    section.codec = cid->codec;
    section.hash = cid->hash;
    section.data = content.subspan(cid->bytes.size());
    if (section.number == 0 && m_header.roots.size() == 1 && section.data.size() <= max_metadata &&
        std::ranges::equal(section.cid, m_header.roots[0].bytes()))
        m_first_block = to_bytes(section.data);
    return size;
}

/// Whether a section over the limit is the F3 block; false if its CID is not read yet.
Result<bool> Reader::allow_large(const Section& section, ByteView content, std::uint64_t length) {
    auto cid = read_cid_view(content);
    if (!cid.ok() && cid.error().code == ErrorCode::truncated) return false;
    if (!cid.ok())
        return bad_section(section, Damage::no_section, ErrorCode::corrupt,
                           "announces " + std::to_string(length) + " bytes and does not begin with a CID (" +
                               cid.error().message + ")");
    const bool is_f3 = section.number == 1 && cid->codec == ipld::Codec::raw &&
                       !std::ranges::search(m_first_block, cid->bytes).empty();
    if (is_f3 && length <= m_options.limits.f3_section) return true;
    return bad_section(section, Damage::oversized, ErrorCode::too_large,
                       "announces " + std::to_string(length) + " bytes, more than the limit of " +
                           format_size(is_f3 ? m_options.limits.f3_section : m_options.limits.section));
}

Error Reader::bad_section(const Section& section, Damage damage, ErrorCode code, std::string_view why) {
    m_damage = damage;
    std::string remedy = "bytes were appended to the CAR there or it was damaged: copy or download it again";
    if (damage == Damage::truncated) remedy = again;
    if (damage == Damage::oversized)
        remedy = "Filecoin nodes refuse such a CAR too: split the block where the CAR is made";
    return {code, at(section.offset) + ": section " + std::to_string(section.number) + " " + std::string(why),
            std::move(remedy)};
}

Error Reader::zero_section(const Section& section, ByteView bytes) {
    const bool zeros = std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
    if (!zeros) return bad_section(section, Damage::no_section, ErrorCode::corrupt, "has length 0");
    Error error = bad_section(section, Damage::zero_padding, ErrorCode::corrupt,
                              "has length 0: zeros follow the last section, as in a CAR that was padded to a piece");
    error.remedy = "cut the padding off: the CAR proper ends at byte " + std::to_string(section.offset);
    return error;
}

/// The payload ends and `bytes`, which are no whole section, are left.
Error Reader::cut_section(const Section& section, ByteView bytes) {
    const auto length = ipld::read_varint(bytes);
    if (!length.ok())
        return bad_section(section, Damage::truncated, ErrorCode::truncated, "is cut off inside its length");
    const ByteView content = bytes.subspan(length->length);
    // Bytes that cannot be the start of a section were never one.
    if (const auto cid = read_cid_view(content); !cid.ok() && cid.error().code != ErrorCode::truncated)
        return bad_section(section, Damage::no_section, ErrorCode::corrupt,
                           "does not begin with a CID (" + cid.error().message + ")");
    return bad_section(section, Damage::truncated, ErrorCode::truncated,
                       "announces " + std::to_string(length->value) + " bytes, and the " +
                           (m_header.version == 2 && m_left == 0 ? "data of the CARv2" : "file") + " ends after " +
                           std::to_string(content.size()) + " of them");
}

/// The file ends before the data that a CARv2 header announces, between two sections.
Error Reader::cut_payload(std::uint64_t end) {
    m_damage = Damage::truncated;
    return {ErrorCode::truncated,
            at(end) + ": the file ends, and the CARv2 header announces data up to byte " +
                std::to_string(m_header.v2->data_offset + m_header.v2->data_size),
            std::string(again)};
}

std::string Reader::at(std::uint64_t offset) const {
    if (offset == 0) return name();
    const std::string_view unit = m_header.compression == Compression::none ? "" : " of the uncompressed CAR";
    return name() + " at byte " + std::to_string(offset) + std::string(unit);
}

}    // namespace filfil::car
