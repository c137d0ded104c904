// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/rate.hpp"

#include <algorithm>

namespace filfil::net {
namespace {

/// A slice is what goes out in this part of a second, and not so small that its overhead counts.
constexpr std::uint64_t slices_a_second = 16;
constexpr std::uint64_t smallest_slice = 512;

}    // namespace

std::size_t Rate::slice(std::size_t most) const noexcept {
    if (m_bytes_a_second == 0) return most;
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(most, std::max(m_bytes_a_second / slices_a_second, smallest_slice)));
}

Clock::Duration Rate::take(std::size_t bytes, Clock::Duration now) {
    if (m_bytes_a_second == 0) return {};
    const auto cost = std::chrono::duration_cast<Clock::Duration>(
        std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(m_bytes_a_second)));
    const std::scoped_lock lock(m_mutex);
    const Clock::Duration start = std::max(m_free_at, now);
    m_free_at = start + cost;
    return start - now;
}

}    // namespace filfil::net
