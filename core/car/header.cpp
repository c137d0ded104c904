// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/header.hpp"

#include "car/little_endian.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace filfil::car {
namespace {

enum class Major : unsigned { unsigned_int = 0, bytes = 2, text = 3, array = 4, map = 5, tag = 6 };

constexpr std::uint64_t cid_tag = 42;

std::string_view name_of(Major major) noexcept {
    switch (major) {
        case Major::unsigned_int: return "an unsigned number";
        case Major::bytes: return "a byte string";
        case Major::text: return "a text";
        case Major::array: return "an array";
        case Major::map: return "a map";
        case Major::tag: return "a tag";
    }
    return "an item";
}

/// Reads the few kinds of CBOR items that a header is made of.
class HeaderCursor {
public:
    explicit HeaderCursor(ByteView map) : m_bytes(map) {}

    [[nodiscard]] std::size_t position() const noexcept { return m_at; }
    [[nodiscard]] bool at_end() const noexcept { return m_at == m_bytes.size(); }

    /// The argument of an item that must be of kind `major`.
    Result<std::uint64_t> expect(Major major, std::string_view what) {
        if (at_end()) return ends(what);
        const auto first = std::to_integer<unsigned>(m_bytes[m_at]);
        if (first >> 5 != static_cast<unsigned>(major))
            return bad("holds no " + std::string(what) + " (" + std::string(name_of(major)) + ")");
        const unsigned info = first & 31U;
        if (info > 27) return bad("has a CBOR item of indefinite or reserved length for its " + std::string(what));
        ++m_at;
        if (info < 24) return std::uint64_t{info};
        const std::size_t width = std::size_t{1} << (info - 24);
        if (m_bytes.size() - m_at < width) return ends(what);
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < width; ++i) value = value << 8 | std::to_integer<std::uint64_t>(m_bytes[m_at + i]);
        m_at += width;
        return value;
    }

    /// The content of a byte or text string.
    Result<ByteView> string(Major major, std::string_view what) {
        FILFIL_TRY(const std::uint64_t size, expect(major, what));
        if (size > m_bytes.size() - m_at) return ends(what);
        const ByteView out = m_bytes.subspan(m_at, static_cast<std::size_t>(size));
        m_at += out.size();
        return out;
    }

    [[nodiscard]] Error bad(std::string_view why) const {
        return {ErrorCode::corrupt,
                "the CAR header " + std::string(why) + " at byte " + std::to_string(m_at) + " of its map"};
    }

private:
    [[nodiscard]] Error ends(std::string_view what) const {
        return {ErrorCode::truncated, "the CAR header ends at byte " + std::to_string(m_bytes.size()) +
                                          " of its map, inside its " + std::string(what)};
    }

    ByteView m_bytes;
    std::size_t m_at = 0;
};

Result<ipld::Cid> read_root(HeaderCursor& cursor) {
    FILFIL_TRY(const std::uint64_t tag, cursor.expect(Major::tag, "root CID"));
    if (tag != cid_tag) return cursor.bad("has tag " + std::to_string(tag) + " where a root CID (tag 42) is meant");
    FILFIL_TRY(const ByteView bytes, cursor.string(Major::bytes, "root CID"));
    if (bytes.empty() || bytes[0] != std::byte{0})
        return cursor.bad("has a root CID without its leading zero byte before");
    auto cid = ipld::Cid::from_bytes(bytes.subspan(1));
    if (!cid.ok()) return cursor.bad("has a bad root CID (" + cid.error().message + ") before");
    return cid;
}

Result<std::vector<ipld::Cid>> read_roots(HeaderCursor& cursor) {
    FILFIL_TRY(const std::uint64_t count, cursor.expect(Major::array, "list of roots"));
    std::vector<ipld::Cid> roots;
    // No reserve by a count that the file claims: each root has to be there first.
    for (std::uint64_t i = 0; i < count; ++i) {
        FILFIL_TRY(ipld::Cid root, read_root(cursor));
        roots.push_back(std::move(root));
    }
    return roots;
}

void append_head(Bytes& out, Major major, std::uint64_t value) {
    const unsigned kind = static_cast<unsigned>(major) << 5;
    if (value < 24) {
        out.push_back(static_cast<std::byte>(kind | value));
        return;
    }
    const unsigned info = value <= 0xff ? 24 : value <= 0xffff ? 25 : value <= 0xffffffff ? 26 : 27;
    out.push_back(static_cast<std::byte>(kind | info));
    for (unsigned shift = 8U << (info - 24); shift != 0; shift -= 8)
        out.push_back(static_cast<std::byte>(value >> (shift - 8)));
}

void append_text(Bytes& out, std::string_view text) {
    append_head(out, Major::text, text.size());
    const ByteView bytes = bytes_of(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}    // namespace

Bytes encode_header(std::span<const ipld::Cid> roots) {
    Bytes map;
    append_head(map, Major::map, 2);
    append_text(map, "roots");
    append_head(map, Major::array, roots.size());
    for (const ipld::Cid& root : roots) {
        append_head(map, Major::tag, cid_tag);
        append_head(map, Major::bytes, root.bytes().size() + 1);
        map.push_back(std::byte{0});
        map.insert(map.end(), root.bytes().begin(), root.bytes().end());
    }
    append_text(map, "version");
    append_head(map, Major::unsigned_int, 1);

    Bytes out;
    ipld::append_varint(out, map.size());
    out.insert(out.end(), map.begin(), map.end());
    return out;
}

Result<HeaderFields> decode_header(ByteView map) {
    HeaderCursor cursor(map);
    FILFIL_TRY(const std::uint64_t entries, cursor.expect(Major::map, "map"));
    std::optional<std::uint64_t> version;
    std::optional<std::vector<ipld::Cid>> roots;
    for (std::uint64_t i = 0; i < entries; ++i) {
        FILFIL_TRY(const ByteView key, cursor.string(Major::text, "key"));
        if (chars_of(key) == "version" && !version) {
            FILFIL_TRY(version, cursor.expect(Major::unsigned_int, "version"));
        } else if (chars_of(key) == "roots" && !roots) {
            FILFIL_TRY(roots, read_roots(cursor));
        } else {
            return cursor.bad("has a key that is doubled or neither 'roots' nor 'version' before");
        }
    }
    if (!cursor.at_end()) return cursor.bad("goes on behind its map");
    if (!version) return cursor.bad("has no 'version'");
    return HeaderFields{*version, std::move(roots).value_or(std::vector<ipld::Cid>{})};
}

std::array<std::byte, v2_pragma_size + v2_header_size> encode_header_v2(const HeaderV2& header) noexcept {
    constexpr std::array<unsigned char, v2_pragma_size> pragma{0x0a, 0xa1, 0x67, 'v', 'e', 'r',
                                                               's',  'i',  'o',  'n', 0x02};
    std::array<std::byte, v2_pragma_size + v2_header_size> out{};
    std::ranges::transform(pragma, out.begin(), [](unsigned char c) { return static_cast<std::byte>(c); });
    std::byte* fields = out.data() + v2_pragma_size;
    if (header.fully_indexed) fields[0] = std::byte{0x80};
    store_u64(fields + 16, header.data_offset);
    store_u64(fields + 24, header.data_size);
    store_u64(fields + 32, header.index_offset);
    return out;
}

Result<HeaderV2> decode_header_v2(std::span<const std::byte, v2_header_size> bytes) {
    HeaderV2 header;
    header.fully_indexed = (bytes[0] & std::byte{0x80}) != std::byte{0};
    header.data_offset = load_u64(bytes.data() + 16);
    header.data_size = load_u64(bytes.data() + 24);
    header.index_offset = load_u64(bytes.data() + 32);
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    const auto bad = [](std::string_view field, std::uint64_t value, std::string_view why) {
        return Error(ErrorCode::corrupt, "the CARv2 header says " + std::string(field) + " " + std::to_string(value) +
                                             ", " + std::string(why));
    };
    if (header.data_offset < v2_pragma_size + v2_header_size)
        return bad("data offset", header.data_offset, "which lies inside the header of 51 bytes");
    if (header.data_size == 0) return bad("data size", header.data_size, "so it holds no CARv1");
    if (header.data_offset > most || header.data_size > most - header.data_offset)
        return bad("data size", header.data_size, "which ends beyond 2^63 bytes");
    if (header.index_offset != 0 && header.index_offset < header.data_offset + header.data_size)
        return bad("index offset", header.index_offset, "which lies before the end of the data");
    return header;
}

}    // namespace filfil::car
