// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"

#include <cstdint>
#include <vector>

namespace filfil::incentive {

/// A piece that a miner put into a sector.
struct PieceChange {
    ipld::Cid piece{};         ///< version 1
    std::uint64_t size = 0;    ///< padded, bytes
    Bytes payload{};           ///< what the deal's maker wanted to be passed on

    bool operator==(const PieceChange&) const = default;
};

/// A sector whose content changed.
struct SectorChange {
    std::uint64_t sector = 0;
    std::int64_t until = 0;    ///< epoch to which it is committed at least
    std::vector<PieceChange> pieces{};

    bool operator==(const SectorChange&) const = default;
};

// What a miner actor sends to SectorContentChanged, and what it is answered: for each piece of each sector whether it
// was taken. Both are lists without a struct around them. Source: FIP-0109; builtin-actors runtime,
// SectorContentChanged (serde transparent). Reading takes DAG-CBOR in its one form.

/// @return Error::invalid_argument where a piece has no CID
Result<Bytes> encode_sector_changes(const std::vector<SectorChange>& sectors);
Result<std::vector<SectorChange>> decode_sector_changes(ByteView bytes);

Bytes encode_taken(const std::vector<std::vector<bool>>& taken);
Result<std::vector<std::vector<bool>>> decode_taken(ByteView bytes);

}    // namespace filfil::incentive
