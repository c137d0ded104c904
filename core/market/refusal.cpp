// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/refusal.hpp"

#include "rpc/excerpt.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace filfil::market {
namespace {

/// A market's answer is known by its number, by words in it, or by both.
struct Row {
    int status;                ///< 0: any
    std::string_view words;    ///< "": any
    std::string_view name;
    std::string_view sentence;
    std::string_view remedy;
    bool passing = false;
};

// What is narrower stands above what is wider.
constexpr std::array mk20_rows = {
    Row{400, "provider does not work with this market", "contract_unknown",
        "Curio does not know the contract as a market",
        "add the contract's address, exactly as fil-fil writes it, to DDO Contracts on the page MK20 of Curio"},
    Row{400, "market contract is not allowed", "contract_not_allowed",
        "Curio has the contract on its list and does not allow it",
        "allow the contract in DDO Contracts on the page MK20 of Curio"},
    Row{400, "Provider not available in Curio cluster", "provider_not_here",
        "this Curio cluster does not serve the miner",
        "name the market node of the miner's own cluster, or add the miner to the cluster's Addresses"},
    Row{400, "larger than the miner's sector size", "piece_too_large",
        "the piece does not fit into a sector of the miner",
        "register a miner whose sectors are at least as large as the recipe's pieces"},
    Row{400, "client in deal does not match client", "client_mismatch",
        "the deal's client is not the wallet that signed the request",
        "set the wallet's address with the letter of Curio's network (f on mainnet, t elsewhere)"},
    Row{400, "Start epoch is less", "start_too_soon", "the deal starts before Curio expects to have it sealed",
        "leave the start epoch open, or lower ExpectedPoRepSealDuration of Curio's MK20"},
    Row{400, "Notification address is not valid", "notification_address_invalid",
        "Curio's node finds no actor at the notification address",
        "check the contract's address and that Curio's node is in sync with the same network"},
    Row{400, "Market address is not valid", "market_address_invalid",
        "Curio's node finds no actor at the contract's address",
        "check the contract's address and that Curio's node is in sync with the same network"},
    Row{400, "invalid content type", "bad_proposal", "Curio did not get the proposal as JSON",
        "let no proxy in front of Curio change Content-Type"},
    Row{400, "", "bad_proposal", "Curio finds the proposal not valid",
        "update fil-fil and Curio: they may not be of one version"},
    Row{401, "Client is not allowed", "client_not_allowed", "Curio takes no deals of this wallet",
        "allow the wallet in Curio's table market_mk20_clients (it has no page), or set DenyUnknownClients = false"},
    Row{401, "", "unauthorized", "Curio does not accept the signature of the request",
        "check that both machines' clocks are right, that the wallet's key is in the node, and that Curio does not "
        "deny the wallet"},
    Row{403, "", "forbidden", "something in front of Curio forbids the request",
        "check the proxy before Curio's market"},
    Row{404, "", "deal_not_found", "there is no such thing at this address",
        "check the market's URL: Curio answers at /market/mk20"},
    Row{413, "", "proposal_too_large", "something in front of Curio finds the proposal too large",
        "check the proxy before Curio's market"},
    Row{422, "", "source_not_enabled", "Curio does not take offline data for deals",
        "turn on the data source 'offline' on the page MK20 of Curio"},
    Row{423, "", "unsupported_product", "Curio does not know direct data onboarding (ddo_v1)", "update Curio"},
    Row{424, "", "product_not_enabled", "direct data onboarding or retrieval is turned off in Curio",
        "turn on the products ddo_v1 and retrieval_v1 on the page MK20 of Curio"},
    Row{425, "provider is disabled", "provider_disabled", "the miner is on Curio's list of DisabledMiners",
        "take the miner off DisabledMiners of Curio's MK20"},
    Row{425, "", "product_invalid", "Curio finds the deal's terms not valid",
        "update fil-fil and Curio: they may not be of one version"},
    Row{426, "not found in market", "deal_unknown_to_contract", "the contract knows no such piece",
        "wait until the operator has staged the snapshot, and check that Curio's node is in sync"},
    Row{426, "", "rejected_by_contract", "the contract would not take the deal now",
        "check with fil-fil windows that the window is open, and that the piece is the one that was staged"},
    Row{429, "", "overloaded", "Curio has too much to do to take deals now",
        "raise the limits of Curio's Ingest, or wait", true},
    Row{430, "", "malformed_data_source", "Curio cannot read where the data comes from",
        "update fil-fil and Curio: they may not be of one version"},
    Row{440, "", "market_not_enabled", "the contract has an interface that this Curio does not speak", "update Curio"},
    Row{441, "", "duration_too_short", "the deal is shorter than the 518400 epochs that Curio asks for",
        "the contract's least term is too short for Curio: tell the contract's owner"},
    Row{500, "", "market_failed", "something went wrong inside Curio", "look into Curio's log; fil-fil asks again",
        true},
    Row{502, "", "market_away", "the proxy before Curio does not reach it", "start Curio's market node", true},
    Row{503, "", "market_busy", "Curio was too slow or is being maintained",
        "look at the load of Curio and its database; fil-fil asks again", true},
    Row{504, "", "market_away", "the proxy before Curio does not reach it", "start Curio's market node", true},
};

constexpr std::array f05_rows = {
    Row{0, "server error: getting", "market_failed", "the market's node does not answer it",
        "check the node of the market; fil-fil asks again", true},
    Row{0, "already exists", "already_there", "the market has this deal already", "nothing has to be done"},
    Row{0, "updated 0 rows instead of 1", "already_there", "the market has this deal already",
        "nothing has to be done"},
    Row{0, "has the same uuid as deal", "already_there", "the market has this deal already", "nothing has to be done"},
    Row{0, "deal proposal is identical to deal", "already_there", "the market has this deal already",
        "nothing has to be done"},
    Row{0, "validating signature", "signature_not_checked",
        "the market could not ask the contract whether it wants the deal",
        "check that the market's node is in sync and of the contract's network", true},
    Row{0, "invalid signature", "rejected_by_contract", "the contract would not take the deal now",
        "check with fil-fil windows that the window is open, and that the piece is the one that was staged"},
    Row{0, "incorrect provider", "provider_not_here", "the market node does not serve the miner",
        "name the market node of that miner"},
    Row{0, "disabled for the provider", "provider_disabled", "the miner is on Curio's list of DisabledMiners",
        "take the miner off DisabledMiners of Curio's MK12"},
    Row{0, "piece size is invalid", "piece_size_invalid", "the market finds the piece's size not valid",
        "update fil-fil: pieces have sizes of powers of two"},
    Row{0, "wrong prefix", "piece_cid_invalid", "the market finds the piece's CID not valid", "update fil-fil"},
    Row{0, "label can be at most", "label_too_long", "the deal's label is too long for the market", "update fil-fil"},
    Row{0, "before proposal start", "duration_invalid", "the deal ends before it starts", "update fil-fil"},
    Row{0, "has already elapsed", "start_elapsed", "the deal's start epoch is over",
        "fil-fil deals cancel, and then fil-fil deals retry: another deal of it starts later"},
    Row{0, "duration out of bounds", "duration_out_of_bounds", "f05 takes no deal of this length",
        "the contract's least term does not fit f05's bounds: use Curio's mk20 market"},
    Row{0, "past current epoch", "duration_out_of_bounds", "the deal ends later than a sector may live",
        "the contract's least term does not fit a sector: tell the contract's owner"},
    Row{0, "collateral", "collateral_out_of_bounds", "the provider's collateral in the deal is not within f05's bounds",
        "fil-fil deals cancel, and then fil-fil deals retry: the bounds change with the network's power", true},
    Row{0, "funds in escrow", "client_without_funds",
        "f05 wants the contract to have money in escrow, which it has not", "update fil-fil: its deals cost nothing"},
    Row{0, "offline deals are not allowed", "offline_refused", "Curio does not take offline deals",
        "set DenyOfflineDeals = false in Curio's MK12"},
    Row{0, "not accepting offline", "offline_refused", "Boost does not take offline deals",
        "set ConsiderOfflineStorageDeals = true in Boost's Dealmaking"},
    Row{0, "not accepting unverified", "unverified_refused", "Boost takes verified deals only",
        "set ConsiderUnverifiedStorageDeals = true in Boost's Dealmaking"},
    Row{0, "client not allowed", "client_not_allowed", "Curio takes no deals of the contract",
        "allow the contract's address in the Allow/Deny List on the page Market Settings of Curio, or set "
        "DenyUnknownClients = false"},
    Row{0, "backpressure", "overloaded", "Curio has too much to do to take deals now",
        "raise the limits of Curio's Ingest, or wait", true},
    Row{0, "in past 1 hour", "hourly_limit", "the market's limit for deals of one client in an hour is reached",
        "raise the limit in the market's client filters, or wait", true},
    Row{0, "deals per hour limit", "hourly_limit", "the market's limit for deals of one client in an hour is reached",
        "raise the limit in the market's client filters, or wait", true},
    Row{0, "than asking price", "price_below_ask", "the market asks for a price, and the contract's deals have none",
        "set the ask of the miner to 0, or make a pricing filter for the contract with the price 0"},
    Row{0, "than the amount allowed", "price_below_ask",
        "a pricing filter asks for a price, and the contract's deals have none",
        "set the price of the contract's pricing filter to 0"},
    Row{0, "less than minimum required size", "piece_size_refused", "the piece is smaller than the miner's ask takes",
        "lower the ask's smallest piece size"},
    Row{0, "more than maximum allowed size", "piece_size_refused", "the piece is larger than the miner's ask takes",
        "raise the ask's largest piece size"},
    Row{0, "pricing filter", "filter_refused",
        "a pricing filter of the market does not take pieces or terms like these",
        "widen the pricing filter for the contract"},
    Row{0, "insufficient funds", "provider_without_funds",
        "the provider has too little in f05 for the deal's collateral", "add to the market balance of the miner", true},
    Row{0, "no space left", "no_space", "the market has no room to stage the piece",
        "make room in the market's staging folder", true},
    Row{0, "cid gravity", "filter_failed", "CIDGravity does not answer", "check the CIDGravity token in Curio", true},
    Row{0, "server error", "market_failed", "something went wrong inside the market node",
        "look into its log; fil-fil asks again", true},
    Row{0, "filter", "filter_refused", "a filter of the market does not take the deal",
        "let the market's deal filter take the contract's deals"},
    Row{0, "store deal", "market_failed", "the market could not write the deal down",
        "look into its log; fil-fil asks again", true},
};

bool has_words(std::string_view text, std::string_view words) noexcept {
    return text.find(words) != std::string_view::npos;
}

Refusal refusal_of(const Row& row, std::string_view said) {
    std::string sentence(row.sentence);
    if (!said.empty()) sentence += " ('" + rpc::excerpt(said, 160) + "')";
    return {std::string(row.name), std::move(sentence), std::string(row.remedy), row.passing};
}

/// The reason is all that counts, and longer than this is none.
constexpr std::size_t longest_reason = 4096;

std::string_view reason_in(std::string_view said) noexcept {
    said = said.substr(0, longest_reason);
    if (said.starts_with("Reason:")) said.remove_prefix(7);
    while (!said.empty() && (said.front() == ' ' || said.front() == '\n')) said.remove_prefix(1);
    while (!said.empty() && (said.back() == ' ' || said.back() == '\n')) said.remove_suffix(1);
    return said;
}

}    // namespace

Error error_of(const Refusal& refusal) {
    return {refusal.passing ? ErrorCode::busy : ErrorCode::denied, refusal.sentence, refusal.remedy};
}

Refusal mk20_refusal(int status, std::string_view said) {
    const std::string_view reason = reason_in(said);
    for (const Row& row : mk20_rows)
        if (row.status == status && has_words(reason, row.words)) return refusal_of(row, reason);
    return {"unknown_answer",
            "Curio answers with HTTP " + std::to_string(status) + " ('" + rpc::excerpt(reason, 160) + "')",
            "check the market's URL, and update fil-fil"};
}

bool mk20_leaves_open(int status) noexcept { return status == 200 || status >= 500; }

Refusal f05_refusal(std::string_view said) {
    const std::string_view reason = reason_in(said);
    for (const Row& row : f05_rows)
        if (has_words(reason, row.words)) return refusal_of(row, reason);
    return {"refused", "the market refuses the deal ('" + rpc::excerpt(reason, 160) + "')",
            "look into the market node's log"};
}

bool f05_has_it(std::string_view said) noexcept {
    const std::string_view reason = reason_in(said);
    return std::ranges::any_of(
        f05_rows, [&](const Row& row) { return row.name == "already_there" && has_words(reason, row.words); });
}

}    // namespace filfil::market
