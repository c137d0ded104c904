// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/rate_limiter.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

constexpr Clock::Duration burst = std::chrono::seconds(1);

/// A table that stays full is not searched for idle peers at every request.
constexpr Clock::Duration sweep_interval = std::chrono::milliseconds(100);

}    // namespace

RateLimiter::RateLimiter(const Clock& clock, unsigned a_second, std::size_t peers)
    : m_clock(clock), m_interval(a_second == 0 ? Clock::Duration{} : burst / a_second), m_most(peers) {}

std::optional<Clock::Duration> RateLimiter::refuse(const std::string& peer) {
    if (m_interval == Clock::Duration{}) return std::nullopt;
    const Clock::Duration now = m_clock.steady();
    const std::lock_guard lock(m_mutex);
    Clock::Duration& full_at = bucket_of(peer, now);
    const Clock::Duration next = std::max(full_at, now) + m_interval;
    if (next > now + burst) return next - now - burst;
    full_at = next;
    return std::nullopt;
}

Clock::Duration& RateLimiter::bucket_of(const std::string& peer, Clock::Duration now) {
    if (const auto found = m_full_at.find(peer); found != m_full_at.end()) return found->second;
    if (m_full_at.size() >= m_most && now - m_swept >= sweep_interval) {
        m_swept = now;
        std::erase_if(m_full_at, [&](const auto& entry) { return entry.second <= now; });
    }
    if (m_full_at.size() >= m_most) return m_others_full_at;
    return m_full_at.emplace(peer, now).first->second;
}

std::size_t RateLimiter::peers() const {
    const std::lock_guard lock(m_mutex);
    return m_full_at.size();
}

}    // namespace filfil::retrieval
