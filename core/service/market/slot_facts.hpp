// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "service/incentive/desk.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::service {

/// What is staged for a slot.
struct SlotFacts {
    calls::SlotInfo::Output info;
    std::vector<contract::Piece> first{};
    std::vector<contract::Piece> alternative{};    ///< of the second staging, where there is one

    [[nodiscard]] bool staged() const noexcept { return info.staged_at != 0; }
};

/// Reads it from the contract: one call, and one more for each piece.
void read_slot_facts(Desk& desk, std::uint32_t slot, Desk::Handler<SlotFacts> handler);

/// Which of what is staged a snapshot is: by the pieces' commitments and sizes, one by one.
/// @return whether it is the alternative. Error::mismatch says where own and staged pieces part: the first that is
/// another, with both commitments; Error::busy where nothing is staged
Result<bool> match(const SlotFacts& facts, const journal::SnapshotRecord& own);

/// The commitment in a piece's CID. @return Error::corrupt for what is no piece CID
Result<ipld::Digest256> root_of(const journal::PieceRecord& piece);

}    // namespace filfil::service
