// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/transaction.hpp"
#include "rpc/client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::incentive {

// What nodes say in Ethereum's JSON-RPC. Nothing of it is trusted: whatever is not of the right form is Error::corrupt,
// with the field's name.

struct EthBlock {
    std::uint64_t number = 0;
    Hash32 hash{};
    std::optional<U256> base_fee{};
};

struct EthTransaction {
    Hash32 hash{};
    EthAddress from{};
    std::optional<EthAddress> to{};
    std::uint64_t nonce = 0;
    Bytes input{};
};

/// What became of a transaction.
struct EthReceipt {
    std::uint64_t block = 0;
    std::optional<Hash32> block_hash{};    ///< nothing where it was not told
    bool succeeded = false;
    U256 gas_used{};
    U256 gas_price{};                           ///< attoFIL a unit, in the end
    std::optional<EthAddress> contract{};       ///< that it made
    std::optional<std::int64_t> exit_code{};    ///< of Filecoin, where it was asked
};

/// "0x0", "0x1f": what nodes call a quantity.
std::string quantity(std::uint64_t value);
Result<U256> read_quantity(const rpc::Json& json);
Result<std::uint64_t> read_small_quantity(const rpc::Json& json);

/// "0x" and two digits a byte.
Result<Bytes> read_data(const rpc::Json& json);
Result<EthAddress> read_eth_address(const rpc::Json& json);

Result<EthBlock> read_block(const rpc::Json& json);
Result<EthTransaction> read_transaction(const rpc::Json& json);
Result<EthReceipt> read_receipt(const rpc::Json& json);

/// The whole transactions of a block, in order; those that cannot be read are left out. At most 100,000.
Result<std::vector<EthTransaction>> read_block_transactions(const rpc::Json& json);

/// {"from", "to", "value", "data"}: what eth_call and eth_estimateGas take.
rpc::Json call_json(const EthAddress& from, const Call& call);

/// Why a node could not carry a call out, as far as it says so.
struct Refusal {
    bool reverted = false;    ///< the contract said no
    bool no_funds = false;    ///< the sender has too little
    Bytes data{};             ///< what the contract said
    std::string text{};       ///< the node's own words, shortened
};

/// Nothing where the answer is no refusal of the call itself but one of the node.
std::optional<Refusal> refusal_of(const rpc::Answer& answer);

}    // namespace filfil::incentive
