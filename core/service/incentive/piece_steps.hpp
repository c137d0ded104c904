// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/sender.hpp"
#include "service/incentive/holding_book.hpp"

#include <cstdint>
#include <string>

namespace filfil::service {

/// What a miner's actor says of a sector: the contract's location().
using SectorPlace = calls::Location::Output;

enum class SectorStatus : std::uint8_t { dead, active, faulty };

/// Reads where a held piece's sector is. @param handler why nothing can be settled, where the sector is not active:
/// Error::denied for one that is gone, busy for a faulty one
void read_place(Desk& desk, const HeldPiece& held, Desk::Handler<SectorPlace> handler);
Result<void> check_active(const HeldPiece& held, const SectorPlace& place, char letter);

/// The keys of all that is sent to settle, or to activate, this piece begin so: one that is under way is the same step.
template <class Call>
std::string key_prefix(const Desk& desk, const HeldPiece& held) {
    return std::string(Call::name) + "/" + desk.address().lower_text() + "/" +
           std::to_string(incentive::deal_of(held.slot, held.holder.piece)) + "/" + std::to_string(held.holder.miner) +
           "/";
}

/// settle() and activateDeal(). @param key what tells this step from others of the piece
Result<incentive::SendOrder> settle_order(const Desk& desk, const HeldPiece& held, const SectorPlace& place,
                                          const std::string& key);
Result<incentive::SendOrder> activate_order(const Desk& desk, const HeldPiece& held, const std::string& key);

}    // namespace filfil::service
