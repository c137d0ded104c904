// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/block_header.hpp"

#include "ipld/cbor_head.hpp"

#include <array>
#include <limits>
#include <string>
#include <string_view>

namespace filfil::chain {
namespace {

using namespace std::string_view_literals;

/// In the order in which they stand.
constexpr std::array fields = {
    "Miner"sv,        "Ticket"sv,   "ElectionProof"sv,   "BeaconEntries"sv,         "WinPoStProof"sv, "Parents"sv,
    "ParentWeight"sv, "Height"sv,   "ParentStateRoot"sv, "ParentMessageReceipts"sv, "Messages"sv,     "BLSAggregate"sv,
    "Timestamp"sv,    "BlockSig"sv, "ForkSignaling"sv,   "ParentBaseFee"sv};

/// cbor-gen's limit on the length of a list.
constexpr std::uint64_t max_list = 8192;

constexpr unsigned simple_null = 22;

class HeaderReader {
public:
    explicit HeaderReader(ByteView data) noexcept : m_data(data) {}

    Result<BlockHeader> read() {
        FILFIL_TRY(const ipld::CborHead list, head());
        if (list.major != ipld::cbor_list)
            return Error(ErrorCode::corrupt, "this block is no block header: at byte 0 a list is expected");
        if (list.argument == fields.size() - 1)
            return Error(ErrorCode::unsupported,
                         "this block header has 15 fields, as test networks before the base fee had them; the nodes "
                         "cannot read it either",
                         "use data of mainnet, of the calibration network, or of a network made after 2020");
        if (list.argument != fields.size())
            return Error(ErrorCode::corrupt, "this block is no block header: it is a list of " +
                                                 std::to_string(list.argument) + " items, and a header has 16");
        BlockHeader out;
        for (m_field = 0; m_field < fields.size(); ++m_field) FILFIL_CHECK(read_field(out));
        if (m_at != m_data.size())
            return Error(ErrorCode::corrupt, "block header: " + std::to_string(m_data.size() - m_at) +
                                                 " bytes follow its last field at byte " + std::to_string(m_at));
        return out;
    }

private:
    Result<void> read_field(BlockHeader& out) {
        switch (m_field) {
            case 1: return read_ticket(out);
            case 5: return read_parents(out);
            case 7: return read_height(out);
            case 8: return read_link(out.parent_state_root);
            case 9: return read_link(out.parent_message_receipts);
            case 10: return read_link(out.messages);
            case 12: return read_unsigned(out.timestamp);
            default: return skip();
        }
    }

    Result<ipld::CborHead> head() {
        const ipld::CborHead found = ipld::read_cbor_head(m_data.data() + m_at, m_data.data() + m_data.size());
        if (found.fault != ipld::CborFault::none)
            return ipld::cbor_error(found.fault, m_at, m_data.size()).in("block header" + where());
        m_at += found.size;
        return found;
    }

    [[nodiscard]] std::string where() const {
        return m_field < fields.size() ? ", field " + std::string(fields[m_field]) : std::string();
    }

    [[nodiscard]] Error wrong(std::string_view expected) const {
        return {ErrorCode::corrupt, "block header" + where() + ": at byte " + std::to_string(m_at) + " " +
                                        std::string(expected) + " is expected"};
    }

    [[nodiscard]] Error truncated() const {
        return ipld::cbor_error(ipld::CborFault::truncated, m_data.size(), m_data.size()).in("block header" + where());
    }

    Result<ByteView> take(std::uint64_t size) {
        if (size > m_data.size() - m_at) return truncated();
        const ByteView bytes = m_data.subspan(m_at, static_cast<std::size_t>(size));
        m_at += bytes.size();
        return bytes;
    }

    /// Goes over one item without recursion: only the number of items still to come has to be known.
    Result<void> skip() {
        std::uint64_t items = 1;
        while (items > 0) {
            FILFIL_TRY(const ipld::CborHead item, head());
            --items;
            switch (item.major) {
                case ipld::cbor_bytes:
                case ipld::cbor_text: FILFIL_CHECK(skip_bytes(item.argument)); break;
                case ipld::cbor_list:
                case ipld::cbor_map:
                    // Every item takes a byte, so a larger count cannot be met.
                    if (item.argument > m_data.size() - m_at) return truncated();
                    items += item.argument * (item.major == ipld::cbor_map ? 2 : 1);
                    break;
                case ipld::cbor_tag: ++items; break;
                default: break;
            }
        }
        return {};
    }

    Result<void> skip_bytes(std::uint64_t size) {
        FILFIL_TRY([[maybe_unused]] const ByteView bytes, take(size));
        return {};
    }

    Result<void> read_ticket(BlockHeader& out) {
        FILFIL_TRY(const ipld::CborHead item, head());
        if (item.major == ipld::cbor_simple && item.argument == simple_null) return {};
        if (item.major != ipld::cbor_list || item.argument != 1) return wrong("a list of one item, or null,");
        FILFIL_TRY(const ipld::CborHead proof, head());
        if (proof.major != ipld::cbor_bytes) return wrong("a byte string");
        FILFIL_TRY(const ByteView bytes, take(proof.argument));
        out.ticket = to_bytes(bytes);
        return {};
    }

    Result<void> read_parents(BlockHeader& out) {
        FILFIL_TRY(const ipld::CborHead list, head());
        if (list.major != ipld::cbor_list || list.argument > max_list) return wrong("a list of at most 8192 links");
        for (std::uint64_t i = 0; i < list.argument; ++i) {
            ipld::Cid parent;
            FILFIL_CHECK(read_link(parent));
            out.parents.push_back(std::move(parent));
        }
        return {};
    }

    Result<void> read_height(BlockHeader& out) {
        std::uint64_t height = 0;
        FILFIL_CHECK(read_unsigned(height));
        if (height > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return wrong("an epoch below 2^63");
        out.height = Epoch{static_cast<std::int64_t>(height)};
        return {};
    }

    Result<void> read_unsigned(std::uint64_t& out) {
        FILFIL_TRY(const ipld::CborHead item, head());
        if (item.major != ipld::cbor_unsigned) return wrong("a number that is not negative");
        out = item.argument;
        return {};
    }

    Result<void> read_link(ipld::Cid& out) {
        FILFIL_TRY(const ipld::CborHead tag, head());
        if (tag.major != ipld::cbor_tag || tag.argument != ipld::cbor_link_tag) return wrong("a link");
        FILFIL_TRY(const ipld::CborHead string, head());
        if (string.major != ipld::cbor_bytes || string.argument < 2) return wrong("the byte string of a link");
        FILFIL_TRY(const ByteView bytes, take(string.argument));
        auto cid = ipld::Cid::from_bytes(bytes.subspan(1));
        if (!cid.ok()) return std::move(cid).error().in("block header" + where());
        out = std::move(*cid);
        return {};
    }

    ByteView m_data;
    std::size_t m_at = 0;
    std::size_t m_field = fields.size();
};

}    // namespace

Result<BlockHeader> decode_block_header(ByteView data) { return HeaderReader(data).read(); }

}    // namespace filfil::chain
