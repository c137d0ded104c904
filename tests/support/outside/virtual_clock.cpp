// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "virtual_clock.hpp"

#include <algorithm>
#include <vector>

namespace filfil {

Clock::Duration VirtualClock::steady() const {
    const std::lock_guard lock(m_mutex);
    return m_now;
}

Clock::Duration VirtualClock::wall() const {
    const std::lock_guard lock(m_mutex);
    return m_now + m_wall_offset;
}

void VirtualClock::jump_wall(Duration by) {
    const std::lock_guard lock(m_mutex);
    m_wall_offset += by;
}

std::size_t VirtualClock::run_ready() {
    std::size_t ran = 0;
    const Duration now = steady();
    while (run_one(now)) ++ran;
    return ran;
}

void VirtualClock::advance(Duration by) {
    const Duration end = steady() + by;
    while (run_one(end)) {
    }
    const std::lock_guard lock(m_mutex);
    m_now = end;
}

bool VirtualClock::run_until(const std::function<bool()>& done, Duration limit) {
    const Duration end = steady() + limit;
    while (!done())
        if (!run_one(end)) return false;
    return true;
}

std::optional<Clock::Duration> VirtualClock::next_due() const {
    const std::lock_guard lock(m_mutex);
    if (m_queue.empty()) return std::nullopt;
    return m_queue.begin()->first.first;
}

void VirtualClock::add(const ManualExecutor& owner, Duration delay, Executor::Task task) {
    const std::lock_guard lock(m_mutex);
    delay = std::clamp(delay, Duration::zero(), Duration::max() - m_now);
    m_queue.emplace(std::pair(m_now + delay, m_posted++), Entry{&owner, std::move(task)});
}

std::size_t VirtualClock::remove(const ManualExecutor& owner) {
    // What tasks hold may post when it is destroyed, so that happens without the lock.
    std::vector<Executor::Task> dropped;
    const std::lock_guard lock(m_mutex);
    for (auto entry = m_queue.begin(); entry != m_queue.end();) {
        if (entry->second.owner != &owner) {
            ++entry;
            continue;
        }
        dropped.push_back(std::move(entry->second.task));
        entry = m_queue.erase(entry);
    }
    return dropped.size();
}

std::size_t VirtualClock::count(const ManualExecutor& owner) const {
    const std::lock_guard lock(m_mutex);
    return static_cast<std::size_t>(
        std::ranges::count_if(m_queue, [&](const auto& entry) { return entry.second.owner == &owner; }));
}

bool VirtualClock::run_one(Duration limit, const ManualExecutor* owner) {
    Executor::Task task;
    {
        const std::lock_guard lock(m_mutex);
        auto entry = m_queue.begin();
        while (entry != m_queue.end() && owner != nullptr && entry->second.owner != owner) ++entry;
        if (entry == m_queue.end() || entry->first.first > limit) return false;
        m_now = std::max(m_now, entry->first.first);
        task = std::move(entry->second.task);
        m_queue.erase(entry);
    }
    task();
    return true;
}

void ManualExecutor::post_after(Clock::Duration delay, Task task) {
    if (m_jitter) delay += m_jitter();
    m_clock.add(*this, delay, std::move(task));
}

std::size_t ManualExecutor::run_ready() {
    std::size_t ran = 0;
    const Clock::Duration now = m_clock.steady();
    while (m_clock.run_one(now, this)) ++ran;
    return ran;
}

}    // namespace filfil
