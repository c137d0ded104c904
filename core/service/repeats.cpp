// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/repeats.hpp"

#include "base/units.hpp"

#include <algorithm>

namespace filfil::service {
namespace {

/// Beyond so many different messages in one period new ones are not counted, and so all written.
constexpr std::size_t most_messages = 512;

}    // namespace

std::vector<Repeats::Ended> Repeats::end_due(Clock::Duration now) {
    return m_counts.empty() || now < m_next_due ? std::vector<Ended>() : end(now, false);
}

std::vector<Repeats::Ended> Repeats::end_all(Clock::Duration now) { return end(now, true); }

std::vector<Repeats::Ended> Repeats::end(Clock::Duration now, bool all) {
    std::vector<std::pair<std::uint64_t, Ended>> ended;
    m_next_due = now + m_period;
    for (auto at = m_counts.begin(); at != m_counts.end();) {
        const auto& [key, count] = *at;
        if (!all && now - count.first < m_period) {
            m_next_due = std::min(m_next_due, count.first + m_period);
            ++at;
            continue;
        }
        if (count.times > 0)
            ended.emplace_back(count.order, Ended{std::get<0>(key), std::get<1>(key), std::get<2>(key), count.times,
                                                  now - count.first});
        at = m_counts.erase(at);
    }
    std::ranges::sort(ended, std::less{}, [](const auto& entry) { return entry.first; });
    std::vector<Ended> out;
    for (auto& [order, entry] : ended) out.push_back(std::move(entry));
    return out;
}

bool Repeats::is_new(Clock::Duration now, LogLevel level, const std::string& module, const std::string& message) {
    if (m_period <= Clock::Duration{}) return true;
    Key key(level, module, message);
    if (const auto found = m_counts.find(key); found != m_counts.end()) {
        ++found->second.times;
        return false;
    }
    if (m_counts.size() >= most_messages) return true;
    if (m_counts.empty()) m_next_due = now + m_period;
    m_counts.emplace(std::move(key), Count{now, ++m_order, 0});
    return true;
}

std::string text_of(const Repeats::Ended& repeat) {
    return repeat.message + " (" + std::to_string(repeat.times) + " times more in " +
           format_duration(std::chrono::duration<double>(repeat.over).count()) + ")";
}

}    // namespace filfil::service
