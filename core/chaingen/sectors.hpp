// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/draws.hpp"
#include "ipld/cbor_writer.hpp"

#include <cstdint>

namespace filfil::chaingen {

/// Lists of sectors are AMTs of this width (builtin-actors SECTORS_AMT_BITWIDTH).
inline constexpr unsigned sectors_width = 5;
inline constexpr std::uint32_t sectors_fanout = 1U << sectors_width;

/// Which leaf of whose list of sectors.
struct SectorLeaf {
    std::uint64_t seed = 0;
    std::uint64_t miner = 0;    ///< its actor's number
    std::uint32_t index = 0;    ///< holds the sectors from 32 * index on
};

/// The places of a leaf that hold a sector, one bit each; the same for every version of the leaf.
/// @param average_bytes of such leaves
std::uint32_t sector_places(const SectorLeaf& leaf, std::uint64_t average_bytes);

/// Writes the leaf's node: 1 to 32 of builtin-actors' SectorOnChainInfo (v16, 16 fields), each with a link to its
/// sealed data, which is no block. A version differs in one sector from version 0, and from all others.
void put_sector_leaf(ipld::CborWriter& out, const SectorLeaf& leaf, std::uint32_t places, std::uint32_t version);

}    // namespace filfil::chaingen
