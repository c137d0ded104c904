// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/slot_keeper.hpp"

#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

/// Windows of each own miner that are looked ahead to.
constexpr std::uint64_t windows_ahead = 8;

/// So many epochs after the last look the contract is asked again, whatever its rounds do: somebody may have left.
constexpr std::uint64_t look_every = 60;

ScheduleSetting schedule_of(std::uint64_t target) {
    ScheduleSetting out;
    out.at_epoch = static_cast<std::int64_t>(target);
    out.finalized = true;
    out.to_file = false;
    return out;
}

}    // namespace

std::uint64_t SlotKeeper::now() const {
    const auto head = m_parts.head();
    return static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0);
}

std::string SlotKeeper::reason_of(const OwnWindow& own) { return "slot " + std::to_string(own.window.slot); }

void SlotKeeper::on_head(bool reverted) {
    m_stale = m_stale || reverted;
    if (!m_parts.head() || m_parts.desk.miners().empty()) return;
    // Who has no window yet may have registered just now.
    const bool due = m_stale || !m_read_at || m_windows.empty() || now() >= *m_read_at + look_every ||
                     now() < *m_read_at ||
                     std::ranges::any_of(m_windows, [&](const OwnWindow& own) { return own.window.close <= now(); });
    if (due && !m_reading) return read_windows();
    act();
}

void SlotKeeper::read_windows() {
    m_reading = true;
    m_stale = false;
    const std::vector<std::uint64_t>& miners = m_parts.desk.miners();
    gather<std::vector<contract::Window>>(
        miners.size(),
        [this, &miners](std::size_t i, const Desk::Handler<std::vector<contract::Window>>& one) {
            m_parts.desk.read<calls::Schedule>({.miner = miners[i], .count = windows_ahead},
                                               [one](Result<calls::Schedule::Output> schedule) {
                                                   if (!schedule.ok()) return one(std::move(schedule).error());
                                                   one(std::move(schedule->value));
                                               });
        },
        [this, alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<std::vector<contract::Window>>>& all) {
            if (alive.expired()) return;
            m_reading = false;
            // The desk tells of what is wrong with the contract.
            if (!all.ok()) return;
            m_read_at = now();
            m_windows.clear();
            const auto& own_miners = m_parts.desk.miners();
            for (std::size_t i = 0; i < all->size() && i < own_miners.size(); ++i)
                for (const contract::Window& window : (*all)[i])
                    m_windows.push_back({.miner = own_miners[i], .window = window});
            act();
        });
}

void SlotKeeper::act() {
    for (const OwnWindow& own : m_windows) {
        const std::uint32_t slot = own.window.slot;
        if (own.window.close <= now() || m_busy.contains(slot)) continue;
        if (const auto done = m_done.find(slot); done != m_done.end()) {
            if (done->second == own.window.target) continue;
            // A reorganisation has moved the window.
            forget(done->second);
            m_done.erase(done);
        }
        switch (m_parts.desk.policy_of(own.miner)) {
            case SlotPolicy::skip: break;
            case SlotPolicy::automatic: schedule(own); break;
            case SlotPolicy::ask: hold(own); break;
        }
    }
}

/// A target that no window has any more is not scheduled any longer.
void SlotKeeper::forget(std::uint64_t target) {
    const std::string id = id_of(schedule_of(target), m_parts.recipe());
    const auto known = m_parts.scheduler.list();
    const bool wanted =
        std::ranges::any_of(m_windows, [&](const OwnWindow& own) { return own.window.target == target; });
    if (wanted || std::ranges::none_of(known, [&](const ScheduleInfo& info) { return info.id == id; })) return;
    m_parts.scheduler.remove(id, [](const Result<void>&) {});
}

void SlotKeeper::schedule(const OwnWindow& own) {
    const ScheduleSetting wanted = schedule_of(own.window.target);
    const std::string id = id_of(wanted, m_parts.recipe());
    const auto known = m_parts.scheduler.list();
    if (std::ranges::any_of(known, [&](const ScheduleInfo& info) { return info.id == id; })) {
        m_done[own.window.slot] = own.window.target;
        return;
    }
    m_busy.insert(own.window.slot);
    m_parts.scheduler.add(wanted, [this, own, alive = std::weak_ptr<int>(m_alive)](const Result<ScheduleInfo>& added) {
        if (alive.expired()) return;
        m_busy.erase(own.window.slot);
        if (!added.ok()) return report(own, "cannot be scheduled", added.error());
        m_done[own.window.slot] = own.window.target;
        m_parts.world.log.write(LogLevel::info, "incentive",
                                "the snapshot of epoch " + std::to_string(own.window.target) + " is taken for " +
                                    reason_of(own) + " of " + miner_text(own.miner));
    });
}

void SlotKeeper::hold(const OwnWindow& own) {
    const auto finalized = m_parts.finalized();
    if (!finalized || finalized->value < 0 || static_cast<std::uint64_t>(finalized->value) < own.window.target) return;
    const std::string reason = reason_of(own);
    for (const auto& [number, held] : m_parts.holds.all())
        if (held.reason == reason) {
            m_done[own.window.slot] = own.window.target;
            return;
        }
    Holds::Wanted wanted;
    wanted.tipset.epoch = Epoch{static_cast<std::int64_t>(own.window.target)};
    wanted.recent_stateroots = static_cast<std::int64_t>(m_parts.recipe().recent_stateroots);
    wanted.reason = reason;
    const node::Profile& network = m_parts.desk.network();
    const std::uint64_t epochs_left = own.window.close - std::min(own.window.close, now());
    wanted.expires_at = m_parts.world.clock.wall() + std::chrono::seconds(epochs_left * network.seconds_per_epoch);
    m_busy.insert(own.window.slot);
    m_parts.holds.take(std::move(wanted),
                       [this, own, alive = std::weak_ptr<int>(m_alive)](const Result<HoldInfo>& held) {
                           if (alive.expired()) return;
                           m_busy.erase(own.window.slot);
                           if (!held.ok()) return report(own, "cannot be held", held.error());
                           m_done[own.window.slot] = own.window.target;
                           m_parts.world.log.write(LogLevel::info, "incentive",
                                                   "epoch " + std::to_string(own.window.target) + " is held for " +
                                                       reason_of(own) + " of " + miner_text(own.miner));
                       });
}

void SlotKeeper::report(const OwnWindow& own, const std::string& what, const Error& why) {
    // Tried again with each head; told once.
    if (!m_reported.insert(own.window.slot).second) return;
    m_parts.world.log.write(LogLevel::error, "incentive",
                            "epoch " + std::to_string(own.window.target) + ", which " + reason_of(own) + " of " +
                                miner_text(own.miner) + " wants, " + what + ": " + why.text());
}

std::vector<Alert> SlotKeeper::alerts() const {
    std::vector<Alert> out;
    for (const OwnWindow& own : m_windows) {
        if (m_parts.desk.policy_of(own.miner) == SlotPolicy::skip) continue;
        const std::string name = miner_text(own.miner, m_parts.desk.network().address_prefix);
        if (own.window.open <= now() && now() < own.window.close)
            out.push_back({.code = "window_open_" + name,
                           .severity = Alert::Severity::warning,
                           .message = "the window of " + name + " (" + reason_of(own) + ") is open until epoch " +
                                      std::to_string(own.window.close) + ": it wants the snapshot of epoch " +
                                      std::to_string(own.window.target),
                           .remedy = "store the snapshot before it closes"});
        if (m_reported.contains(own.window.slot) && !m_done.contains(own.window.slot) && now() < own.window.close)
            out.push_back(
                {.code = "slot_not_kept_" + std::to_string(own.window.slot),
                 .severity = Alert::Severity::error,
                 .message = "the snapshot of epoch " + std::to_string(own.window.target) + ", which " + reason_of(own) +
                            " of " + name + " wants, is not kept within reach",
                 .remedy = "look at `fil-fil log`; another provider's copy can be fetched once it is staged"});
    }
    if (const auto& terms = m_parts.desk.terms()) {
        const auto own = snapshot::hash_of(m_parts.recipe());
        if (!std::ranges::equal(std::as_bytes(std::span(own)), terms->params.recipe))
            out.push_back({.code = "recipe_differs",
                           .severity = Alert::Severity::warning,
                           .message = "snapshots are taken here by the recipe " + snapshot::text_of(m_parts.recipe()) +
                                      ", which is not the one that the contract pays for",
                           .remedy = "set recipe.* to the round's, whose hash is " + to_hex(terms->params.recipe)});
    }
    return out;
}

}    // namespace filfil::service
