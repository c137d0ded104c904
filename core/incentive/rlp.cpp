// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/rlp.hpp"

#include <string>

namespace filfil::incentive {
namespace {

// First bytes: below 0x80 the byte itself, then strings and lists, of up to 55 bytes or with a length behind.
constexpr unsigned string_base = 0x80;
constexpr unsigned list_base = 0xc0;
constexpr std::size_t longest_short = 55;

void put_head(Bytes& out, unsigned base, std::size_t size) {
    if (size <= longest_short) {
        out.push_back(static_cast<std::byte>(base + size));
        return;
    }
    const Bytes length = U256(size).short_bytes();
    out.push_back(static_cast<std::byte>(base + longest_short + length.size()));
    out.insert(out.end(), length.begin(), length.end());
}

void put(Bytes& out, const RlpItem& item) {
    if (!item.is_list) {
        const bool itself = item.bytes.size() == 1 && std::to_integer<unsigned>(item.bytes[0]) < string_base;
        if (!itself) put_head(out, string_base, item.bytes.size());
        out.insert(out.end(), item.bytes.begin(), item.bytes.end());
        return;
    }
    Bytes inside;
    for (const RlpItem& one : item.items) put(inside, one);
    put_head(out, list_base, inside.size());
    out.insert(out.end(), inside.begin(), inside.end());
}

class Reader {
public:
    Reader(ByteView bytes, const RlpLimits& limits) : m_bytes(bytes), m_limits(limits) {}

    Result<RlpItem> read_all() {
        FILFIL_TRY(RlpItem out, read(m_bytes.size(), 0));
        if (m_at != m_bytes.size())
            return corrupt(std::to_string(m_bytes.size() - m_at) + " bytes follow behind the item");
        return out;
    }

private:
    Result<RlpItem> read(std::size_t end, std::size_t depth) {
        if (++m_items > m_limits.items)
            return Error(ErrorCode::too_large, "RLP: more than " + std::to_string(m_limits.items) + " items");
        if (m_at == end) return truncated(end);
        const auto first = std::to_integer<unsigned>(m_bytes[m_at]);
        if (first < string_base) return RlpItem(Bytes{m_bytes[m_at++]});
        const bool list = first >= list_base;
        FILFIL_TRY(const std::size_t size, read_size(first - (list ? list_base : string_base), end));
        if (size > end - m_at) return truncated(end);
        if (!list) {
            const ByteView content = m_bytes.subspan(m_at, size);
            if (size == 1 && std::to_integer<unsigned>(content[0]) < string_base)
                return corrupt("a single byte below 0x80 stands for itself, without a head");
            m_at += size;
            return RlpItem(to_bytes(content));
        }
        if (depth == m_limits.depth)
            return Error(ErrorCode::too_large, "RLP: at byte " + std::to_string(m_at) + ": more than " +
                                                   std::to_string(m_limits.depth) + " lists in one another");
        std::vector<RlpItem> items;
        for (const std::size_t list_end = m_at + size; m_at != list_end;) {
            FILFIL_TRY(RlpItem item, read(list_end, depth + 1));
            items.push_back(std::move(item));
        }
        return RlpItem(std::move(items));
    }

    /// @param low what the head says beyond its base
    Result<std::size_t> read_size(unsigned low, std::size_t end) {
        ++m_at;
        if (low <= longest_short) return std::size_t{low};
        const std::size_t width = low - longest_short;
        if (width > end - m_at) return truncated(end);
        std::size_t size = 0;
        for (std::size_t i = 0; i < width; ++i) size = size << 8 | std::to_integer<std::size_t>(m_bytes[m_at + i]);
        if (m_bytes[m_at] == std::byte{0} || size <= longest_short)
            return corrupt("a length that is not in its shortest form");
        m_at += width;
        return size;
    }

    [[nodiscard]] Error corrupt(const std::string& why) const {
        return {ErrorCode::corrupt, "RLP: at byte " + std::to_string(m_at) + ": " + why};
    }
    [[nodiscard]] Error truncated(std::size_t end) const {
        if (end != m_bytes.size()) return corrupt("an item goes beyond the list that it is in");
        return {ErrorCode::truncated, "RLP: the " + std::to_string(end) + " bytes end inside an item"};
    }

    ByteView m_bytes;
    RlpLimits m_limits;
    std::size_t m_at = 0;
    std::size_t m_items = 0;
};

}    // namespace

Bytes encode_rlp(const RlpItem& item) {
    Bytes out;
    put(out, item);
    return out;
}

Result<RlpItem> decode_rlp(ByteView bytes, const RlpLimits& limits) { return Reader(bytes, limits).read_all(); }

Result<U256> rlp_number(const RlpItem& item, std::string_view name) {
    const auto bad = [&](std::string_view why) {
        return Error(ErrorCode::corrupt, "RLP: " + std::string(name) + " is no number: " + std::string(why));
    };
    if (item.is_list) return bad("it is a list");
    if (item.bytes.size() > 32) return bad("it has more than 32 bytes");
    if (!item.bytes.empty() && item.bytes[0] == std::byte{0}) return bad("it has leading zeros");
    return U256::from_bytes(item.bytes);
}

}    // namespace filfil::incentive
