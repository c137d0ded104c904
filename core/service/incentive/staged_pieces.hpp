// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"
#include "rpc/json.hpp"
#include "service/incentive/desk.hpp"

#include <cstdint>
#include <vector>

namespace filfil::service {

/// A piece as it was staged.
struct StagedPiece {
    std::uint8_t index = 0;    ///< as the contract has it: 0x80 and more are the alternative's
    ipld::Cid piece_cid;       ///< of version 1
    ipld::Digest256 root{};
    std::uint64_t payload_size = 0;    ///< bytes
    std::uint64_t padded_size = 0;     ///< bytes
};

/// What is staged for a slot.
struct StagedSlot {
    std::uint32_t slot = 0;
    calls::SlotInfo::Output info{};
    std::vector<StagedPiece> pieces{};    ///< of the first staging, then of the alternative one
};

/// Reads it, and all of its pieces. Nothing staged is no error: then it has no pieces.
/// @param handler Error::corrupt for a piece whose size is none
void read_staged(Desk& desk, std::uint32_t slot, Desk::Handler<StagedSlot> handler);

/// One piece of it.
void read_staged_piece(Desk& desk, std::uint32_t slot, std::uint8_t index, Desk::Handler<StagedPiece> handler);

/// {"piece", "piece_cid", "piece_cid_v2", "payload_size", "padded_size"}; the second CID null for a piece so small that
/// it has none.
rpc::Json json_of(const StagedPiece& piece);

}    // namespace filfil::service
