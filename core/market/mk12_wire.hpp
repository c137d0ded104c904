// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace filfil::market {

// Curio's mk12 market on the wire: maps of CBOR, keys sorted by length and then by letters, as cbor-gen writes them.
// Source: curio market/mk12/types.go, market/mk12/types_cbor_gen.go; market/mk12/legacytypes. Readers take any bytes;
// errors are corrupt, truncated or too_large and name the field.

/// The body of POST /store: DealParams of an offline deal that is not announced.
/// @param indexing have every block of the piece indexed. Curio does that where RemoveUnsealedCopy is false, and keeps
/// an unsealed copy then (market/mk12/mk12.go processDeal: should_index is FastRetrieval)
Result<Bytes> mk12_deal_params(const DealOrder& order, bool indexing);

/// The body of GET /status: DealStatusRequest. Curio wants a signature of a right form there and looks at no more of it
/// (market/mk12/mk12_utils.go GetDealStatus).
Bytes mk12_status_request(const DealOrder& order);

/// The body of GET /ask: AskRequest.
Bytes mk12_ask_request(const chain::Address& miner);

/// DealResponse.
struct Mk12Answer {
    bool accepted = false;
    std::string message{};    ///< why not
};
Result<Mk12Answer> read_mk12_answer(ByteView body);

/// DealStatusResponse. Curio says of a deal that it does not know what it says of one that has failed before it was
/// published: "failed to get sealed deal status"; that is DealState::unknown here.
Result<DealStatus> read_mk12_status(ByteView body);

/// StorageAsk: what the miner asks for.
struct Mk12Ask {
    bool free = false;    ///< its price for deals that are not verified is 0
    std::uint64_t least_piece = 0;
    std::uint64_t largest_piece = 0;
};

/// AskResponse. @return nothing in it where the miner has none
Result<std::optional<Mk12Ask>> read_mk12_ask(ByteView body);

}    // namespace filfil::market
