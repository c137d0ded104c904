// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/order_terms.hpp"

#include <algorithm>

namespace filfil::service {
namespace {

/// A deal's length where the contract leaves it open: what a sector has to have at least, and what mk20 asks for
/// (curio market/mk20/ddo_v1.go: 180 days); the most is builtin-actors' bound of 1,278 days.
constexpr std::int64_t epochs_a_day = 2880;
constexpr std::int64_t least_term = 180 * epochs_a_day;
constexpr std::int64_t most_term = 1278 * epochs_a_day;
constexpr std::int64_t margin_days = 10;

}    // namespace

market::DealOrder order_terms(const Desk& desk, const Stall* stall, const Config::Deals& settings,
                              std::optional<Epoch> head, std::uint64_t miner) {
    market::DealOrder order;
    order.provider = chain::Address::of_id(miner);
    order.contract = desk.address();
    const std::int64_t wanted = desk.terms() ? desk.terms()->params.min_term : 0;
    // What ends before the contract's least term is not paid.
    order.duration = settings.term_days != 0
                         ? std::max(static_cast<std::int64_t>(settings.term_days) * epochs_a_day, wanted)
                         : std::max(least_term, wanted + margin_days * epochs_a_day);
    order.duration = std::min(order.duration, most_term);
    if (stall == nullptr || !stall->f05()) return order;
    const auto epoch_seconds = std::chrono::seconds(std::max<std::uint64_t>(1, desk.network().seconds_per_epoch));
    order.start = (head ? head->value : 0) + settings.start_after / epoch_seconds;
    return order;
}

Result<incentive::U256> offered_collateral(const Result<rpc::Json>& bounds) {
    if (!bounds.ok()) return bounds.error();
    FILFIL_TRY(const std::string text, rpc::text_field(*bounds, "Min"));
    FILFIL_TRY(const incentive::U256 least, incentive::U256::parse(text));
    const auto more = incentive::divide(least, 5);
    return incentive::add(least, more ? more->quotient : incentive::U256()).value_or(least);
}

}    // namespace filfil::service
