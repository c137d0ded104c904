// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/address.hpp"
#include "incentive/u256.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <string>

namespace filfil::incentive {

/// What a deal is called: text, or bytes where they are no text. At most 256 bytes.
struct DealLabel {
    bool text = true;
    std::string content{};

    bool operator==(const DealLabel&) const = default;
};

/// A deal of the built-in market. In CBOR a list of 11. Source: go-state-types builtin/v9/market/deal.go.
struct DealProposal {
    ipld::Cid piece{};               ///< version 1: baga…
    std::uint64_t piece_size = 0;    ///< padded, bytes
    bool verified = false;
    chain::Address client{};
    chain::Address provider{};
    DealLabel label{};
    std::int64_t start = 0;    ///< epochs
    std::int64_t end = 0;
    U256 price{};    ///< an epoch, attoFIL
    U256 provider_collateral{};
    U256 client_collateral{};

    bool operator==(const DealProposal&) const = default;
};

/// A proposal and what its client signed.
struct ClientDealProposal {
    DealProposal proposal{};
    Bytes signature{};    ///< a byte for its kind (1 secp256k1, 2 BLS, 3 delegated), then what the key made

    bool operator==(const ClientDealProposal&) const = default;
};

/// What the market asks a client that is a contract: f05 sends it to AuthenticateMessage. Source: FRC-0044, FIP-0044.
struct AuthenticateParams {
    Bytes signature{};
    Bytes message{};    ///< the proposal's CBOR

    bool operator==(const AuthenticateParams&) const = default;
};

/// What the market tells a client: f05 sends it to MarketNotifyDeal.
struct NotifyDealParams {
    Bytes proposal{};    ///< its CBOR, with addresses by number
    std::uint64_t deal = 0;

    bool operator==(const NotifyDealParams&) const = default;
};

// Reading takes DAG-CBOR in its one form, and nothing behind it. Errors: corrupt, truncated, too_large or unsupported,
// with the field; amounts below zero are corrupt. Thread-safe.

/// @return Error::invalid_argument for an empty address or CID, or a label that is longer than 256 bytes
Result<Bytes> encode(const DealProposal& proposal);
Result<DealProposal> decode_deal_proposal(ByteView bytes);

/// The CID under which the market and this program name a proposal: CIDv1 dag-cbor blake2b-256 of its CBOR. The
/// market's own is that of the proposal with both addresses by number.
Result<ipld::Cid> cid_of(const DealProposal& proposal);

Result<Bytes> encode(const ClientDealProposal& proposal);
Result<ClientDealProposal> decode_client_deal_proposal(ByteView bytes);

Bytes encode(const AuthenticateParams& params);
Result<AuthenticateParams> decode_authenticate_params(ByteView bytes);

Bytes encode(const NotifyDealParams& params);
Result<NotifyDealParams> decode_notify_deal_params(ByteView bytes);

}    // namespace filfil::incentive
