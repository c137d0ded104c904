// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_node.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace filfil::incentive {

/// What the user allows. Nothing: what the node proposes.
struct FeeLimits {
    std::optional<U256> fee_cap{};               ///< most a unit of gas in all, attoFIL
    std::optional<U256> tip{};                   ///< a unit of gas for who takes it in, in place of the node's
    std::optional<std::uint64_t> gas_limit{};    ///< in place of the node's estimate
    std::optional<U256> most{};                  ///< most for the fees of one transaction, attoFIL
    unsigned gas_margin = 25;                    ///< percent on top of the node's estimate: state changes until it runs
};

/// What a transaction may cost.
struct Fees {
    std::uint64_t gas_limit = 0;
    U256 tip{};
    U256 fee_cap{};
    U256 base_fee{};    ///< of the newest block, a unit
    bool operator==(const Fees&) const = default;
};

/// Reads a refusal of a call into a sentence with a remedy. @param data what the contract said @param text the node's
/// own words
using RevertReader = std::function<Error(ByteView data, const std::string& text)>;

/// What read_revert() makes of it; the node's words where the contract said nothing.
Error plain_revert(ByteView data, const std::string& text);

/// The error of an answer to eth_call or eth_estimateGas. @param what for the message: "the call of …"
Error call_error(const EthNode& node, rpc::Answer answer, const std::string& method, const EthAddress& from,
                 const RevertReader& revert);

/// Asks the node what a call will cost: eth_estimateGas and the margin; a fee cap of twice the base fee and the tip, so
/// that it stays good while the base fee doubles (it can rise by an eighth a block).
/// @param handler Error::busy where the base fee is above the user's cap, too_large above the user's most; the call's
/// own refusals by `revert`
void estimate_fees(EthNode& node, const EthAddress& from, const Call& call, const FeeLimits& limits,
                   const RevertReader& revert, EthNode::Handler<Fees> handler);

/// A quarter more, and one: the least that Lotus and Forest take in place of a message that waits.
U256 raised(const U256& price) noexcept;

/// The fees of a transaction that is to take the place of one with `before`: tip and cap raised, and as high as `now`
/// would have them. @return Error::too_large where the user's limits forbid it
Result<Fees> replacement_fees(const Fees& before, const Fees& now, const FeeLimits& limits);

/// gas_limit at the price of now: what it is likely to cost at most.
U256 likely_fees(const Fees& fees) noexcept;

/// gas_limit * fee_cap; the largest number where it is none.
U256 most_fees(const Fees& fees) noexcept;

}    // namespace filfil::incentive
