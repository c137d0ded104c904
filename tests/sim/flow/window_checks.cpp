// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace filfil::sim {
namespace {

using Deal = FlowLook::Deal;

/// A window that is calm for so many epochs is long enough for what waits to be tried again, and to be stored.
constexpr std::uint64_t enough = 23;

/// And for so many to be seen.
constexpr std::uint64_t enough_to_see = 6;

bool ended_by_others(const Deal* deal) { return deal->record.stage == "cancelled" || deal->record.stage == "failed"; }

/// Boost stops in the middle of a deal that cannot be sealed, and waits there for somebody who presses Retry.
bool stopped_by_market(const FlowLook& look, const Deal& deal) {
    return look.shop_of(deal.record.miner).broke.contains(deal.record.market_id);
}

void check_window(FlowLook& look, std::uint64_t miner, const contract::Window& window) {
    ++look.out.slots;
    const Weather& weather = look.seen.weather;
    const std::uint64_t own_market = FlowLook::own_of(miner);
    std::vector<const Deal*> own;
    for (const Deal& deal : look.deals)
        if (deal.record.miner == miner && deal.record.slot == window.slot) own.push_back(&deal);
    const std::string name = "slot " + std::to_string(window.slot) + " of t0" + std::to_string(miner);
    look.add(!own.empty() || weather.longest_calm(window.open, window.close, own_market) < enough_to_see,
             name + ": there is no deal of it, and nothing was wrong for six epochs");
    const auto& slots = look.seen.paying.state().slots;
    const auto slot = slots.find(window.slot);
    if (slot == slots.end()) return;
    ++look.out.staged;
    // Of a slot whose first deal people took back before the snapshot was there, the others are never ordered.
    const bool never_ordered =
        !own.empty() && own.size() < slot->second.pieces.size() && std::ranges::all_of(own, ended_by_others);
    const std::uint64_t from = std::max<std::uint64_t>(window.open, slot->second.staged_at + 1);
    const std::uint64_t calm = weather.longest_calm(from, window.close, own_market);
    for (std::size_t piece = 0; piece < slot->second.pieces.size(); ++piece) {
        const Deal* last = nullptr;
        bool paid = false;
        for (const Deal* deal : own) {
            if (deal->record.piece != piece) continue;
            if (last == nullptr || last->record.attempt < deal->record.attempt) last = deal;
            paid = paid || deal->record.stage == "paid";
        }
        const std::string which = name + ", piece " + std::to_string(piece);
        // Each that was ever seen has its deals, or nobody saw any.
        look.add(last != nullptr || own.empty() || never_ordered ||
                     weather.longest_calm(from, window.close, own_market) < enough,
                 which + " has no deal, and others of its slot have");
        // People and markets may end one for good.
        if (calm < enough ||
            (last == nullptr ? never_ordered : ended_by_others(last) || stopped_by_market(look, *last)))
            continue;
        ++look.out.owed;
        look.add(paid, which + ": not paid, though nothing was wrong for " + std::to_string(calm) +
                           " epochs: " + (last == nullptr ? "no deal" : last->record.stage + " " + last->record.error));
    }
}

}    // namespace

void check_windows(FlowLook& look) {
    for (const auto& [key, window] : look.seen.paying.windows())
        if (window.open <= look.seen.last_open) check_window(look, key.first, window);
}

}    // namespace filfil::sim
