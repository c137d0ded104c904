// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/f05_deal.hpp"

namespace filfil::market {

Result<incentive::DealProposal> f05_proposal(const DealOrder& order) {
    if (order.start <= 0)
        return Error(ErrorCode::invalid_argument, "deal order: a deal of f05 needs an epoch to start at",
                     "fil-fil deals cancel, and then fil-fil deals retry: it is ordered anew");
    incentive::DealProposal out;
    FILFIL_TRY(out.piece, piece_cid_v1(order));
    FILFIL_TRY(out.client, incentive::filecoin_address_of(order.contract));
    out.piece_size = order.padded_size;
    out.provider = order.provider;
    out.label.content = order.payload_root.text();
    out.start = order.start;
    out.end = order.start + order.duration;
    out.provider_collateral = order.collateral;
    return out;
}

Bytes contract_signature() { return {std::byte{2}, std::byte{0xde}, std::byte{0xad}}; }

}    // namespace filfil::market
