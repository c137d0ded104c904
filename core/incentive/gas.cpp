// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/gas.hpp"

#include "incentive/fil_text.hpp"
#include "incentive/revert.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace filfil::incentive {
namespace {

using rpc::Json;

/// No block of Filecoin has room for more.
constexpr std::uint64_t block_gas = 10'000'000'000;

/// What is asked of the node for an estimate, one after the other.
struct Estimate : std::enable_shared_from_this<Estimate> {
    Estimate(EthNode& node_, const EthAddress& from_, Call call_, FeeLimits limits_, RevertReader revert_,
             EthNode::Handler<Fees> handler_)
        : node(node_),
          from(from_),
          call(std::move(call_)),
          limits(std::move(limits_)),
          revert(std::move(revert_)),
          handler(std::move(handler_)) {}

    void start() {
        node.block(At::latest(), [self = shared_from_this()](Result<std::optional<EthBlock>> block) {
            if (!block.ok()) return self->handler(std::move(block).error());
            if (!*block)
                return self->handler(Error(ErrorCode::corrupt, self->node.name() + ": the node has no newest block"));
            self->fees.base_fee = (*block)->base_fee.value_or(U256());
            self->ask_tip();
        });
    }

    void ask_tip() {
        if (limits.tip) {
            fees.tip = *limits.tip;
            return ask_gas();
        }
        node.priority_fee([self = shared_from_this()](Result<U256> tip) {
            if (!tip.ok()) return self->handler(std::move(tip).error());
            self->fees.tip = *tip;
            self->ask_gas();
        });
    }

    void ask_gas() {
        if (limits.gas_limit) {
            fees.gas_limit = *limits.gas_limit;
            return finish();
        }
        node.estimate_gas(from, call, [self = shared_from_this()](rpc::Answer answer) {
            if (!answer.result)
                return self->handler(
                    call_error(self->node, std::move(answer), "eth_estimateGas", self->from, self->revert));
            const auto gas = read_small_quantity(*answer.result);
            if (!gas.ok()) return self->handler(gas.error().in(self->node.name() + ": eth_estimateGas"));
            if (*gas > block_gas)
                return self->handler(
                    Error(ErrorCode::too_large, self->node.name() + ": the call would take " + std::to_string(*gas) +
                                                    " of gas, and a block has " + std::to_string(block_gas)));
            self->fees.gas_limit =
                std::min(block_gas, *gas + *gas / 100 * std::min(self->limits.gas_margin, 1000U) + 1);
            self->finish();
        });
    }

    void finish() {
        const auto twice = multiply(fees.base_fee, 2);
        const auto wanted = twice ? add(*twice, fees.tip) : std::nullopt;
        fees.fee_cap = wanted.value_or(U256::max());
        if (limits.fee_cap && *limits.fee_cap < fees.fee_cap) {
            fees.fee_cap = *limits.fee_cap;
            if (fees.base_fee > fees.fee_cap)
                return handler(Error(ErrorCode::busy,
                                     "the network's base fee of " + fees.base_fee.text() +
                                         " attoFIL is above the limit of " + fees.fee_cap.text() + " that was set",
                                     "wait until it falls, or raise the limit"));
        }
        fees.tip = std::min(fees.tip, fees.fee_cap);
        if (limits.most && most_fees(fees) > *limits.most)
            return handler(Error(ErrorCode::too_large,
                                 "the fees of this transaction could be " + format_fil(most_fees(fees)) +
                                     ", above the limit of " + format_fil(*limits.most) + " that was set",
                                 "wait until the base fee falls, or raise the limit"));
        handler(fees);
    }

    EthNode& node;
    EthAddress from;
    Call call;
    FeeLimits limits;
    RevertReader revert;
    EthNode::Handler<Fees> handler;
    Fees fees{};
};

}    // namespace

Error plain_revert(ByteView data, const std::string& text) {
    if (!data.empty() || text.empty()) return read_revert(data).error;
    return {ErrorCode::denied, "the contract refused the call: " + text};
}

Error call_error(const EthNode& node, rpc::Answer answer, const std::string& method, const EthAddress& from,
                 const RevertReader& revert) {
    if (const auto refusal = refusal_of(answer)) {
        if (refusal->no_funds)
            return {ErrorCode::too_small,
                    "the wallet " + from.text() + " has too little for the call: " + refusal->text, "send FIL to it"};
        return revert ? revert(refusal->data, refusal->text) : plain_revert(refusal->data, refusal->text);
    }
    auto result = node.result_of(std::move(answer), method);
    if (!result.ok()) return std::move(result).error();
    return {ErrorCode::corrupt, node.name() + ": " + method + " answered no error"};
}

void estimate_fees(EthNode& node, const EthAddress& from, const Call& call, const FeeLimits& limits,
                   const RevertReader& revert, EthNode::Handler<Fees> handler) {
    std::make_shared<Estimate>(node, from, call, limits, revert, std::move(handler))->start();
}

U256 raised(const U256& price) noexcept {
    const U256 quarter = divide(price, 4)->quotient;
    const auto more = add(price, quarter);
    // Rounded up, and one.
    return more ? add(*more, 2).value_or(U256::max()) : U256::max();
}

Result<Fees> replacement_fees(const Fees& before, const Fees& now, const FeeLimits& limits) {
    Fees out = before;
    out.base_fee = now.base_fee;
    out.tip = std::max(raised(before.tip), now.tip);
    out.fee_cap = std::max({raised(before.fee_cap), now.fee_cap, out.tip});
    if ((limits.fee_cap && out.fee_cap > *limits.fee_cap) || (limits.most && most_fees(out) > *limits.most))
        return Error(ErrorCode::too_large,
                     "the transaction waits, and one with higher fees in its place would go beyond the limits: " +
                         out.fee_cap.text() + " attoFIL a unit of gas, " + format_fil(most_fees(out)) + " at most",
                     "raise the limits, or wait until the base fee falls");
    return out;
}

U256 likely_fees(const Fees& fees) noexcept {
    const U256 price = std::min(fees.fee_cap, add(fees.base_fee, fees.tip).value_or(U256::max()));
    return multiply(price, fees.gas_limit).value_or(U256::max());
}

U256 most_fees(const Fees& fees) noexcept { return multiply(fees.fee_cap, fees.gas_limit).value_or(U256::max()); }

}    // namespace filfil::incentive
