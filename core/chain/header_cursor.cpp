// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/header_cursor.hpp"

#include <limits>

namespace filfil::chain {
namespace {

using namespace std::string_view_literals;

/// In the order in which they stand.
constexpr std::array fields = {
    "Miner"sv,        "Ticket"sv,   "ElectionProof"sv,   "BeaconEntries"sv,         "WinPoStProof"sv, "Parents"sv,
    "ParentWeight"sv, "Height"sv,   "ParentStateRoot"sv, "ParentMessageReceipts"sv, "Messages"sv,     "BLSAggregate"sv,
    "Timestamp"sv,    "BlockSig"sv, "ForkSignaling"sv,   "ParentBaseFee"sv};
static_assert(fields.size() == HeaderCursor::field_count);

constexpr unsigned simple_null = 22;
constexpr std::byte null_byte{ipld::cbor_simple << 5 | simple_null};

}    // namespace

Result<void> HeaderCursor::open() {
    FILFIL_TRY(const ipld::CborHead list, head());
    if (list.major != ipld::cbor_list)
        return Error(ErrorCode::corrupt, "this block is no block header: at byte 0 a list is expected");
    if (list.argument == field_count - 1)
        return Error(ErrorCode::unsupported,
                     "this block header has 15 fields, as test networks before the base fee had them; the nodes "
                     "cannot read it either",
                     "use data of mainnet, of the calibration network, or of a network made after 2020");
    if (list.argument != field_count)
        return Error(ErrorCode::corrupt, "this block is no block header: it is a list of " +
                                             std::to_string(list.argument) + " items, and a header has 16");
    return {};
}

Result<void> HeaderCursor::close() {
    if (m_at == m_data.size()) return {};
    return Error(ErrorCode::corrupt, "block header: " + std::to_string(left()) +
                                         " bytes follow its last field at byte " + std::to_string(m_at));
}

Result<ipld::CborHead> HeaderCursor::head() {
    const ipld::CborHead found = ipld::read_cbor_head(m_data.data() + m_at, m_data.data() + m_data.size());
    if (found.fault != ipld::CborFault::none)
        return ipld::cbor_error(found.fault, m_at, m_data.size()).in("block header" + where());
    m_at += found.size;
    return found;
}

Result<ByteView> HeaderCursor::take(std::uint64_t size) {
    if (size > left()) return truncated();
    const ByteView bytes = m_data.subspan(m_at, static_cast<std::size_t>(size));
    m_at += bytes.size();
    return bytes;
}

std::string HeaderCursor::where() const {
    return m_field < field_count ? ", field " + std::string(fields[m_field]) : std::string();
}

Error HeaderCursor::wrong(std::string_view expected) const {
    return {ErrorCode::corrupt, "block header" + where() + ": at byte " + std::to_string(m_at) + " " +
                                    std::string(expected) + " is expected"};
}

Error HeaderCursor::truncated() const {
    return ipld::cbor_error(ipld::CborFault::truncated, m_data.size(), m_data.size()).in("block header" + where());
}

bool HeaderCursor::take_null() noexcept {
    if (left() == 0 || m_data[m_at] != null_byte) return false;
    ++m_at;
    return true;
}

Result<void> HeaderCursor::read_list(std::uint64_t items, std::string_view expected) {
    FILFIL_TRY(const ipld::CborHead list, head());
    if (list.major != ipld::cbor_list || list.argument != items) return wrong(expected);
    return {};
}

Result<Bytes> HeaderCursor::read_bytes() {
    FILFIL_TRY(const ipld::CborHead string, head());
    if (string.major != ipld::cbor_bytes) return wrong("a byte string");
    FILFIL_TRY(const ByteView bytes, take(string.argument));
    return to_bytes(bytes);
}

Result<std::uint64_t> HeaderCursor::read_unsigned() {
    FILFIL_TRY(const ipld::CborHead item, head());
    if (item.major != ipld::cbor_unsigned) return wrong("a number that is not negative");
    return item.argument;
}

Result<Epoch> HeaderCursor::read_height() {
    FILFIL_TRY(const std::uint64_t height, read_unsigned());
    if (height > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return wrong("an epoch below 2^63");
    return Epoch{static_cast<std::int64_t>(height)};
}

Result<ipld::Cid> HeaderCursor::read_link() {
    FILFIL_TRY(const ipld::CborHead tag, head());
    if (tag.major != ipld::cbor_tag || tag.argument != ipld::cbor_link_tag) return wrong("a link");
    FILFIL_TRY(const ipld::CborHead string, head());
    if (string.major != ipld::cbor_bytes || string.argument < 2) return wrong("the byte string of a link");
    FILFIL_TRY(const ByteView bytes, take(string.argument));
    auto cid = ipld::Cid::from_bytes(bytes.subspan(1));
    if (!cid.ok()) return std::move(cid).error().in("block header" + where());
    m_link_mark = bytes.front();
    return cid;
}

Result<std::vector<ipld::Cid>> HeaderCursor::read_links() {
    FILFIL_TRY(const ipld::CborHead list, head());
    if (list.major != ipld::cbor_list || list.argument > max_list) return wrong("a list of at most 8192 links");
    std::vector<ipld::Cid> out;
    std::byte marks{0};
    for (std::uint64_t i = 0; i < list.argument; ++i) {
        FILFIL_TRY(out.emplace_back(), read_link());
        marks |= m_link_mark;
    }
    m_link_mark = marks;
    return out;
}

}    // namespace filfil::chain
