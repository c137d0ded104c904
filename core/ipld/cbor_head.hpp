// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <string_view>

namespace filfil::ipld {

/// What can be wrong with the bytes of a CBOR block, for the tolerant scan and for the strict decoder.
enum class CborFault : std::uint8_t {
    none,
    truncated,
    reserved,
    not_minimal,
    too_long,
    link_type,
    link_size,
    link_cid
};

/// The fault in words that continue "at byte N: ".
std::string_view reason_of(CborFault fault) noexcept;

/// Error::truncated or Error::corrupt for a fault at byte `at` of a block of `size` bytes.
Error cbor_error(CborFault fault, std::size_t at, std::size_t size);

/// The head of a CBOR item (RFC 8949 section 3): its major type and the number in it. `size` is how many bytes it took,
/// or 0 where `fault` says why there is none.
struct CborHead {
    unsigned major = 0;
    std::uint64_t argument = 0;
    std::size_t size = 0;
    CborFault fault = CborFault::none;
};

/// Major types of RFC 8949 section 3.1.
enum CborMajor : unsigned {
    cbor_unsigned = 0,
    cbor_negative = 1,
    cbor_bytes = 2,
    cbor_text = 3,
    cbor_list = 4,
    cbor_map = 5,
    cbor_tag = 6,
    cbor_simple = 7
};

/// The one tag of DAG-CBOR: a CID.
inline constexpr std::uint64_t cbor_link_tag = 42;

/// Reads a head. Indefinite lengths, reserved heads and numbers that are not in their shortest form are faults, as in
/// cbor-gen's CborReadHeader; that includes the numbers of simple values and the bits of floats.
inline CborHead read_cbor_head(const std::byte* at, const std::byte* end) noexcept {
    if (at == end) return {.fault = CborFault::truncated};
    const auto first = std::to_integer<unsigned>(*at);
    const unsigned low = first & 31;
    if (low < 24) [[likely]]
        return {.major = first >> 5, .argument = low, .size = 1};
    if (low > 27) return {.fault = CborFault::reserved};
    const std::size_t width = std::size_t{1} << (low - 24);
    if (static_cast<std::size_t>(end - at) <= width) return {.fault = CborFault::truncated};
    std::uint64_t argument = 0;
    for (std::size_t i = 1; i <= width; ++i) argument = argument << 8 | std::to_integer<std::uint64_t>(at[i]);
    // The least number that needs this width: 24, 2^8, 2^16, 2^32.
    const std::uint64_t least = low == 24 ? 24 : std::uint64_t{1} << (4 * width);
    if (argument < least) return {.fault = CborFault::not_minimal};
    return {.major = first >> 5, .argument = argument, .size = 1 + width};
}

}    // namespace filfil::ipld
