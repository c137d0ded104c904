// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"
#include "rpc/json.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::sim {
namespace {

using Deal = FlowLook::Deal;

/// In so many epochs in which nothing is wrong between it and the contract a daemon has looked, whatever it waited for.
constexpr std::uint64_t looks_within = 14;

/// And so many of a deal that it takes to be stored, which it looks at with every poll, and where the contract did not
/// answer before, after a pause that is as long as that was.
constexpr std::uint64_t looks_again_within = 6;

/// What keeps the daemon from seeing what the contract has.
constexpr std::uint64_t blind = Weather::daemon | Weather::disk | Weather::node | Weather::network | Weather::contract;

/// The stage that a deal was at, at the end of an epoch.
std::string stage_at(const Deal& deal, std::uint64_t epoch) {
    std::string out;
    for (const journal::DealStepRecord& step : deal.steps)
        if (step.kind == "stage" && step.epoch && static_cast<std::uint64_t>(step.epoch->value) <= epoch)
            out = step.name;
    return out;
}

/// Whether it came to that stage in the epochs up to `epoch`, so many.
bool came_to(const Deal& deal, std::string_view stage, std::uint64_t epoch, std::uint64_t epochs) {
    return std::ranges::any_of(deal.steps, [&](const journal::DealStepRecord& step) {
        const auto at = static_cast<std::uint64_t>(step.epoch.value_or(Epoch{0}).value);
        return step.kind == "stage" && step.name == stage && at <= epoch && at + epochs >= epoch;
    });
}

/// Calls back with each last epoch of so many in a row in which the contract had a piece, or had it not, and the
/// daemon could see that.
template <class Call>
void each_stretch(const FlowLook& look, const PayingChain::Days& days, bool stored, std::uint64_t length,
                  const Call& call) {
    std::uint64_t lasts = 0;
    std::optional<std::uint64_t> before;
    for (const auto& [epoch, was] : days) {
        const bool so = stored ? was.so && !was.otherwise : was.otherwise && !was.so;
        const bool clear = (look.seen.weather.between(epoch, epoch + 1) & blind) == 0;
        if (!so || !clear || (before && *before + 1 != epoch)) lasts = 0;
        if (so && clear) ++lasts;
        before = epoch;
        if (lasts >= length) call(epoch);
    }
}

void check_deal(FlowLook& look, const Deal& deal) {
    const PayingChain::Days days = look.seen.paying.stored(FlowLook::place_of(deal.record));
    bool said = false;
    each_stretch(look, days, false, looks_again_within, [&](std::uint64_t epoch) {
        // It may have gone back, and come again when the contract had the piece again.
        if (said || stage_at(deal, epoch) != "notified" || stage_at(deal, epoch - looks_again_within) != "notified" ||
            came_to(deal, "notified", epoch, looks_again_within))
            return;
        said = true;
        look.add(false, deal.name + " stood at notified at epoch " + std::to_string(epoch) +
                            ", and the contract had not had the piece for " + std::to_string(looks_again_within) +
                            " epochs");
    });
    each_stretch(look, days, true, looks_within, [&](std::uint64_t epoch) {
        const std::string stage = stage_at(deal, epoch);
        const std::string earlier = stage_at(deal, epoch - looks_within);
        constexpr std::array<std::string_view, 6> waits = {"proposing",  "proposed", "fetching",
                                                           "publishing", "sealing",  "proven"};
        if (said || std::ranges::find(waits, stage) == waits.end() ||
            std::ranges::find(waits, earlier) == waits.end() || came_to(deal, "notified", epoch, looks_within))
            return;
        said = true;
        look.add(false, deal.name + " stood at " + stage + " at epoch " + std::to_string(epoch) +
                            ", and the contract had had the piece for " + std::to_string(looks_within) + " epochs");
    });
    for (const journal::DealStepRecord& step : deal.steps)
        if (step.kind == "stage" && step.name == "proven" && step.details.find("reorganised") != std::string::npos) {
            ++look.out.went_back;
            const auto epoch = static_cast<std::uint64_t>(step.epoch.value_or(Epoch{0}).value);
            const auto from = days.lower_bound(epoch - std::min<std::uint64_t>(epoch, 3));
            look.add(!step.epoch || std::any_of(from, days.upper_bound(epoch + 3),
                                                [](const auto& day) { return day.second.otherwise; }),
                     deal.name + " went back at epoch " + std::to_string(epoch) + ", and the contract had the piece");
        }
}

/// What is told to be paid cannot be taken back any more.
void check_certain(FlowLook& look, const Deal& deal) {
    const PayingChain::Days days = look.seen.paying.stored(FlowLook::place_of(deal.record));
    for (const journal::DealStepRecord& step : deal.steps) {
        if (step.kind != "stage" || step.name != "paid" || !step.epoch) continue;
        const auto told = static_cast<std::uint64_t>(step.epoch->value);
        // Since when the contract has had it without a break, up to then.
        std::optional<std::uint64_t> since;
        for (const auto& [epoch, was] : days) {
            if (epoch > told + 3) break;
            if (!was.so)
                since.reset();
            else if (!since || was.otherwise)
                since = epoch;
        }
        if (look.seen.paying.deep()) continue;
        // What comes back within a poll of the contract is not seen to have been away.
        const std::uint64_t bad =
            since ? look.seen.weather.between(*since - std::min<std::uint64_t>(*since, 8), told + 1) : 0;
        look.add(
            since && (told + 3 >= *since + look.seen.paying.confirmations() || (bad & (blind | Weather::reorg)) != 0),
            deal.name + ": told to be paid at epoch " + std::to_string(told) + ", and stored since epoch " +
                (since ? std::to_string(*since) : "none"));
    }
}

}    // namespace

void check_book(FlowLook& look) {
    for (const Deal& deal : look.deals) {
        if (!look.looked_at(deal.record)) continue;
        check_deal(look, deal);
        check_certain(look, deal);
    }
}

}    // namespace filfil::sim
