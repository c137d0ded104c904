// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/dag_cbor.hpp"

#include "ipld/cbor_head.hpp"
#include "ipld/utf8.hpp"

#include <algorithm>

namespace filfil::ipld {
namespace {

constexpr unsigned depth_limit = 1024;

constexpr std::byte simple_false{0xf4};
constexpr std::byte simple_true{0xf5};
constexpr std::byte simple_null{0xf6};

/// DAG-CBOR's order of map keys: shorter first, then bytewise.
bool key_less(std::string_view a, std::string_view b) noexcept {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

class Decoder {
public:
    Decoder(ByteView block, const DagCborOptions& options)
        : m_block(block), m_check_utf8(options.check_utf8), m_max_depth(std::min(options.max_depth, depth_limit)) {}

    Result<Value> whole() {
        FILFIL_TRY(Value value, item(0));
        if (m_at != m_block.size())
            return wrong(
                ErrorCode::corrupt, m_at,
                "the block's value ends here, and " + std::to_string(m_block.size() - m_at) + " more bytes follow");
        return value;
    }

private:
    [[nodiscard]] Error wrong(ErrorCode code, std::size_t at, std::string_view why) const {
        return {code, "DAG-CBOR block of " + std::to_string(m_block.size()) + " bytes, at byte " + std::to_string(at) +
                          ": " + std::string(why)};
    }

    Result<CborHead> head() {
        const CborHead head = read_cbor_head(m_block.data() + m_at, m_block.data() + m_block.size());
        if (head.fault != CborFault::none) return cbor_error(head.fault, m_at, m_block.size());
        m_at += head.size;
        return head;
    }

    /// The next `length` bytes of a string whose head stood at `start`.
    Result<ByteView> content(std::uint64_t length, std::size_t start) {
        if (length > m_block.size() - m_at) return cbor_error(CborFault::truncated, start, m_block.size());
        const ByteView out = m_block.subspan(m_at, static_cast<std::size_t>(length));
        m_at += out.size();
        return out;
    }

    Result<std::string> text(std::uint64_t length, std::size_t start) {
        FILFIL_TRY(const ByteView bytes, content(length, start));
        if (m_check_utf8 && !is_utf8(chars_of(bytes)))
            return wrong(ErrorCode::corrupt, start, "a text string that is no UTF-8");
        return std::string(chars_of(bytes));
    }

    Result<Value> item(unsigned depth) {
        const std::size_t start = m_at;
        if (m_at < m_block.size() && std::to_integer<unsigned>(m_block[m_at]) >> 5 == cbor_simple) return simple();
        FILFIL_TRY(const CborHead found, head());
        switch (found.major) {
            case cbor_unsigned: return Value(found.argument);
            case cbor_negative: return Value(Integer::minus_one_minus(found.argument));
            case cbor_bytes: {
                FILFIL_TRY(const ByteView bytes, content(found.argument, start));
                return Value(to_bytes(bytes));
            }
            case cbor_text: {
                FILFIL_TRY(std::string string, text(found.argument, start));
                return Value(std::move(string));
            }
            case cbor_tag: return link(found.argument, start);
            default: break;
        }
        if (depth >= m_max_depth)
            return wrong(ErrorCode::too_large, start,
                         "lists and maps are nested more than " + std::to_string(m_max_depth) + " deep");
        // Every item takes a byte: a count above what is left is refused before anything is made for it.
        const std::uint64_t least = found.major == cbor_map ? 2 : 1;
        if (found.argument > (m_block.size() - m_at) / least)
            return cbor_error(CborFault::truncated, start, m_block.size());
        return found.major == cbor_map ? map(found.argument, depth) : list(found.argument, depth);
    }

    Result<Value> simple() {
        const std::size_t start = m_at;
        switch (m_block[m_at++]) {
            case simple_false: return Value(false);
            case simple_true: return Value(true);
            case simple_null: return Value();
            case std::byte{0xf9}:
            case std::byte{0xfa}: return wrong(ErrorCode::corrupt, start, "a float of less than 64 bits");
            case std::byte{0xfb}:
                return wrong(ErrorCode::unsupported, start, "a float, which no Filecoin chain data has");
            default: return wrong(ErrorCode::corrupt, start, "a simple value other than false, true and null");
        }
    }

    Result<Value> link(std::uint64_t tag, std::size_t start) {
        if (tag != cbor_link_tag)
            return wrong(ErrorCode::corrupt, start, "tag " + std::to_string(tag) + "; the only one is 42, a link");
        FILFIL_TRY(const CborHead string, head());
        if (string.major != cbor_bytes) return cbor_error(CborFault::link_type, start, m_block.size());
        FILFIL_TRY(const ByteView bytes, content(string.argument, start));
        if (bytes.empty() || bytes.front() != std::byte{0})
            return wrong(ErrorCode::corrupt, start, "a link (tag 42) whose byte string does not start with 0x00");
        auto cid = Cid::from_bytes(bytes.subspan(1));
        if (!cid.ok())
            return wrong(ErrorCode::corrupt, start, "a link (tag 42) that holds no CID: " + cid.error().message);
        return Value(std::move(cid).value());
    }

    Result<Value> list(std::uint64_t count, unsigned depth) {
        Value::List out;
        for (; count > 0; --count) {
            FILFIL_TRY(Value value, item(depth + 1));
            out.push_back(std::move(value));
        }
        return Value(std::move(out));
    }

    Result<Value> map(std::uint64_t count, unsigned depth) {
        Value::Map out;
        for (; count > 0; --count) {
            const std::size_t start = m_at;
            FILFIL_TRY(const CborHead key_head, head());
            if (key_head.major != cbor_text) return wrong(ErrorCode::corrupt, start, "a map key that is no text");
            FILFIL_TRY(std::string key, text(key_head.argument, start));
            if (!out.empty() && !key_less(out.back().key, key))
                return wrong(ErrorCode::corrupt, start,
                             out.back().key == key ? "a map key that stands there twice"
                                                   : "a map key that is not in order (by length, then by bytes)");
            FILFIL_TRY(Value value, item(depth + 1));
            out.push_back({std::move(key), std::move(value)});
        }
        return Value(std::move(out));
    }

    ByteView m_block;
    std::size_t m_at = 0;
    bool m_check_utf8;
    unsigned m_max_depth;
};

class Encoder {
public:
    explicit Encoder(const DagCborOptions& options)
        : m_check_utf8(options.check_utf8), m_max_depth(std::min(options.max_depth, depth_limit)) {}

    Result<Bytes> whole(const Value& value) {
        FILFIL_CHECK(item(value, 0));
        return std::move(m_out);
    }

private:
    void head(CborMajor major, std::uint64_t argument) {
        const unsigned low = argument < 24            ? static_cast<unsigned>(argument)
                             : argument <= 0xff       ? 24U
                             : argument <= 0xffff     ? 25U
                             : argument <= 0xffffffff ? 26U
                                                      : 27U;
        m_out.push_back(static_cast<std::byte>(major << 5 | low));
        if (low < 24) return;
        for (unsigned bits = 8U << (low - 24); bits > 0; bits -= 8)
            m_out.push_back(static_cast<std::byte>(argument >> (bits - 8)));
    }

    void string(CborMajor major, ByteView content) {
        head(major, content.size());
        m_out.insert(m_out.end(), content.begin(), content.end());
    }

    Result<void> text(const std::string& content) {
        if (m_check_utf8 && !is_utf8(content))
            return Error(ErrorCode::invalid_argument,
                         "text of " + std::to_string(content.size()) + " bytes that is no UTF-8 cannot be encoded");
        string(cbor_text, bytes_of(content));
        return {};
    }

    Result<void> link(const Cid& cid) {
        if (cid.empty()) return Error(ErrorCode::invalid_argument, "an empty CID cannot be encoded as a link");
        head(cbor_tag, cbor_link_tag);
        head(cbor_bytes, cid.bytes().size() + 1);
        m_out.push_back(std::byte{0});
        m_out.insert(m_out.end(), cid.bytes().begin(), cid.bytes().end());
        return {};
    }

    Result<void> item(const Value& value, unsigned depth) {
        if (value.is_null()) {
            m_out.push_back(simple_null);
        } else if (const bool* boolean = value.as_bool()) {
            m_out.push_back(*boolean ? simple_true : simple_false);
        } else if (const Integer* integer = value.as_integer()) {
            head(integer->negative ? cbor_negative : cbor_unsigned, integer->magnitude);
        } else if (const Bytes* bytes = value.as_bytes()) {
            string(cbor_bytes, *bytes);
        } else if (const std::string* characters = value.as_text()) {
            return text(*characters);
        } else if (const Cid* cid = value.as_link()) {
            return link(*cid);
        } else {
            if (depth >= m_max_depth)
                return Error(ErrorCode::too_large,
                             "lists and maps are nested more than " + std::to_string(m_max_depth) + " deep");
            return value.as_list() != nullptr ? list(*value.as_list(), depth) : map(*value.as_map(), depth);
        }
        return {};
    }

    Result<void> list(const Value::List& values, unsigned depth) {
        head(cbor_list, values.size());
        for (const Value& value : values) FILFIL_CHECK(item(value, depth + 1));
        return {};
    }

    Result<void> map(const Value::Map& entries, unsigned depth) {
        std::vector<const MapEntry*> sorted;
        sorted.reserve(entries.size());
        for (const MapEntry& entry : entries) sorted.push_back(&entry);
        std::ranges::sort(sorted, key_less, [](const MapEntry* entry) -> std::string_view { return entry->key; });
        for (std::size_t i = 1; i < sorted.size(); ++i)
            if (sorted[i - 1]->key == sorted[i]->key)
                return Error(ErrorCode::invalid_argument, "a map that has one key twice cannot be encoded");
        head(cbor_map, sorted.size());
        for (const MapEntry* entry : sorted) {
            FILFIL_CHECK(text(entry->key));
            FILFIL_CHECK(item(entry->value, depth + 1));
        }
        return {};
    }

    Bytes m_out;
    bool m_check_utf8;
    unsigned m_max_depth;
};

}    // namespace

Result<Value> decode_dag_cbor(ByteView block, const DagCborOptions& options) { return Decoder(block, options).whole(); }

Result<Bytes> encode_dag_cbor(const Value& value, const DagCborOptions& options) {
    return Encoder(options).whole(value);
}

}    // namespace filfil::ipld
