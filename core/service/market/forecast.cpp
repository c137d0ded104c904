// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/forecast.hpp"

#include <algorithm>

namespace filfil::service {
namespace {

/// How long it was at each stage, all times at the same one together; the way to `notified` only.
std::map<DealStage, Clock::Duration> stages_of(const std::vector<StageTime>& times) {
    std::map<DealStage, Clock::Duration> out;
    for (std::size_t i = 0; i + 1 < times.size() && times[i].stage < DealStage::notified; ++i)
        out[times[i].stage] += std::max(Clock::Duration::zero(), times[i + 1].at - times[i].at);
    return out;
}

Clock::Duration median(std::deque<Clock::Duration> of) {
    const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
    std::ranges::nth_element(of, middle);
    return *middle;
}

}    // namespace

void Forecast::learn(const std::string& market, const std::vector<StageTime>& times) {
    const bool stored =
        std::ranges::any_of(times, [](const StageTime& time) { return time.stage == DealStage::notified; });
    if (!stored) return;
    History& history = m_history[market];
    for (const auto& [stage, took] : stages_of(times)) {
        std::deque<Clock::Duration>& all = history.took[stage];
        all.push_back(took);
        if (all.size() > deals_looked_at) all.pop_front();
    }
}

std::optional<Clock::Duration> Forecast::stored_at(const std::string& market, const std::vector<StageTime>& times,
                                                   Clock::Duration now) const {
    const auto history = m_history.find(market);
    if (history == m_history.end() || times.empty()) return std::nullopt;
    const StageTime& last = times.back();
    if (last.stage >= DealStage::notified) return std::nullopt;
    Clock::Duration left{};
    for (const auto& [stage, took] : history->second.took) {
        if (stage < last.stage) continue;
        Clock::Duration of_stage = median(took);
        if (stage == last.stage) of_stage = std::max(Clock::Duration::zero(), of_stage - (now - last.at));
        left += of_stage;
    }
    return now + left;
}

}    // namespace filfil::service
