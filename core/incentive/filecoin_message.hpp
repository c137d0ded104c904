// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/address.hpp"
#include "incentive/eth_json.hpp"
#include "incentive/gas.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace filfil::incentive {

/// FRC-0042's number of "InvokeEVM", the method that calls a contract.
inline constexpr std::uint64_t invoke_evm = 3'844'450'837;

/// A message of Filecoin that carries a call into the EVM, as far as it is ours to say.
struct FilecoinMessage {
    std::string from;    ///< as the user wrote it
    chain::Address to;
    std::uint64_t method = 0;
    Bytes params{};
    U256 value{};
};

/// InvokeEVM of the contract; CreateExternal of the Ethereum address manager (f010, method 4) for new code.
/// Source: filecoin-project/builtin-actors evm and eam.
/// @param tag put behind the call's data: Solidity's decoder does not look at what follows the parameters
/// @return Error::invalid_argument for a call without data, which has no place for a tag
Result<FilecoinMessage> message_of(const std::string& from, const Call& call, ByteView tag);

/// Lotus's JSON of it, unsigned, for MpoolPushMessage: no nonce, and no gas where `fees` has none.
rpc::Json json_of(const FilecoinMessage& message, const FeeLimits& fees);

/// What a node has made of a message.
struct SignedMessage {
    rpc::Json json;    ///< as MpoolPush takes it
    ipld::Cid cid;
    chain::Address from;
    chain::Address to;
    std::uint64_t nonce = 0;
    std::uint64_t method = 0;
    Bytes params{};
    U256 value{};
    std::uint64_t gas_limit = 0;
    U256 fee_cap{};
    U256 premium{};
    bool delegated = false;    ///< signed as an Ethereum transaction
};

/// @return Error::corrupt names the field
Result<SignedMessage> read_signed_message(const rpc::Json& json);

/// Whether both carry the same call: receiver, method, parameters and value.
bool carries(const SignedMessage& a, const SignedMessage& b);

}    // namespace filfil::incentive
