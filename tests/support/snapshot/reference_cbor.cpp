// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference_cbor.hpp"

#include <optional>
#include <string>

namespace filfil::reference {
namespace {

constexpr unsigned unsigned_type = 0;
constexpr unsigned bytes_type = 2;
constexpr unsigned text_type = 3;
constexpr unsigned list_type = 4;
constexpr unsigned map_type = 5;
constexpr unsigned tag_type = 6;
constexpr std::uint64_t link_tag = 42;
constexpr std::uint64_t longest_link = 100;

/// The first bytes of an item: what it is, and its number.
struct Head {
    unsigned type = 0;
    std::uint64_t number = 0;
};

class Cursor {
public:
    explicit Cursor(ByteView block) : m_block(block) {}

    [[nodiscard]] std::size_t at() const { return m_at; }

    Result<ByteView> take(std::uint64_t size) {
        if (size > m_block.size() - m_at) return Error(ErrorCode::truncated, "the block ends inside an item");
        const ByteView out = m_block.subspan(m_at, static_cast<std::size_t>(size));
        m_at += out.size();
        return out;
    }

    Result<Head> head() {
        FILFIL_TRY(const ByteView first, take(1));
        const unsigned low = std::to_integer<unsigned>(first[0]) % 32;
        Head out{std::to_integer<unsigned>(first[0]) / 32, low};
        if (low < 24) return out;
        if (low > 27) return wrong("a head that cbor-gen does not read");
        FILFIL_TRY(const ByteView number, take(std::uint64_t{1} << (low - 24)));
        out.number = 0;
        for (const std::byte digit : number) out.number = out.number * 256 + std::to_integer<unsigned>(digit);
        const std::uint64_t least[] = {24, 1U << 8, 1U << 16, std::uint64_t{1} << 32};
        if (out.number < least[low - 24]) return wrong("a number that is not in its shortest form");
        return out;
    }

    /// Goes over one item, whatever is in it, and appends its links.
    Result<void> item(std::vector<ipld::Cid>& links) {
        std::uint64_t left = 1;
        for (; left > 0; --left) {
            FILFIL_TRY(const Head found, head());
            if (found.type == bytes_type || found.type == text_type) {
                FILFIL_TRY([[maybe_unused]] const ByteView skipped, take(found.number));
            } else if (found.type == list_type) {
                left += found.number;
            } else if (found.type == map_type) {
                left += 2 * found.number;
            } else if (found.type == tag_type && found.number != link_tag) {
                ++left;
            } else if (found.type == tag_type) {
                FILFIL_TRY(const Head string, head());
                if (string.type != bytes_type || string.number == 0 || string.number > longest_link)
                    return wrong("a link that is none");
                FILFIL_TRY(const ByteView bytes, take(string.number));
                FILFIL_TRY(ipld::Cid cid, ipld::Cid::from_bytes(bytes.subspan(1)));
                links.push_back(std::move(cid));
            }
        }
        return {};
    }

    [[nodiscard]] Error wrong(const std::string& what) const {
        return {ErrorCode::corrupt, what + " before byte " + std::to_string(m_at)};
    }

private:
    ByteView m_block;
    std::size_t m_at = 0;
};

}    // namespace

Result<std::vector<ipld::Cid>> links_of(ByteView block) {
    std::vector<ipld::Cid> out;
    Cursor cursor(block);
    FILFIL_CHECK(cursor.item(out));
    return out;
}

Result<HeaderLinks> read_header(ByteView block) {
    constexpr std::uint64_t fields = 16;
    Cursor cursor(block);
    FILFIL_TRY(const Head list, cursor.head());
    if (list.type != list_type || list.number != fields) return cursor.wrong("no list of 16 fields");
    HeaderLinks out;
    for (std::uint64_t field = 0; field < fields; ++field) {
        if (field == 7) {
            FILFIL_TRY(const Head height, cursor.head());
            if (height.type != unsigned_type) return cursor.wrong("no height");
            out.height = static_cast<std::int64_t>(height.number);
            continue;
        }
        std::vector<ipld::Cid> links;
        FILFIL_CHECK(cursor.item(links));
        if (field == 5) out.parents = links;
        if (field < 8 || field > 10) continue;
        if (links.size() != 1) return cursor.wrong("a field that should be one link");
        (field == 8 ? out.state_root : field == 9 ? out.receipts : out.messages) = links[0];
    }
    return out;
}

}    // namespace filfil::reference
