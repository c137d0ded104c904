// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cbor_head.hpp"

#include <functional>

namespace filfil::ipld {

/// Calls `on_link` with the binary CID of every link in one DAG-CBOR block, in byte order.
///
/// This is the tolerant scan that the nodes use, not a validation: one top-level item is read, bytes after it are
/// ignored; tag 42 at any depth is a link, the first byte of its byte string is dropped whatever it is; other tags are
/// passed over; byte and text strings are not opened; map order, key types and UTF-8 are not checked. What the nodes do
/// refuse, this refuses: indefinite lengths, lengths and numbers that are not minimal, strings of 2 GiB and more, a
/// link whose byte string is empty, over 100 bytes or no CID. Source: cbor-gen ScanForLinks and CborReadHeaderBuf, as
/// lotus chain/store/snapshot.go uses them. Uses no recursion and no memory, so depth costs no stack. Thread-safe.
/// @return Error::truncated or Error::corrupt with the byte offset; links before it have been reported by then
Result<void> scan_links(ByteView block, const std::function<void(ByteView)>& on_link);

namespace detail {

/// How a scan ended and at which byte of the block; no fault where it read the whole item.
struct ScanEnd {
    CborFault fault = CborFault::none;
    std::size_t at = 0;
};

/// @return true if `bytes` are one whole CID
bool is_cid(ByteView bytes) noexcept;

inline constexpr std::size_t max_link_bytes = 100;
inline constexpr std::uint64_t max_string_bytes = 0x7fffffff;

template <class OnLink>
ScanEnd scan_links(ByteView block, OnLink&& on_link) {
    const std::byte* const begin = block.data();
    const std::byte* const end = begin + block.size();
    const std::byte* at = begin;
    const auto stop = [&](CborFault fault) { return ScanEnd{fault, static_cast<std::size_t>(at - begin)}; };

    // Depth needs no stack: nothing but the number of items still to come has to be known.
    for (std::uint64_t items = 1; items > 0; --items) {
        const CborHead head = read_cbor_head(at, end);
        if (head.fault != CborFault::none) [[unlikely]]
            return stop(head.fault);
        const auto left = static_cast<std::uint64_t>(end - at) - head.size;
        switch (head.major) {
            case cbor_bytes:
            case cbor_text:
                if (head.argument > max_string_bytes) return stop(CborFault::too_long);
                if (head.argument > left) return stop(CborFault::truncated);
                at += head.argument;
                break;
            case cbor_list:
            case cbor_map: {
                // Every item takes a byte, so a count above the bytes that are left cannot be met; it might also wrap.
                if (head.argument > left) return stop(CborFault::truncated);
                items += head.argument * (head.major == cbor_map ? 2 : 1);
                break;
            }
            case cbor_tag: {
                if (head.argument != cbor_link_tag) {
                    ++items;
                    break;
                }
                at += head.size;
                const CborHead string = read_cbor_head(at, end);
                if (string.fault != CborFault::none) return stop(string.fault);
                if (string.major != cbor_bytes) return stop(CborFault::link_type);
                if (string.argument == 0 || string.argument > max_link_bytes) return stop(CborFault::link_size);
                at += string.size;
                if (string.argument > static_cast<std::uint64_t>(end - at)) return stop(CborFault::truncated);
                const ByteView cid(at + 1, static_cast<std::size_t>(string.argument) - 1);
                if (!is_cid(cid)) return stop(CborFault::link_cid);
                on_link(cid);
                at += string.argument;
                continue;
            }
            default: break;    // integers and simple values are their head alone
        }
        at += head.size;
    }
    return stop(CborFault::none);
}

}    // namespace detail

/// The same scan with the call to `on_link` compiled into its loop; takes any function object `void(ByteView)`.
template <class OnLink>
Result<void> scan_links(ByteView block, OnLink&& on_link) {
    const detail::ScanEnd end = detail::scan_links(block, on_link);
    if (end.fault != CborFault::none) return cbor_error(end.fault, end.at, block.size());
    return {};
}

}    // namespace filfil::ipld
