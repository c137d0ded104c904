// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace filfil::car {

/// What the DAG-CBOR map at the front of a CAR says.
struct HeaderFields {
    std::uint64_t version = 0;
    std::vector<ipld::Cid> roots;
};

/// The header of a CARv1 as it stands in the file: a varint, then {"roots": [CID, …], "version": 1} in canonical
/// DAG-CBOR, as go-car writes it.
Bytes encode_header(std::span<const ipld::Cid> roots);

/// Reads the map of a header (without its varint). The two keys may stand in either order; "roots" may be missing, as
/// in the CARv2 pragma. @return Error::corrupt or truncated with the byte inside the map
Result<HeaderFields> decode_header(ByteView map);

/// A CARv2 begins with these 11 bytes: varint 10, then {"version": 2}. Source: ipld.io/specs/transport/car/carv2.
inline constexpr std::size_t v2_pragma_size = 11;

/// Behind the pragma stand 16 bytes of characteristics and three little-endian u64.
inline constexpr std::size_t v2_header_size = 40;

struct HeaderV2 {
    std::uint64_t data_offset = 0;     ///< of the inner CARv1, bytes from the start of the file; at least 51
    std::uint64_t data_size = 0;       ///< bytes of the inner CARv1; at least 1
    std::uint64_t index_offset = 0;    ///< 0 where there is no index
    bool fully_indexed = false;        ///< first bit of the characteristics: identity CIDs are in the index too
};

/// Pragma and header, 51 bytes.
std::array<std::byte, v2_pragma_size + v2_header_size> encode_header_v2(const HeaderV2& header) noexcept;

/// Reads the 40 bytes behind the pragma. @return Error::corrupt where they contradict themselves (go-car v2
/// Header.ReadFrom)
Result<HeaderV2> decode_header_v2(std::span<const std::byte, v2_header_size> bytes);

}    // namespace filfil::car
