// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
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

/// Why a scan stopped; `none` where it read the whole item.
enum class ScanFault : std::uint8_t {
    none,
    truncated,
    reserved,
    not_minimal,
    too_long,
    link_type,
    link_size,
    link_cid
};

/// How a scan ended and at which byte of the block.
struct ScanEnd {
    ScanFault fault = ScanFault::none;
    std::size_t at = 0;
};

Error scan_error(ScanEnd end, ByteView block);

/// @return true if `bytes` are one whole CID
bool is_cid(ByteView bytes) noexcept;

inline constexpr std::size_t max_link_bytes = 100;
inline constexpr std::uint64_t max_string_bytes = 0x7fffffff;

/// The head of a CBOR item: its major type and the number in it; `size` is 0 where `fault` says why there is none.
struct ItemHead {
    unsigned major = 0;
    std::uint64_t argument = 0;
    std::size_t size = 0;
    ScanFault fault = ScanFault::none;
};

inline ItemHead read_item_head(const std::byte* at, const std::byte* end) noexcept {
    if (at == end) return {.fault = ScanFault::truncated};
    const auto first = std::to_integer<unsigned>(*at);
    const unsigned major = first >> 5;
    const unsigned low = first & 31;
    if (low < 24) [[likely]]
        return {.major = major, .argument = low, .size = 1};
    if (low > 27) return {.fault = ScanFault::reserved};
    const std::size_t width = std::size_t{1} << (low - 24);
    if (static_cast<std::size_t>(end - at) <= width) return {.fault = ScanFault::truncated};
    std::uint64_t argument = 0;
    for (std::size_t i = 1; i <= width; ++i) argument = argument << 8 | std::to_integer<std::uint64_t>(at[i]);
    // The least argument of each width: 24, 2^8, 2^16, 2^32.
    const std::uint64_t least = low == 24 ? 24 : std::uint64_t{1} << (4 * width);
    if (argument < least) return {.fault = ScanFault::not_minimal};
    return {.major = major, .argument = argument, .size = 1 + width};
}

template <class OnLink>
ScanEnd scan_links(ByteView block, OnLink&& on_link) {
    const std::byte* const begin = block.data();
    const std::byte* const end = begin + block.size();
    const std::byte* at = begin;
    const auto stop = [&](ScanFault fault) { return ScanEnd{fault, static_cast<std::size_t>(at - begin)}; };

    // Depth needs no stack: nothing but the number of items still to come has to be known.
    for (std::uint64_t items = 1; items > 0; --items) {
        const ItemHead head = read_item_head(at, end);
        if (head.fault != ScanFault::none) [[unlikely]]
            return stop(head.fault);
        const auto left = static_cast<std::uint64_t>(end - at) - head.size;
        switch (head.major) {
            case 2:
            case 3:
                if (head.argument > max_string_bytes) return stop(ScanFault::too_long);
                if (head.argument > left) return stop(ScanFault::truncated);
                at += head.argument;
                break;
            case 4:
            case 5: {
                // Every item takes a byte, so a count above the bytes that are left cannot be met; it might also wrap.
                if (head.argument > left) return stop(ScanFault::truncated);
                items += head.argument * (head.major - 3);
                break;
            }
            case 6: {
                if (head.argument != 42) {
                    ++items;
                    break;
                }
                at += head.size;
                const ItemHead string = read_item_head(at, end);
                if (string.fault != ScanFault::none) return stop(string.fault);
                if (string.major != 2) return stop(ScanFault::link_type);
                if (string.argument == 0 || string.argument > max_link_bytes) return stop(ScanFault::link_size);
                at += string.size;
                if (string.argument > static_cast<std::uint64_t>(end - at)) return stop(ScanFault::truncated);
                const ByteView cid(at + 1, static_cast<std::size_t>(string.argument) - 1);
                if (!is_cid(cid)) return stop(ScanFault::link_cid);
                on_link(cid);
                at += string.argument;
                continue;
            }
            default: break;    // integers and simple values are their head alone
        }
        at += head.size;
    }
    return stop(ScanFault::none);
}

}    // namespace detail

/// The same scan with the call to `on_link` compiled into its loop; takes any function object `void(ByteView)`.
template <class OnLink>
Result<void> scan_links(ByteView block, OnLink&& on_link) {
    const detail::ScanEnd end = detail::scan_links(block, on_link);
    if (end.fault != detail::ScanFault::none) return detail::scan_error(end, block);
    return {};
}

}    // namespace filfil::ipld
