// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace filfil::market {

// Curio's mk20 market on the wire. Readers take any bytes; errors are corrupt or too_large and name the field.

struct Mk20Terms {
    std::string client{};    ///< the wallet's address as Curio's network writes it: Curio compares the text
    char letter = chain::mainnet_letter;

    /// Curio builds an index of every block, and announces each to the world. Snapshots have tens of millions.
    bool indexing = false;
    bool announce = false;
};

/// The body of POST /deal. Source: curio market/mk20/types.go Deal, DataSource; market/mk20/ddo_v1.go DDOV1;
/// market/mk20/retrieval_v1.go RetrievalV1. The contract stands in EIP-55's form, since VerifyMarketDeal looks its text
/// up. The start stays open: sanitizeDDODeal refuses one that is earlier than a sector sealed from nothing could be.
/// Curio takes only payloads that fill more than half of their piece (go-fil-commcid PieceCidV1FromV2).
Result<std::string> mk20_deal_body(const DealOrder& order, const Mk20Terms& terms);

/// What the contract is given with the notification: its own number of the deal as CBOR. It needs none of it, and Curio
/// refuses an address without it.
Bytes mk20_notification_payload(std::uint64_t deal);

/// Reads the answer of GET /status/{id}. Source: curio market/mk20/utils.go DealProductStatusResponse,
/// DealStatusResponse, DealState; market/mk20/mk20_utils.go DealStatus, getDDOStatus.
Result<DealStatus> read_mk20_status(std::string_view body);

/// Reads a list of names: GET /products {"products": […]}, /sources, /contracts. null is an empty list.
/// Source: curio market/mk20/utils.go SupportedProducts, SupportedDataSources, SupportedContracts.
Result<std::vector<std::string>> read_mk20_names(std::string_view body, std::string_view field);

}    // namespace filfil::market
