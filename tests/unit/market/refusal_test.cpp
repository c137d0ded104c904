// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/refusal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace filfil::market {
namespace {

struct Said {
    int status;
    const char* words;
    const char* name;
    bool passing = false;
};

/// What every refusal has to have.
void expect_whole(const Refusal& refusal) {
    EXPECT_FALSE(refusal.name.empty());
    EXPECT_EQ(refusal.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"), std::string::npos)
        << refusal.name;
    EXPECT_FALSE(refusal.sentence.empty());
    EXPECT_NE(refusal.sentence.back(), '.');
    EXPECT_FALSE(refusal.remedy.empty());
    EXPECT_EQ(error_of(refusal).code, refusal.passing ? ErrorCode::busy : ErrorCode::denied);
}

// Every code of curio market/mk20/types.go DealCode.
TEST(Mk20Refusals, EveryDocumentedCodeIsNamed) {
    for (const Said& one :
         {Said{400, "", "bad_proposal"},
          {400, "Reason: provider does not work with this market", "contract_unknown"},
          {400, "Reason: market contract is not allowed by storage provider", "contract_not_allowed"},
          {400, "Reason: Provider not available in Curio cluster", "provider_not_here"},
          {400, "Reason: Deal size is larger than the miner's sector size", "piece_too_large"},
          {400, "Reason: client in deal does not match client in auth header", "client_mismatch"},
          {400, "Reason: Start epoch is less than the current chain height plus the expected PoRep seal duration",
           "start_too_soon"},
          {400, "Reason: Notification address is not valid", "notification_address_invalid"},
          {400, "Reason: Market address is not valid filecoin address", "market_address_invalid"},
          {401, "Unauthorized\n", "unauthorized"},
          {401, "Reason: Client is not allowed to make deal with this provider", "client_not_allowed"},
          {403, "", "forbidden"},
          {404, "404 page not found", "deal_not_found"},
          {413, "", "proposal_too_large"},
          {422, "Reason: data source offline is not enabled", "source_not_enabled"},
          {423, "Reason: Unsupported product", "unsupported_product"},
          {424, "Reason: products validation failed: product ddo_v1 is not enabled", "product_not_enabled"},
          {425, "Reason: products validation failed: provider is disabled", "provider_disabled"},
          {425, "Reason: products validation failed: market address too short", "product_invalid"},
          {426, "Reason: Deal rejected by market", "rejected_by_contract"},
          {426, "Reason: deal 769 not found in market", "deal_unknown_to_contract"},
          {429, "Reason: MK20 ingestion backpressure is active. Please try again later.", "overloaded", true},
          {430, "Reason: no urls defined", "malformed_data_source"},
          {440, "Reason: unsupported market interface version: 2", "market_not_enabled"},
          {441, "Reason: products validation failed: duration must be at least 518400", "duration_too_short"},
          {500, "Reason: ", "market_failed", true},
          {502, "", "market_away", true},
          {503, "request timeout", "market_busy", true},
          {504, "", "market_away", true},
          {418, "teapot", "unknown_answer"}}) {
        const Refusal refusal = mk20_refusal(one.status, one.words);
        EXPECT_EQ(refusal.name, one.name) << one.words;
        EXPECT_EQ(refusal.passing, one.passing) << one.words;
        expect_whole(refusal);
    }
}

TEST(Mk20Refusals, OnlyWhatMayHaveBeenTakenIsLeftOpen) {
    for (const int status : {400, 401, 422, 423, 424, 425, 426, 429, 430, 440, 441})
        EXPECT_FALSE(mk20_leaves_open(status)) << status;
    for (const int status : {200, 500, 502, 503, 504}) EXPECT_TRUE(mk20_leaves_open(status)) << status;
}

// The words of curio market/mk12/mk12.go, and of boost storagemarket/deal_acceptance.go, provider_loop.go,
// dealfilter.go.
TEST(F05Refusals, EveryKnownReasonIsNamed) {
    for (const Said& one :
         {Said{0, "failed validation: server error: getting chain head", "market_failed", true},
          {0, "failed validation: server error: getting collateral bounds", "market_failed", true},
          {0, "failed validation: server error: getting market balance", "market_failed", true},
          {0, "failed validation: server error: validating signature", "signature_not_checked", true},
          {0, "failed validation: invalid signature", "rejected_by_contract"},
          {0, "failed validation: incorrect provider for deal; proposal.Provider: f01; provider.Address: f02",
           "provider_not_here"},
          {0, "failed validation: deal label can be at most 256 bytes, is 300", "label_too_long"},
          {0, "failed validation: proposal piece size is invalid: x", "piece_size_invalid"},
          {0, "failed validation: proposal PieceCID had wrong prefix", "piece_cid_invalid"},
          {0, "failed validation: proposal end 5 before proposal start 9", "duration_invalid"},
          {0, "failed validation: deal start epoch 5 has already elapsed (current epoch: 9)", "start_elapsed"},
          {0, "failed validation: deal duration out of bounds (min, max, provided): 1, 2, 3", "duration_out_of_bounds"},
          {0, "failed validation: invalid deal end epoch 9: cannot be more than 5 past current epoch 1",
           "duration_out_of_bounds"},
          {0, "failed validation: proposed provider collateral 1 below minimum 2", "collateral_out_of_bounds", true},
          {0, "failed validation: proposed provider collateral 5 above maximum 2", "collateral_out_of_bounds", true},
          {0, "failed validation: client available funds in escrow 0 not enough to meet storage cost for deal 1",
           "client_without_funds"},
          {0, "failed validation: storage price per epoch less than asking price: 0 < 5", "price_below_ask"},
          {0, "offline deals are not allowed on this provider", "offline_refused"},
          {0, "miner is not accepting offline storage deals", "offline_refused"},
          {0, "miner is not accepting unverified storage deals", "unverified_refused"},
          {0, "client not allowed by provider", "client_not_allowed"},
          {0, "Libp2p is disabled for the provider", "provider_disabled"},
          {0, "deal rejected due to backpressure. Please retry in some time.", "overloaded", true},
          {0,
           "deal rejected as maximum allowed deals per hour limit has been reached for the client, please retry in "
           "some time",
           "hourly_limit", true},
          {0,
           "deal rejected as cumulative size of deals in past 1 hour has reached the maximum allowed for the client, "
           "please retry",
           "hourly_limit", true},
          {0, "deal rejected as piece size is greater than the maximum allowed by the pricing filter",
           "filter_refused"},
          {0, "deal rejected as storage price per epoch is less than the amount allowed by the pricing filter",
           "price_below_ask"},
          {0, "piece size less than minimum required size: 1 < 2", "piece_size_refused"},
          {0, "piece size more than maximum allowed size: 3 > 2", "piece_size_refused"},
          {0, "internal server error: failed to check cid gravity", "filter_failed", true},
          {0, "internal server error: failed to apply filters", "market_failed", true},
          {0, "server error: provider has insufficient funds to accept deal", "provider_without_funds", true},
          {0, "server error: provider has no space left for storage deals", "no_space", true},
          {0, "server error: save to db", "market_failed", true},
          {0, "store deal: store deal success: updated 0 rows instead of 1", "already_there"},
          {0, "store deal: market deal with the same proposalCID bafy already exists: 1", "already_there"},
          {0, "deal has the same uuid as deal 9c83 (proposed at 2026)", "already_there"},
          {0, "deal proposal is identical to deal 9c83 (proposed at 2026)", "already_there"},
          {0, "store deal: could not commit the transaction", "market_failed", true},
          {0, "filter cmd run error", "filter_refused"},
          {0, "no", "refused"},
          {0, "", "refused"}}) {
        const Refusal refusal = f05_refusal(one.words);
        EXPECT_EQ(refusal.name, one.name) << one.words;
        EXPECT_EQ(refusal.passing, one.passing) << one.words;
        EXPECT_EQ(f05_has_it(one.words), refusal.name == "already_there") << one.words;
        expect_whole(refusal);
    }
}

TEST(Refusals, OfAnyLengthAndAnyBytesStayShort) {
    for (const std::string& said :
         {std::string(1 << 20, 'x'), std::string(1 << 20, '\xff'), std::string("\0\x1b[31m\r\n", 8)}) {
        EXPECT_LT(mk20_refusal(400, said).sentence.size(), 1000U);
        EXPECT_LT(f05_refusal(said).sentence.size(), 1000U);
        EXPECT_EQ(mk20_refusal(999, said).sentence.find('\x1b'), std::string::npos);
    }
}

}    // namespace
}    // namespace filfil::market
