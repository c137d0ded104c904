// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"
#include "market/deal.hpp"
#include "service/error_json.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace filfil::sim {
namespace {

using Deal = FlowLook::Deal;

/// After so many epochs a daemon tries again whatever it waited for, and says something else where something else is
/// so: the longest pause, and a call that is not answered.
constexpr std::uint64_t longest_wait = 14;

/// From a market's taking of a deal to the contract's having it, where nothing is wrong.
constexpr std::uint64_t enough_to_store = 14;

/// So many epochs behind the node's head, a follower is in step.
constexpr std::uint64_t near_head = 3;

/// A disk that has room again has a checkpoint within so many epochs.
constexpr std::uint64_t checkpoint_after_full = 12;

std::uint64_t before(std::uint64_t epoch, std::uint64_t by) { return epoch - std::min(epoch, by); }

bool has(std::string_view text, std::string_view words) { return text.find(words) != std::string_view::npos; }

std::optional<Error> error_in(const std::string& text) {
    const auto json = rpc::parse_json(text);
    return json.ok() ? service::parse_error(*json) : std::nullopt;
}

/// Whether what a deal's sentence says was so in [from, to), by what the simulator itself did.
class Truth {
public:
    Truth(const FlowLook& look, const Deal& deal, std::uint64_t from, std::uint64_t to)
        : m_look(look), m_deal(deal), m_from(from), m_to(to) {}

    /// @return nothing for a sentence that is not known here
    [[nodiscard]] std::optional<bool> of(std::string_view why) const {
        if (has(why, "No space left") || has(why, "disk is full")) return bad(Weather::disk);
        if (has(why, "is given back, and is not served")) return bad(Weather::daemon);
        if (has(why, "older state than is kept") || has(why, "older state is not kept")) return lost_state();
        if (has(why, "nothing is staged")) return was(m_look.seen.paying.staged(slot()), false) || bad(Weather::reorg);
        if (has(why, "is not final yet"))
            return m_from < target() + 24 || bad(Weather::node | Weather::daemon | Weather::network);
        // The first tipset after null rounds is far from the head that was, until it has been fetched.
        if (has(why, "is not at the node's head"))
            return bad(Weather::node | Weather::daemon | Weather::network) ||
                   m_look.seen.weather.longest_step(m_from, m_to) > near_head;
        if (has(why, "http://evm:")) return node_of_contract(why);
        // A daemon reads them anew when it has begun.
        if (has(why, "terms have not been read yet")) return bad(Weather::daemon);
        if (has(why, "not today")) return trap(Weather::rejects);
        // It is of a minute, and the clock moved on between the signing and the reading.
        if (has(why, "does not accept the signature of the request")) return bad(Weather::clock);
        if (has(why, "backpressure")) return trap(Weather::backpressure);
        if (has(why, "could not be sealed")) return broke();
        if (forgotten_by(why)) return was_forgotten();
        if (has(why, "would not take the deal now") || has(why, "knows no such piece")) return not_wanted();
        if (has(why, "from another deal of yours")) return was(published(), true);
        if (has(why, "waits to be activated")) return was(published(), true);
        if (has(why, "the contract does not have it: its message"))
            return was(m_look.seen.paying.stored(FlowLook::place_of(m_deal.record)), false);
        if (has(why, "http://market-")) return answer_of_market(why);
        return std::nullopt;
    }

private:
    [[nodiscard]] std::uint32_t slot() const { return static_cast<std::uint32_t>(m_deal.record.slot); }
    [[nodiscard]] std::uint64_t target() const { return static_cast<std::uint64_t>(m_deal.record.target.value); }
    [[nodiscard]] bool bad(std::uint64_t bits) const { return (m_look.seen.weather.between(m_from, m_to) & bits) != 0; }
    [[nodiscard]] bool trap(std::uint64_t traps) const {
        return bad(Weather::market(FlowLook::own_of(m_deal.record.miner), traps));
    }
    [[nodiscard]] PayingChain::Days published() const {
        return m_look.seen.paying.published(FlowLook::place_of(m_deal.record));
    }
    [[nodiscard]] bool was(const PayingChain::Days& days, bool so) const {
        return std::any_of(days.lower_bound(m_from), days.lower_bound(m_to),
                           [&](const auto& day) { return so ? day.second.so : day.second.otherwise; });
    }

    [[nodiscard]] bool node_of_contract(std::string_view why) const {
        if (has(why, "HTTP 503")) return bad(Weather::contract);
        if (has(why, "connection reset") || has(why, "no answer in time") || has(why, "refused"))
            return bad(Weather::network);
        return bad(Weather::contract | Weather::network | Weather::reorg);
    }

    [[nodiscard]] bool answer_of_market(std::string_view why) const {
        if (has(why, "web page")) return trap(Weather::web_page);
        if (has(why, "no answer in time"))
            return trap(Weather::silent | Weather::loses_answers | Weather::slow) || bad(Weather::network);
        if (has(why, "connection reset") || has(why, "refused")) return trap(Weather::down) || bad(Weather::network);
        if (has(why, "HTTP 5") || has(why, "JSON: byte") || has(why, "inside") || has(why, "too slow"))
            return trap(Weather::fails_after | Weather::fails_before);
        return false;
    }

    /// What keeps a snapshot's blocks outlives no crash before the checkpoint that follows a full disk.
    [[nodiscard]] bool lost_state() const {
        const Weather& weather = m_look.seen.weather;
        return std::any_of(weather.at.lower_bound(target()), weather.at.lower_bound(m_to), [&](const auto& day) {
            return (day.second & Weather::disk) != 0 &&
                   (weather.between(day.first, std::min(day.first + checkpoint_after_full, m_to)) & Weather::daemon) !=
                       0;
        });
    }

    /// The market's own deal has failed, in an epoch in which it lets deals fail.
    [[nodiscard]] bool broke() const {
        const auto& all = m_look.shop_of(m_deal.record.miner).broke;
        const auto found = all.find(m_deal.record.market_id);
        return found != all.end() && found->second < m_to;
    }

    static bool forgotten_by(std::string_view why) {
        return has(why, "does not know the deal any more") || has(why, "does not know it any more") ||
               has(why, "no rows in result set") || has(why, "Boost has no deal");
    }
    [[nodiscard]] bool was_forgotten() const {
        const auto& all = m_look.shop_of(m_deal.record.miner).forgotten;
        const auto found = all.find(m_deal.record.market_id);
        if (found != all.end() && found->second.epoch < m_to) return true;
        // What failed in mk12 before it was published reads there like what never was.
        return m_deal.record.market == "curio-mk12" && broke();
    }

    /// The contract takes a piece while its window is open, it is staged, and nobody has it there already.
    [[nodiscard]] bool not_wanted() const {
        const auto opens = static_cast<std::uint64_t>(m_deal.record.opens.value);
        const auto closes = static_cast<std::uint64_t>(m_deal.record.closes.value);
        return m_from <= opens || m_to >= closes || bad(Weather::reorg) ||
               was(m_look.seen.paying.staged(slot()), false) || was(published(), true) ||
               was(m_look.seen.paying.stored(FlowLook::place_of(m_deal.record)), true);
    }

    const FlowLook& m_look;
    const Deal& m_deal;
    std::uint64_t m_from;
    std::uint64_t m_to;
};

std::uint64_t epoch_of(const journal::DealStepRecord& step) {
    return static_cast<std::uint64_t>(step.epoch.value_or(Epoch{0}).value);
}

/// The deal that is void: its start came, and its sector was not proven.
void check_void(FlowLook& look, const Deal& deal, const Error& error, std::uint64_t epoch) {
    const auto json = rpc::parse_json(deal.record.order);
    const auto order = json.ok() ? market::parse_deal_order(*json) : Result<market::DealOrder>(json.error());
    look.add(order.ok() && static_cast<std::uint64_t>(order->start) < epoch &&
                 has(error.message, "epoch " + std::to_string(order->start)),
             deal.name + ": its start has not come: " + error.message);
    const PayingChain::Days days = look.seen.paying.stored(FlowLook::place_of(deal.record));
    look.add(order.ok() && std::none_of(days.begin(), days.lower_bound(static_cast<std::uint64_t>(order->start)),
                                        [](const auto& day) { return day.second.so; }),
             deal.name + ": it was stored before its start: " + error.message);
}

/// The stage before the last, and since when.
const journal::DealStepRecord* last_stage_before_end(const Deal& deal) {
    const journal::DealStepRecord* out = nullptr;
    const journal::DealStepRecord* last = nullptr;
    for (const journal::DealStepRecord& step : deal.steps)
        if (step.kind == "stage") out = std::exchange(last, &step);
    return out;
}

/// "the window closed at epoch N and the contract does not have the piece; it was at 'STAGE': WHY"
void check_miss(FlowLook& look, const Deal& deal, const Error& error) {
    const std::string& why = error.message;
    const auto closes = static_cast<std::uint64_t>(deal.record.closes.value);
    const journal::DealStepRecord* const stage = last_stage_before_end(deal);
    if (stage == nullptr || !stage->epoch) return look.add(false, deal.name + " was missed and never begun");
    const std::string front = "the window closed at epoch " + std::to_string(closes) +
                              " and the contract does not have the piece; it was at '" + stage->name + "'";
    if (!why.starts_with(front))
        return look.add(false, deal.name + ": it was at '" + stage->name + "', and it says: " + why);
    const std::uint64_t at_end = closes + look.seen.paying.confirmations();
    const journal::DealStepRecord& last = deal.steps.back();
    look.add(!last.epoch || epoch_of(last) >= at_end,
             deal.name + " was given up in epoch " + std::to_string(epoch_of(last)) + ", before that was certain");
    const std::uint64_t own = FlowLook::own_of(deal.record.miner);
    const Weather& weather = look.seen.weather;
    if (why.size() == front.size()) {
        // It went on, and there was not enough time.
        const std::uint64_t had = weather.longest_calm(epoch_of(*stage), closes, own);
        return look.add(had < enough_to_store, deal.name + " was at '" + stage->name + "' for " + std::to_string(had) +
                                                   " epochs in which nothing was wrong, and gives no reason");
    }
    const std::string_view inner = std::string_view(why).substr(front.size() + 2);
    // It had been so when it was tried the last time before the end.
    const std::uint64_t from = before(closes, longest_wait);
    const auto so = Truth(look, deal, from, weather.heads_after(epoch_of(last), 2)).of(inner);
    look.add(so.value_or(false), deal.name + (so ? ": it was not so in the end: " : ": a reason nobody knows: ") + why);
}

/// Whether it was so around any of the epochs in which the step may have come.
std::optional<bool> was_so(const FlowLook& look, const Deal& deal, const journal::DealStepRecord& step,
                           std::uint64_t epochs_before, const std::string& why) {
    std::set<std::uint64_t> epochs = look.seen.weather.epochs_at(step.at, epoch_of(step));
    epochs.insert(epoch_of(step));
    std::optional<bool> out;
    for (const std::uint64_t epoch : epochs) {
        out = Truth(look, deal, before(epoch, epochs_before), look.seen.weather.heads_after(epoch, 3)).of(why);
        if (out.value_or(true)) break;
    }
    return out;
}

void check_failure(FlowLook& look, const Deal& deal, const Error& error) {
    const std::uint64_t epoch = epoch_of(deal.steps.back());
    if (has(error.message, "the deal is void")) return check_void(look, deal, error, epoch);
    const auto so = was_so(look, deal, deal.steps.back(), 3, error.message);
    const bool of_market = has(error.message, "could not be sealed") || has(error.message, "does not know");
    look.add(so.value_or(false) && of_market, deal.name + " has failed for no reason: " + error.message);
}

/// Each sentence on the way, when it came.
void check_sentences(FlowLook& look, const Deal& deal) {
    for (const journal::DealStepRecord& step : deal.steps) {
        if (step.kind != "error" || !step.epoch) continue;
        const auto error = error_in(step.details);
        if (!error || error->message.empty()) {
            look.add(false, deal.name + " has an error that is none: " + step.details);
            continue;
        }
        ++look.out.reasons;
        // The ends are looked at by themselves.
        if (error->message.starts_with("the window closed") || has(error->message, "the deal is void")) continue;
        const std::uint64_t epoch = epoch_of(step);
        const auto so = was_so(look, deal, step, 4, error->message);
        look.add(so.value_or(false), deal.name + (so ? ": it was not so" : ": a reason nobody knows") + " in epoch " +
                                         std::to_string(epoch) + ": " + error->message);
    }
}

void check_end(FlowLook& look, const Deal& deal) {
    look.add(!deal.record.open, deal.name + " has not ended");
    if (deal.record.open) return;
    const auto& all = look.seen.paying.state().holdings;
    const auto held = all.find(FlowLook::place_of(deal.record));
    const bool stored = held != all.end() &&
                        (held->second.state == incentive::Held::active || held->second.state == incentive::Held::done);
    if (deal.record.stage == "paid") {
        ++look.out.paid;
        // What was certain and was taken back came too late, it may be.
        look.add((stored && !held->second.paid.zero()) || look.seen.paying.deep(),
                 deal.name + ": the contract has not paid for it");
        return look.add(deal.record.error.empty(), deal.name + " has an error: " + deal.record.error);
    }
    const bool by_another = std::ranges::any_of(look.deals, [&](const Deal& other) {
        return FlowLook::same_piece(other.record, deal.record) && other.record.stage == "paid";
    });
    look.add(!stored || by_another || look.taken_back_since(deal),
             deal.name + ": the contract has the piece as stored; " + deal.record.error);
    if (deal.record.stage == "cancelled") {
        ++look.out.cancelled;
        return look.add(look.seen.asked.cancelled.contains(deal.record.id), deal.name + ": nobody asked for that");
    }
    const auto error = error_in(deal.record.error);
    if (!error || error->message.empty() || error->remedy.empty() || deal.steps.empty())
        return look.add(false, deal.name + " has no sentence, or no remedy: " + deal.record.error);
    if (deal.record.stage == "missed") {
        ++look.out.missed;
        return check_miss(look, deal, *error);
    }
    if (deal.record.stage == "failed") {
        ++look.out.failed;
        return check_failure(look, deal, *error);
    }
    look.add(false, deal.name + " has ended at a stage that is none of the ends");
}

}    // namespace

void check_reasons(FlowLook& look) {
    for (const Deal& deal : look.deals) {
        ++look.out.deals;
        if (!look.looked_at(deal.record)) continue;
        check_sentences(look, deal);
        check_end(look, deal);
    }
}

}    // namespace filfil::sim
