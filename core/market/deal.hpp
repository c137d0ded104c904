// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/address.hpp"
#include "incentive/eth_address.hpp"
#include "incentive/u256.hpp"
#include "ipld/cid.hpp"
#include "ipld/digest.hpp"
#include "market/refusal.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::market {

/// A piece of a snapshot that is to be stored by a provider, as the contract pays for it.
struct DealOrder {
    std::uint64_t deal = 0;              ///< the contract's number: incentive::deal_of()
    chain::Address provider{};           ///< f0…
    incentive::EthAddress contract{};    ///< the market and client, and who is told of the sector
    ipld::Digest256 root{};              ///< the piece's commitment
    std::uint64_t payload_size = 0;      ///< bytes of the piece's CAR
    std::uint64_t padded_size = 0;       ///< bytes of the piece: the least that holds the payload
    ipld::Cid payload_root{};            ///< a root of the CAR
    std::int64_t start = 0;              ///< epoch; deals of f05 only
    std::int64_t duration = 0;           ///< epochs
    incentive::U256 collateral{};        ///< the provider's, attoFIL; deals of f05 only
    std::string path{};                  ///< of the piece as a file, for markets that read one; "": none
    std::uint32_t attempt = 0;           ///< another number makes another deal of the same piece

    bool operator==(const DealOrder&) const = default;
};

/// @return Error::invalid_argument names the field that cannot be
Result<void> check(const DealOrder& order);

Result<ipld::Cid> piece_cid_v1(const DealOrder& order);
Result<ipld::Cid> piece_cid_v2(const DealOrder& order);

rpc::Json json_of(const DealOrder& order);
Result<DealOrder> parse_deal_order(const rpc::Json& json);

/// Names of a deal: always the same ones for the same contract, deal, provider, piece and attempt, whoever makes them
/// and whenever, so that a market that is told twice sees one deal. Not from the start, the length or the path.
std::string ulid_of(const DealOrder& order);                        ///< 26 characters; Curio mk20
std::array<std::byte, 16> uuid_bytes_of(const DealOrder& order);    ///< RFC 9562 version 8; Curio mk12 and Boost
std::string uuid_of(const DealOrder& order);

/// Where a deal is, in the order in which that goes.
enum class DealState : std::uint8_t {
    unknown,          ///< the market has no such deal
    accepted,         ///< the market has it, and has done nothing yet
    awaiting_data,    ///< it waits for the piece's bytes
    processing,       ///< it fetches or checks them
    publishing,       ///< it waits to be published in f05
    published,        ///< f05 has it
    sealing,          ///< in a sector that is not proven yet
    proven,           ///< on chain; the market still has things of its own to do
    complete,         ///< nothing is left to be done
    paused,           ///< something went wrong, and somebody has to look at it
    failed,           ///< over
    cancelled,
    refused,    ///< the market does not take it
};

/// "awaiting_data"
std::string_view name_of(DealState state) noexcept;

/// The reading of such a name. @return nothing for one that is none
std::optional<DealState> deal_state_of(std::string_view name) noexcept;

/// What is known of a deal.
struct DealStatus {
    std::string id{};    ///< the market's own
    DealState state = DealState::unknown;
    std::string said{};                           ///< the market's own words, cut
    std::optional<Refusal> why{};                 ///< of refused, failed and paused
    bool found = false;                           ///< by propose(): it was there before, and nothing was sent
    std::optional<std::uint64_t> chain_deal{};    ///< f05's number
    std::optional<std::uint64_t> sector{};

    bool operator==(const DealStatus&) const = default;
};

rpc::Json json_of(const DealStatus& status);
Result<DealStatus> parse_deal_status(const rpc::Json& json);

}    // namespace filfil::market
