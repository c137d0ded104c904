// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::market {

// Boost on the wire: JSON-RPC of boostd for what changes something, GraphQL for what is asked. Readers take any bytes;
// errors are corrupt or too_large and name the field, denied, or what Boost says.

/// The body of a call of boostd's JSON-RPC (api/api.go).
std::string boost_call(std::string_view method, const rpc::Json& params);

/// Parameters of Filecoin.BoostDummyDeal: the only call that proposes a deal without libp2p (node/impl/boost.go
/// BoostDummyDeal; storagemarket/types/types.go DealParams; go-state-types builtin/v9/market/deal.go DealProposal).
/// Offline, and not announced. @param letter in front of addresses
Result<rpc::Json> boost_deal_params(const DealOrder& order, char letter);

/// Parameters of Filecoin.BoostOfflineDealWithData: where boostd finds the piece on its own disk, which it keeps.
rpc::Json boost_data_params(const DealOrder& order);

/// What those two answer: {"Accepted", "Reason"} (api/types.go ProviderDealRejectionInfo).
struct BoostAnswer {
    bool accepted = false;
    std::string reason{};    ///< why not: also of an error
};
Result<BoostAnswer> read_boost_answer(std::string_view body);

/// A GraphQL request as boostd's handler takes it (graph-gophers relay: query and variables). Source:
/// gql/schema.graphql.
std::string boost_deal_query(const std::string& id);
std::string boost_publish_mutation(const std::string& id);
std::string boost_cancel_mutation(const std::string& id);
std::string boost_facts_query();

/// Reads a GraphQL answer. @return its data; Error::io for errors it names, with the first one's words
Result<rpc::Json> read_graphql(std::string_view body);

/// What boostd says of a deal: gql/resolver.go Deal, Message, SealingState; storagemarket/types/dealcheckpoints;
/// types/deal_state.go DealRetryType. Numbers are {"__typename": "BigInt", "n": "…"} (gql/types/uint64.go).
struct BoostDeal {
    DealStatus status{};
    bool has_data = false;    ///< it was told where the piece is
};

/// @return DealState::unknown for a deal that boostd does not have, which it says as an error of its database
Result<BoostDeal> read_boost_deal(std::string_view body);

/// Whether a mutation was done, as its answer says: it names the deal.
Result<bool> read_boost_names(std::string_view body, std::string_view field, const std::string& id);

struct BoostFacts {
    std::string miner{};
    bool on_curio = false;    ///< Boost as an adapter of Curio, which Curio does not support any more
    bool free = false;        ///< the ask's price for deals that are not verified is 0
    std::uint64_t least_piece = 0;
    std::uint64_t largest_piece = 0;
    incentive::U256 escrow{};       ///< of the provider in f05, attoFIL
    incentive::U256 publisher{};    ///< of the wallet that publishes
};
Result<BoostFacts> read_boost_facts(std::string_view body);

}    // namespace filfil::market
