// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace filfil::sim {
namespace {

using Deal = FlowLook::Deal;

bool same_attempt_or_over(const Deal& deal, const Deal& other) {
    if (deal.record.id == other.record.id) return true;
    // People took it back, and this market does not say so; or f05 has voided it, and the market has not seen that.
    return other.record.stage == "cancelled" || other.record.error.find("the deal is void") != std::string::npos;
}

/// A market has one deal of each that is in the journal, and none besides.
void check_deals_of(FlowLook& look, const Shop& shop) {
    const auto& there = shop.fake().deals();
    look.add(shop.fake().accepted() == there.size() + shop.forgets,
             shop.host() + " has taken a deal more than once: " + std::to_string(shop.fake().accepted()) + " for " +
                 std::to_string(there.size() + shop.forgets));
    std::map<std::tuple<std::uint64_t, std::uint32_t>, const Deal*> alive;
    const auto find = [&](const std::string& id) -> const Deal* {
        const Deal* out = nullptr;
        for (const Deal& deal : look.deals) {
            if (deal.record.miner != shop.miner() || deal.record.market_id != id) continue;
            look.add(out == nullptr, deal.name + " has the market's deal of another: " + id);
            out = &deal;
        }
        look.add(out != nullptr, shop.host() + " has deal " + id + ", which is not in the journal");
        return out;
    };
    for (const auto& [id, fake] : there) {
        const Deal* const deal = find(id);
        if (deal == nullptr || !fake.error.empty()) continue;
        const auto [place, first] = alive.try_emplace({deal->record.slot, deal->record.piece}, deal);
        look.add(first || same_attempt_or_over(*deal, *place->second) || same_attempt_or_over(*place->second, *deal),
                 shop.host() + " has two deals of one piece: " + place->second->name + " and " + deal->name);
    }
    for (const auto& [id, forgotten] : shop.forgotten) (void)find(id);
}

/// By piece and by the market's own name: what came in, and what the market had of it then.
void check_proposals_of(FlowLook& look, const Shop& shop) {
    std::map<std::tuple<std::uint64_t, std::uint32_t>, std::set<std::string>> names;
    for (const Proposal& proposal : shop.proposals) {
        const Deal* deal = nullptr;
        for (const Deal& one : look.deals)
            if (one.record.miner == shop.miner() && shop.names(proposal, one.record.market_id)) deal = &one;
        look.add(deal != nullptr, shop.host() + " was sent a proposal in epoch " + std::to_string(proposal.epoch) +
                                      " of no deal that is in the journal");
        if (deal == nullptr) continue;
        names[{deal->record.slot, deal->record.piece}].insert(deal->record.market_id);
        const auto epoch = static_cast<std::int64_t>(proposal.epoch);
        look.add(epoch + 3 >= deal->record.opens.value && epoch < deal->record.closes.value + 3,
                 deal->name + " was proposed in epoch " + std::to_string(epoch) + ", outside its window");
        for (const Deal& other : look.deals)
            look.add(!FlowLook::same_piece(other.record, deal->record) ||
                         !proposal.alive.contains(other.record.market_id) || same_attempt_or_over(*deal, other),
                     deal->name + " was proposed while its market had " + other.name);
    }
    for (const Deal& deal : look.deals) {
        if (deal.record.miner != shop.miner()) continue;
        const auto sent = names.find({deal.record.slot, deal.record.piece});
        if (sent == names.end()) continue;
        const std::uint64_t allowed = look.allowed(deal.record);
        look.add(sent->second.size() <= 1 + allowed,
                 deal.name + ": its piece was proposed as " + std::to_string(sent->second.size()) +
                     " deals, and people asked for " + std::to_string(allowed) + " more than one");
    }
}

/// Attempts of a piece come one after the other, each because people asked for it.
void check_attempts(FlowLook& look) {
    for (const Deal& deal : look.deals) {
        look.add(deal.record.attempt <= look.allowed(deal.record), deal.name + ": nobody asked for it again");
        if (deal.record.attempt == 0) continue;
        const auto before = std::ranges::find_if(look.deals, [&](const Deal& one) {
            return FlowLook::same_piece(one.record, deal.record) && one.record.attempt + 1 == deal.record.attempt;
        });
        if (before == look.deals.end()) {
            look.add(false, deal.name + ": there is no attempt before it");
            continue;
        }
        look.add(before->record.stage != "paid", deal.name + " was begun though " + before->name + " is paid");
        const auto& end = before->steps.empty() ? journal::DealStepRecord{} : before->steps.back();
        const auto& begin = deal.steps.empty() ? journal::DealStepRecord{} : deal.steps.front();
        look.add(!end.epoch || !begin.epoch ||
                     end.epoch->value <= begin.epoch->value + static_cast<std::int64_t>(lower_head) ||
                     before->record.open,
                 deal.name + " was begun before " + before->name + " had ended");
    }
}

}    // namespace

void check_markets(FlowLook& look) {
    for (const Shop* shop : look.seen.shops) {
        check_deals_of(look, *shop);
        check_proposals_of(look, *shop);
    }
    check_attempts(look);
}

}    // namespace filfil::sim
