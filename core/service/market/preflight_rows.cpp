// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/preflight_rows.hpp"

#include "incentive/contract_types.hpp"
#include "incentive/fil_text.hpp"
#include "ipld/piece_cid.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/staging.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace filfil::service {
namespace {

using incentive::Standing;
using market::Preflight;
using market::PreflightRow;
using State = PreflightRow::State;

std::string slot_name(std::uint32_t slot) {
    return "round " + std::to_string(incentive::round_of(slot)) + ", slot " +
           std::to_string(incentive::index_of(slot) + 1);
}

bool is_open(const contract::Window& window, std::optional<Epoch> head) {
    return head && head->value >= 0 && static_cast<std::uint64_t>(head->value) >= window.open;
}

PreflightRow contract_read(const Desk& desk) {
    const std::string what = "the contract can be read";
    const std::string why = "it says when the window is, and pays";
    if (desk.trouble()) return row_of_error(what, why, *desk.trouble(), State::bad);
    if (!desk.facts())
        return {what, State::unknown, "it was not looked at yet", why, "ask again in a moment; fil-fil status"};
    return {what, State::good, desk.address().text(), why, ""};
}

PreflightRow contract_known(const Desk& desk) {
    PreflightRow row{.what = "the contract is the one that this program knows",
                     .why = "another one at its address may pay otherwise, or not at all"};
    if (!desk.facts()) {
        row.found = "it was not looked at yet";
        row.fix = "ask again when it can be read";
    } else if (!desk.facts()->successor.zero()) {
        row.state = State::warning;
        row.found = "it names another in its place: " + desk.facts()->successor.text();
        row.fix = "set incentive.contract to that one once its owner says so";
    } else if (!desk.facts()->same_code) {
        row.state = State::warning;
        row.found = "its code is another than this program was built with";
        row.fix = "check incentive.contract against the network's announcement, or update fil-fil";
    } else {
        row.state = State::good;
        row.found = "the same code";
    }
    return row;
}

PreflightRow registered(const Desk& desk, const WindowFacts& facts) {
    const std::string name = miner_text(facts.miner, desk.network().address_prefix);
    const std::string what = "the provider is registered";
    const std::string why = "only who is registered has windows";
    if (!facts.standing.ok()) return row_of_error(what, why, facts.standing.error(), State::unknown);
    const std::string standing(standing_name(facts.standing->standing));
    const std::string found =
        name + " is '" + standing + "'" +
        (facts.standing->misses == 0 ? "" : ", missed in a row so far: " + std::to_string(facts.standing->misses));
    switch (static_cast<Standing>(facts.standing->standing)) {
        case Standing::active:
            if (facts.standing->misses != 0)
                return {what, State::warning, found, "too many missed windows in a row end the registration",
                        "store the next one: it puts the count back to 0"};
            return {what, State::good, found, why, ""};
        case Standing::leaving:
            return {what, State::warning, found, "it has no windows after those of its last round",
                    "nothing, where it is meant to leave"};
        default: break;
    }
    return {what, State::bad, found, why, "register it: fil-fil register " + name};
}

PreflightRow window_known(const WindowFacts& facts, std::optional<Epoch> head) {
    const std::string what = facts.epoch ? "a window wants the snapshot of epoch " + std::to_string(*facts.epoch)
                                         : std::string("its next window is known");
    const std::string why = "a piece is paid for only within the window";
    if (!facts.window && !facts.schedule.ok()) return row_of_error(what, why, facts.schedule.error(), State::unknown);
    if (!facts.window) {
        std::string found = "it has none";
        std::string fix = "fil-fil next-window tells when there will be one";
        if (facts.epoch && facts.schedule.ok() && !facts.schedule->empty()) {
            found =
                "no open or coming window wants it; the next wants " + std::to_string(facts.schedule->front().target);
            fix = "name that epoch, or none for the next window";
        }
        return {what, State::bad, found, why, fix};
    }
    const contract::Window& window = *facts.window;
    const bool open = is_open(window, head);
    std::string found = slot_name(window.slot) + (open ? ", open until epoch " + std::to_string(window.close)
                                                       : ", opens at epoch " + std::to_string(window.open) +
                                                             " and closes at " + std::to_string(window.close));
    found += "; it wants the snapshot of epoch " + std::to_string(window.target);
    return {what, State::good, found, why, ""};
}

PreflightRow not_paused(const WindowFacts& facts) {
    const std::string what = "the contract is not paused";
    const std::string why = "nothing is staged while it is";
    if (!facts.paused.ok()) return row_of_error(what, why, facts.paused.error(), State::unknown);
    if (!*facts.paused) return {what, State::good, "it is not", why, ""};
    const bool staged = facts.slot.ok() && facts.slot->staged();
    return {what, State::warning, staged ? "it is, but this slot's snapshot is staged" : "it is", why,
            "nothing can be done here: its owner lets it go on"};
}

PreflightRow staged_row(const WindowFacts& facts, std::optional<Epoch> head) {
    const std::string what = "the snapshot is staged";
    const std::string why = "the contract pays for what the operator has staged, and for nothing else";
    if (!facts.slot.ok()) return row_of_error(what, why, facts.slot.error(), State::unknown);
    if (!facts.slot->staged()) {
        const bool open = is_open(*facts.window, head);
        return {what, open ? State::warning : State::unknown, open ? "not yet, although the window is open" : "not yet",
                why, "nothing has to be done here: the snapshot's operator stages it once its epoch is final"};
    }
    const auto& info = facts.slot->info;
    std::string found = std::to_string(info.pieces) + (info.pieces == 1 ? " piece" : " pieces") + " of epoch " +
                        std::to_string(info.epoch) + ", staged at epoch " + std::to_string(info.staged_at);
    if (info.alternatives != 0) found += ", with an alternative";
    if (info.disputed)
        return {what, State::warning, found + "; other providers came to other commitments", why,
                "look whether the own snapshot agrees, below, before storing it"};
    return {what, State::good, found, why, ""};
}

PreflightRow reward_row(const WindowFacts& facts) {
    const std::string what = "the slot has a reward";
    const std::string why = "it is what this provider's replica earns";
    if (!facts.slot.ok()) return row_of_error(what, why, facts.slot.error(), State::unknown);
    if (!facts.slot->staged())
        return {what, State::unknown, "told with the staging", why, "nothing has to be done here"};
    const auto& reward = facts.slot->info.reward;
    if (reward.zero())
        return {what, State::warning, "0 FIL", why,
                "ask the snapshot's operator; fil-fil contract info shows the pool"};
    return {what, State::good, incentive::format_fil(reward), why, ""};
}

PreflightRow recipe_row(const Desk& desk, const snapshot::Recipe& recipe) {
    PreflightRow row{.what = "snapshots are taken by the contract's recipe",
                     .why = "another recipe gives other pieces than those that are paid for"};
    if (!desk.terms()) {
        row.found = "the contract's terms were not read yet";
        row.fix = "ask again in a moment; fil-fil status";
        return row;
    }
    const auto own = snapshot::hash_of(recipe);
    row.found = snapshot::text_of(recipe);
    row.state =
        std::ranges::equal(std::as_bytes(std::span(own)), desk.terms()->params.recipe) ? State::good : State::bad;
    if (row.state == State::bad)
        row.fix = "set recipe.* to the round's, whose hash is " + to_hex(desk.terms()->params.recipe);
    return row;
}

PreflightRow same_pieces(const WindowFacts& facts) {
    if (!facts.own.ok() || !facts.slot.ok()) {
        PreflightRow row = market::compare_roots({}, {});
        const Error& error = facts.own.ok() ? facts.slot.error() : facts.own.error();
        row.found = error.message;
        row.fix = error.remedy.empty() ? "ask again" : error.remedy;
        return row;
    }
    const journal::SnapshotRecord* const own = own_snapshot(facts);
    const auto none = std::optional<ipld::Digest256>();
    if (!facts.slot->staged() || facts.slot->first.empty()) return market::compare_roots(none, none);
    const auto staged = std::optional(facts.slot->first.front().root);
    if (own == nullptr) return market::compare_roots(none, staged);
    const auto matched = match(*facts.slot, *own);
    PreflightRow row = market::compare_roots(staged, staged);
    if (matched.ok()) {
        row.found = own->pieces.size() == 1 ? own->pieces.front().piece_cid.text()
                                            : "all " + std::to_string(own->pieces.size()) + " pieces" +
                                                  (*matched ? ", of the alternative" : "");
        return row;
    }
    row.state = State::bad;
    row.found = matched.error().message;
    row.fix = "see where they part: fil-fil preflight --compare " + std::to_string(facts.slot->info.epoch);
    if (facts.slot->info.tipset != tipset_hash(own->head)) row.fix += "; " + matched.error().remedy;
    return row;
}

}    // namespace

PreflightRow row_of_error(std::string what, std::string why, const Error& error, State state) {
    return {.what = std::move(what),
            .state = state,
            .found = error.message,
            .why = std::move(why),
            .fix = error.remedy.empty() ? "look at fil-fil log, and ask again" : error.remedy};
}

std::optional<contract::Window> choose_window(const Desk& desk, const WindowFacts& facts) {
    if (facts.schedule.ok()) {
        for (const contract::Window& window : *facts.schedule)
            if (!facts.epoch || window.target == *facts.epoch) return window;
        if (facts.epoch) return std::nullopt;
    }
    // What the schedule does not tell, windows() may.
    if (!facts.standing.ok() || facts.standing->end == 0 || !desk.terms()) return std::nullopt;
    const std::uint64_t lead = desk.terms()->round.lead;
    contract::Window out{.slot = facts.standing->slot,
                         .target = facts.standing->start - std::min(lead, facts.standing->start),
                         .open = facts.standing->start,
                         .close = facts.standing->end};
    if (facts.epoch && out.target != *facts.epoch) return std::nullopt;
    return out;
}

const journal::SnapshotRecord* own_snapshot(const WindowFacts& facts) {
    if (!facts.own.ok() || facts.own->empty()) return nullptr;
    if (facts.slot.ok())
        for (const journal::SnapshotRecord& one : *facts.own)
            if (match(*facts.slot, one).ok()) return &one;
    return &facts.own->front();
}

Preflight contract_rows(const Desk& desk, const WindowFacts& facts, std::optional<Epoch> head) {
    Preflight out = {contract_read(desk), contract_known(desk), registered(desk, facts), window_known(facts, head),
                     not_paused(facts)};
    if (facts.window) out.push_back(reward_row(facts));
    return out;
}

Preflight snapshot_rows(const Desk& desk, const WindowFacts& facts, const snapshot::Recipe& recipe,
                        std::optional<Epoch> head) {
    Preflight out = {recipe_row(desk, recipe)};
    if (!facts.window) return out;
    out.push_back(staged_row(facts, head));
    out.push_back(same_pieces(facts));
    return out;
}

}    // namespace filfil::service
