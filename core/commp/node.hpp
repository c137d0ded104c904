// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/digest.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace filfil::commp {

/// One node of the commitment tree: 32 bytes whose two top bits (bits 6 and 7 of the last byte) are zero.
/// Level 0 is an Fr32 element of the payload; a node of level l covers 2^l of them.
using Node = ipld::Digest256;

inline constexpr std::size_t quad_payload = 127;    ///< payload bytes that become one padded quad
inline constexpr std::size_t quad_padded = 128;     ///< padded bytes of a quad: four elements
inline constexpr unsigned quad_level = 2;           ///< the level of a quad's root
inline constexpr unsigned max_level = 57;           ///< padded sizes stay below 2^63

/// The least payload the market's tools accept (go-fil-commp-hashhash MinPiecePayload).
inline constexpr std::uint64_t min_payload = 65;

/// The root of a tree of 2^level zero elements. @param level 0 to max_level
const Node& zero_node(unsigned level) noexcept;

}    // namespace filfil::commp
