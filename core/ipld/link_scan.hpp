// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cbor_head.hpp"

#include <algorithm>
#include <array>
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

/// How a scan ended and at which byte of the block; no fault where it read the whole item.
struct ScanEnd {
    CborFault fault = CborFault::none;
    std::size_t at = 0;
};

/// is_cid for all that does not look like a chain's block.
bool is_other_cid(ByteView bytes) noexcept;

/// @return true if `bytes` are one whole CID
inline bool is_cid(ByteView bytes) noexcept {
    // Version 1, codec, blake2b-256, 32 bytes of digest: how nearly every link of a chain looks.
    constexpr std::array<unsigned char, 6> dag_cbor = {0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20};
    constexpr std::array<unsigned char, 6> raw = {0x01, 0x55, 0xa0, 0xe4, 0x02, 0x20};
    if (bytes.size() == 38 && (std::memcmp(bytes.data(), dag_cbor.data(), dag_cbor.size()) == 0 ||
                               std::memcmp(bytes.data(), raw.data(), raw.size()) == 0))
        return true;
    // Commitments to sectors, sealed and not: most links of mainnet's state are such.
    constexpr std::array<unsigned char, 8> sealed = {0x01, 0x82, 0xe2, 0x03, 0x81, 0xe8, 0x02, 0x20};
    constexpr std::array<unsigned char, 7> unsealed = {0x01, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20};
    if (bytes.size() == 40 && std::memcmp(bytes.data(), sealed.data(), sealed.size()) == 0) return true;
    if (bytes.size() == 39 && std::memcmp(bytes.data(), unsealed.data(), unsealed.size()) == 0) return true;
    return is_other_cid(bytes);
}

inline constexpr std::size_t max_link_bytes = 100;
inline constexpr std::uint64_t max_string_bytes = 0x7fffffff;

/// How the scan gets over an item, told by its first byte. Which way is taken is what the processor can foresee, so the
/// heads that make up chain data have a way each.
enum class ScanWay : std::uint8_t {
    one_byte,     ///< integers below 24, false, true, null
    string,       ///< shorter than 24
    list,         ///< of fewer than 24 items
    map,          ///< of fewer than 24 pairs
    integer_8,    ///< integers by the width of their number
    integer_16,
    integer_32,
    integer_64,
    string_8,    ///< a string with a length of one byte
    tag_8,       ///< nearly always a link
    other,
};

constexpr std::array<ScanWay, 256> make_scan_ways() noexcept {
    std::array<ScanWay, 256> ways{};
    ways.fill(ScanWay::other);
    constexpr std::array wide = {ScanWay::integer_8, ScanWay::integer_16, ScanWay::integer_32, ScanWay::integer_64};
    constexpr std::array narrow = {ScanWay::one_byte, ScanWay::one_byte, ScanWay::string, ScanWay::string,
                                   ScanWay::list,     ScanWay::map,      ScanWay::other,  ScanWay::one_byte};
    for (unsigned first = 0; first < ways.size(); ++first) {
        const unsigned major = first >> 5;
        const unsigned low = first & 31;
        if (low < 24)
            ways[first] = narrow[major];
        else if (major <= cbor_negative && low < 28)
            ways[first] = wide[low - 24];
        else if ((major == cbor_bytes || major == cbor_text) && low == 24)
            ways[first] = ScanWay::string_8;
        else if (major == cbor_tag && low == 24)
            ways[first] = ScanWay::tag_8;
    }
    return ways;
}

inline constexpr std::array<ScanWay, 256> scan_ways = make_scan_ways();

/// The bytes and items of a scan. `at` may lie behind the end after a string that is cut: then the block is truncated.
class Scan {
public:
    explicit Scan(ByteView block) noexcept : m_block(block) {}

    template <class OnLink>
    ScanEnd run(OnLink&& on_link) {
        // Depth needs no stack: nothing but the number of items still to come has to be known.
        while (m_items > 0) {
            if (m_at >= m_block.size()) [[unlikely]]
                return stop(CborFault::truncated);
            const auto first = std::to_integer<std::size_t>(m_block[m_at]);
            CborFault fault = CborFault::none;
            switch (scan_ways[first]) {
                case ScanWay::one_byte: take(1); break;
                case ScanWay::string: take(1 + (first & 31)); break;
                case ScanWay::list: take(1, first & 31); break;
                case ScanWay::map: take(1, 2 * (first & 31)); break;
                case ScanWay::integer_8: fault = take_integer<1>(); break;
                case ScanWay::integer_16: fault = take_integer<2>(); break;
                case ScanWay::integer_32: fault = take_integer<4>(); break;
                case ScanWay::integer_64: fault = take_integer<8>(); break;
                case ScanWay::string_8:
                    fault = take_integer<1>();
                    if (fault == CborFault::none) m_at += std::to_integer<std::size_t>(m_block[m_at - 1]);
                    break;
                case ScanWay::tag_8:
                    if (m_block.size() - m_at > 1 && m_block[m_at + 1] == std::byte{cbor_link_tag})
                        fault = take_link(on_link);
                    else
                        fault = take_other();
                    break;
                case ScanWay::other: fault = take_other(); break;
            }
            if (fault != CborFault::none) [[unlikely]]
                return stop(fault);
        }
        return stop(m_at > m_block.size() ? CborFault::truncated : CborFault::none);
    }

private:
    [[nodiscard]] ScanEnd stop(CborFault fault) const noexcept { return {fault, std::min(m_at, m_block.size())}; }

    void take(std::size_t bytes, std::uint64_t children = 0) noexcept {
        m_at += bytes;
        m_items += children - 1;
    }

    /// A head with a number of `Width` bytes, the upper half of which (for a single byte: 24 and up) may not be zero.
    template <std::size_t Width>
    CborFault take_integer() noexcept {
        if (m_block.size() - m_at <= Width) return CborFault::truncated;
        const std::byte* number = &m_block[m_at + 1];
        if constexpr (Width == 1) {
            if (*number < std::byte{24}) return CborFault::not_minimal;
        } else {
            std::array<std::byte, Width / 2> upper;
            std::memcpy(upper.data(), number, upper.size());
            if (upper == std::array<std::byte, Width / 2>{}) return CborFault::not_minimal;
        }
        take(1 + Width);
        return CborFault::none;
    }

    [[nodiscard]] CborHead head() const noexcept {
        return read_cbor_head(m_block.data() + m_at, m_block.data() + m_block.size());
    }

    /// At tag 42.
    template <class OnLink>
    CborFault take_link(OnLink&& on_link) {
        take(2);
        const CborHead string = head();
        if (string.fault != CborFault::none) return string.fault;
        if (string.major != cbor_bytes) return CborFault::link_type;
        if (string.argument == 0 || string.argument > max_link_bytes) return CborFault::link_size;
        m_at += string.size;
        const auto size = static_cast<std::size_t>(string.argument);
        if (size > m_block.size() - m_at) return CborFault::truncated;
        const ByteView cid = m_block.subspan(m_at + 1, size - 1);
        if (!is_cid(cid)) return CborFault::link_cid;
        on_link(cid);
        m_at += size;
        return CborFault::none;
    }

    CborFault take_other() noexcept {
        const CborHead found = head();
        if (found.fault != CborFault::none) return found.fault;
        const std::uint64_t left = m_block.size() - m_at - found.size;
        switch (found.major) {
            case cbor_bytes:
            case cbor_text:
                if (found.argument > max_string_bytes) return CborFault::too_long;
                if (found.argument > left) return CborFault::truncated;
                take(found.size + static_cast<std::size_t>(found.argument));
                break;
            case cbor_list:
            case cbor_map:
                // Every item takes a byte, so a count above the bytes that are left cannot be met; it might also wrap.
                if (found.argument > left) return CborFault::truncated;
                take(found.size, found.argument * (found.major == cbor_map ? 2 : 1));
                break;
            default: take(found.size, found.major == cbor_tag ? 1 : 0); break;
        }
        return CborFault::none;
    }

    ByteView m_block;
    std::size_t m_at = 0;
    std::uint64_t m_items = 1;
};

}    // namespace detail

/// The same scan with the call to `on_link` compiled into its loop; takes any function object `void(ByteView)`.
template <class OnLink>
Result<void> scan_links(ByteView block, OnLink&& on_link) {
    const detail::ScanEnd end = detail::Scan(block).run(on_link);
    if (end.fault != CborFault::none) return cbor_error(end.fault, end.at, block.size());
    return {};
}

}    // namespace filfil::ipld
