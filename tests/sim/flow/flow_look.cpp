// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"

#include <algorithm>
#include <utility>

namespace filfil::sim {

bool FlowLook::read() {
    const auto rows = seen.journal.deals({.limit = 10'000});
    add(rows.ok(), "the journal's deals cannot be read");
    if (!rows.ok()) return false;
    for (const journal::DealRecord& row : *rows) {
        auto steps = seen.journal.deal_steps(row.id);
        add(steps.ok(), "the steps of deal " + std::to_string(row.id) + " cannot be read");
        if (!steps.ok()) return false;
        // A wall clock that went back shows the same again: no step was before the one before it.
        std::uint64_t least = 0;
        for (journal::DealStepRecord& step : *steps) {
            if (!step.epoch) continue;
            least = std::max(least, static_cast<std::uint64_t>(step.epoch->value));
            if (const auto epoch = seen.weather.epoch_at(step.at, least - std::min(least, lower_head)))
                least = std::max(least, *epoch);
            step.epoch = Epoch{static_cast<std::int64_t>(least)};
        }
        deals.push_back({row, *std::move(steps),
                         "deal " + std::to_string(row.id) + " (t0" + std::to_string(row.miner) + ", slot " +
                             std::to_string(row.slot) + ", piece " + std::to_string(row.piece) + ", attempt " +
                             std::to_string(row.attempt) + ", " + row.market + ", " + row.stage + ")"});
    }
    return true;
}

const Shop& FlowLook::shop_of(std::uint64_t miner) const {
    return **std::ranges::find_if(seen.shops, [&](const Shop* shop) { return shop->miner() == miner; });
}

bool FlowLook::taken_back_since(const Deal& deal) const {
    if (deal.record.stage != "missed" || deal.steps.empty()) return false;
    return seen.paying.last_deep_reorg() >= deal.steps.back().epoch.value_or(Epoch{0}).value;
}

std::uint64_t FlowLook::allowed(const journal::DealRecord& deal) const {
    std::uint64_t out_of = 0;
    for (const Deal& one : deals)
        if (const auto times = seen.asked.retried.find(one.record.id);
            same_piece(one.record, deal) && times != seen.asked.retried.end())
            out_of += times->second;
    const auto times = seen.asked.stored.find(static_cast<std::uint64_t>(deal.target.value));
    return out_of + (times == seen.asked.stored.end() ? 0 : times->second);
}

}    // namespace filfil::sim
