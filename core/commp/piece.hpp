// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "commp/node.hpp"
#include "ipld/piece_cid.hpp"

#include <cstdint>
#include <span>

namespace filfil::commp {

/// The commitment to a piece: what Filecoin deals name.
struct Piece {
    Node root{};
    std::uint64_t payload_size = 0;    ///< bytes hashed, before any padding
    std::uint64_t padded_size = 0;     ///< bytes of the whole tree's elements; a power of two, at least 128

    bool operator==(const Piece&) const = default;
};

/// The same piece padded with zeros to a larger one. Source: go-fil-commp-hashhash PadCommP.
/// @return Error::invalid_argument if `padded_size` is no power of two, below the piece's own size, or over 2^62
Result<Piece> pad_to(const Piece& piece, std::uint64_t padded_size);

/// The data commitment of a sector that holds `pieces` in this order, each aligned to its own size, gaps and end filled
/// with zero pieces. An empty sector is all zeros. Source: rust-fil-proofs filecoin-proofs/src/pieces.rs
/// compute_comm_d.
/// @param sector_size padded bytes, a power of two >= 128
/// @return Error::invalid_argument if a piece's size is no power of two >= 128, Error::too_large if they do not fit
Result<Node> sector_comm_d(std::span<const Piece> pieces, std::uint64_t sector_size);

/// The version 1 CID: "baga6ea4seaq…".
ipld::Cid piece_cid_v1(const Piece& piece);

/// The version 2 CID (FRC-0069): "bafkzcib…".
ipld::Cid piece_cid_v2(const Piece& piece);

}    // namespace filfil::commp
