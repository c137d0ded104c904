// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/preflight_watch.hpp"

#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using market::PreflightRow;

constexpr std::uint64_t most_seconds_ahead = std::uint64_t{6} * 60 * 60;
constexpr Clock::Duration again_after = std::chrono::minutes(10);

}    // namespace

void PreflightWatch::look() {
    const auto head = m_house.head();
    if (!m_house.desk || !m_house.slots || !head) return;
    Desk& desk = *m_house.desk;
    const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(0, head->value));
    const std::uint64_t most_ahead = most_seconds_ahead / std::max<std::uint64_t>(1, desk.network().seconds_per_epoch);
    std::map<std::uint64_t, contract::Window> soonest;
    for (const SlotKeeper::OwnWindow& own : m_house.slots->windows()) {
        if (own.window.close <= now || desk.policy_of(own.miner) != SlotPolicy::automatic) continue;
        const auto [at, fresh] = soonest.try_emplace(own.miner, own.window);
        if (!fresh && own.window.open < at->second.open) at->second = own.window;
    }
    std::erase_if(m_watched, [&](const auto& one) {
        const auto window = soonest.find(one.first);
        return window == soonest.end() || window->second.slot != one.second.slot ||
               window->second.target != one.second.target;
    });
    for (const auto& [miner, window] : soonest) {
        const std::uint64_t ahead = std::min(window.close - std::min(window.open, window.close), most_ahead);
        if (now + ahead < window.open) continue;
        Watched& watched = m_watched[miner];
        watched.slot = window.slot;
        watched.target = window.target;
        if (!watched.good && !watched.busy && m_house.world.clock.steady() >= watched.next_at) run(miner, watched);
    }
}

void PreflightWatch::run(std::uint64_t miner, Watched& watched) {
    watched.busy = true;
    run_preflight(m_house, *m_house.desk, miner, watched.target,
                  [this, slot = watched.slot, alive = std::weak_ptr<int>(m_alive)](const MinerPreflight& told) {
                      if (!alive.expired()) found(told, slot);
                  });
}

void PreflightWatch::found(const MinerPreflight& told, std::uint32_t slot) {
    const auto watched = m_watched.find(told.miner);
    if (watched == m_watched.end() || watched->second.slot != slot) return;
    watched->second.busy = false;
    watched->second.good = told.ready();
    watched->second.next_at = m_house.world.clock.steady() + again_after;
    watched->second.bad.clear();
    const std::string name = miner_text(told.miner, m_house.desk->network().address_prefix);
    const std::string when = told.window ? "the window of " + name + " at epoch " + std::to_string(told.window->open)
                                         : "a window of " + name;
    std::size_t number = 0;
    for (const MinerPreflight::Part& part : told.parts)
        for (const PreflightRow& row : part.rows) {
            ++number;
            if (row.state != PreflightRow::State::bad) continue;
            watched->second.bad.push_back({.code = "preflight_" + name + "_" + std::to_string(number),
                                           .severity = Alert::Severity::error,
                                           .message = "not ready for " + when + ": '" + row.what + "' is not so" +
                                                      (row.found.empty() ? "" : ": " + row.found),
                                           .remedy = row.fix});
        }
}

std::vector<Alert> PreflightWatch::alerts() const {
    std::vector<Alert> out;
    for (const auto& [miner, watched] : m_watched) out.insert(out.end(), watched.bad.begin(), watched.bad.end());
    return out;
}

}    // namespace filfil::service
