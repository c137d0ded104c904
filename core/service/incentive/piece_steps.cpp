// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/piece_steps.hpp"

#include "service/incentive/slot_json.hpp"

#include <utility>

namespace filfil::service {
namespace {

/// @param piece "f01000" and what of it
std::string whose(const HeldPiece& held, const Desk& desk) {
    return text_of(held) + " of " + miner_text(held.holder.miner, desk.network().address_prefix);
}

}    // namespace

void read_place(Desk& desk, const HeldPiece& held, Desk::Handler<SectorPlace> handler) {
    desk.read<calls::Location>({.miner = held.holder.miner, .sector = held.holder.sector}, std::move(handler));
}

Result<void> check_active(const HeldPiece& held, const SectorPlace& place, char letter) {
    const std::string sector =
        "sector " + std::to_string(held.holder.sector) + " of " + miner_text(held.holder.miner, letter);
    switch (static_cast<SectorStatus>(place.status)) {
        case SectorStatus::active: return {};
        case SectorStatus::faulty:
            return Error(ErrorCode::busy, sector + ", which holds " + text_of(held) + ", is faulty",
                         "recover it; what it earned can be settled once it is proven again");
        default:
            return Error(ErrorCode::denied, sector + ", which held " + text_of(held) + ", is gone",
                         "what was not settled before is lost; settle in good time, which the daemon does by itself "
                         "with incentive.upkeep");
    }
}

Result<incentive::SendOrder> settle_order(const Desk& desk, const HeldPiece& held, const SectorPlace& place,
                                          const std::string& key) {
    FILFIL_TRY(Bytes data,
               incentive::encode_call<calls::Settle>(
                   {.slot = held.slot, .piece = held.holder.piece, .miner = held.holder.miner, .aux = place.aux}));
    return incentive::SendOrder{.key = key_prefix<calls::Settle>(desk, held) + key,
                                .title = "settle " + whose(held, desk),
                                .call = {.to = desk.address(), .value = {}, .data = std::move(data)}};
}

Result<incentive::SendOrder> activate_order(const Desk& desk, const HeldPiece& held, const std::string& key) {
    FILFIL_TRY(Bytes data, incentive::encode_call<calls::ActivateDeal>(
                               {.slot = held.slot, .piece = held.holder.piece, .miner = held.holder.miner}));
    return incentive::SendOrder{.key = key_prefix<calls::ActivateDeal>(desk, held) + key,
                                .title = "activate the deal of " + whose(held, desk),
                                .call = {.to = desk.address(), .value = {}, .data = std::move(data)}};
}

}    // namespace filfil::service
