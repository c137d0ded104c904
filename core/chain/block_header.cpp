// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/block_header.hpp"

#include "chain/header_cursor.hpp"

namespace filfil::chain {
namespace {

/// Goes over one item without recursion: only the number of items still to come has to be known.
Result<void> skip(HeaderCursor& from) {
    std::uint64_t items = 1;
    while (items > 0) {
        FILFIL_TRY(const ipld::CborHead item, from.head());
        --items;
        switch (item.major) {
            case ipld::cbor_bytes:
            case ipld::cbor_text: {
                FILFIL_TRY([[maybe_unused]] const ByteView bytes, from.take(item.argument));
                break;
            }
            case ipld::cbor_list:
            case ipld::cbor_map:
                // Every item takes a byte, so a larger count cannot be met.
                if (item.argument > from.left()) return from.truncated();
                items += item.argument * (item.major == ipld::cbor_map ? 2 : 1);
                break;
            case ipld::cbor_tag: ++items; break;
            default: break;
        }
    }
    return {};
}

Result<void> read_field(HeaderCursor& from, std::size_t field, BlockHeader& out) {
    switch (field) {
        case 1: {
            if (from.take_null()) return {};
            FILFIL_CHECK(from.read_list(1, "a list of one item, or null,"));
            FILFIL_TRY(out.ticket, from.read_bytes());
            return {};
        }
        case 5: {
            FILFIL_TRY(out.parents, from.read_links());
            return {};
        }
        case 7: {
            FILFIL_TRY(out.height, from.read_height());
            return {};
        }
        case 8: {
            FILFIL_TRY(out.parent_state_root, from.read_link());
            return {};
        }
        case 9: {
            FILFIL_TRY(out.parent_message_receipts, from.read_link());
            return {};
        }
        case 10: {
            FILFIL_TRY(out.messages, from.read_link());
            return {};
        }
        case 12: {
            FILFIL_TRY(out.timestamp, from.read_unsigned());
            return {};
        }
        default: return skip(from);
    }
}

}    // namespace

Result<BlockHeader> decode_block_header(ByteView data) {
    HeaderCursor from(data);
    FILFIL_CHECK(from.open());
    BlockHeader out;
    for (std::size_t field = 0; field < HeaderCursor::field_count; ++field) {
        from.enter(field);
        FILFIL_CHECK(read_field(from, field, out));
    }
    FILFIL_CHECK(from.close());
    return out;
}

}    // namespace filfil::chain
