// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace filfil::market {

/// Why a market node does not take a deal, or does not go on with one, in words of this program.
struct Refusal {
    std::string name;        ///< stable, lower case: "contract_not_allowed"
    std::string sentence;    ///< what is wrong, without a full stop
    std::string remedy;      ///< what the operator can do about it
    bool passing = false;    ///< may go away by itself: the same deal may be proposed again later

    bool operator==(const Refusal&) const = default;
};

/// The same as an Error (denied, or busy where it may pass).
Error error_of(const Refusal& refusal);

/// Curio's mk20 market to POST /deal and the like: a status and "Reason: …".
/// Source: curio market/mk20/types.go DealCode, market/mk20/utils.go Validate, market/mk20/mk20.go sanitizeDDODeal,
/// market/mk20/ddo_v1.go Validate and VerifyMarketDeal, market/mk20/http/http.go AuthMiddleware.
/// @param said the answer's body; of any length, and any bytes
Refusal mk20_refusal(int status, std::string_view said);

/// Whether what Curio's mk20 market answers to POST /deal leaves it open if it took the deal: its own time-out of 10 s
/// (503) and a failed transaction (500, also where it has a deal of that identifier already) look like this.
bool mk20_leaves_open(int status) noexcept;

/// Why a market of f05's deals (Curio mk12, Boost) does not take one: it says so in words only.
/// Source: curio market/mk12/mk12.go ExecuteDeal, validateDealProposal, validateAsk, applyFilters, processDeal; boost
/// storagemarket/deal_acceptance.go validateDealProposal, provider_loop.go checkDealPropUnique, checkDealUuidUnique,
/// runDealFilters, processImportOfflineDealData; boost node/modules/dealfilter.go BasicDealFilter.
Refusal f05_refusal(std::string_view said);

/// Whether those words say that it has the deal already.
bool f05_has_it(std::string_view said) noexcept;

}    // namespace filfil::market
