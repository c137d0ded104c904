// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/secp256k1.hpp"
#include "incentive/u256.hpp"

#include <cstdint>
#include <optional>

namespace filfil::incentive {

/// What is asked of a contract, whoever sends it.
struct Call {
    std::optional<EthAddress> to{};    ///< nothing: `data` makes a new contract
    U256 value{};                      ///< attoFIL
    Bytes data{};
    bool operator==(const Call&) const = default;
};

/// A transaction of EIP-1559 (type 2), without an access list: Filecoin nodes take none that has one.
struct Transaction {
    std::uint64_t chain_id = 0;
    std::uint64_t nonce = 0;
    U256 tip{};        ///< most a unit of gas for who takes it in, attoFIL
    U256 fee_cap{};    ///< most a unit of gas in all, attoFIL
    std::uint64_t gas_limit = 0;
    Call call{};
    bool operator==(const Transaction&) const = default;
};

struct SignedTransaction {
    Transaction transaction{};
    Signature signature{};
    EthAddress from{};
    Bytes raw{};      ///< what eth_sendRawTransaction takes
    Hash32 hash{};    ///< its name on the chain
};

/// The most that it can cost: value + gas_limit * fee_cap. Nothing where that is no number of 256 bits.
std::optional<U256> most_cost(const Transaction& transaction) noexcept;

/// What is signed.
Hash32 signing_hash(const Transaction& transaction);

/// @return Error::invalid_argument where the tip is above the fee cap
Result<SignedTransaction> sign(const Transaction& transaction, const SecretKey& key);

/// Reads `raw`, and tells who signed it. Strict: one transaction has one form.
/// @return Error::unsupported for other types and for access lists; corrupt, truncated, too_large
Result<SignedTransaction> decode_transaction(ByteView raw);

/// "0x" and 64 digits.
std::string hash_text(const Hash32& hash);

/// @return Error::corrupt for anything else
Result<Hash32> parse_hash(std::string_view text);

}    // namespace filfil::incentive
