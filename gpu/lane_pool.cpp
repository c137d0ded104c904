// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/lane_pool.hpp"

#include <algorithm>

namespace filfil::gpu {

void LanePool::add(std::unique_ptr<Lane> lane) {
    const std::scoped_lock lock(m_mutex);
    ++m_lanes[lane->card()];
    m_free.push_back(std::move(lane));
}

std::unique_ptr<Lane> LanePool::take() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return !m_free.empty() || m_lanes.empty(); });
    if (m_free.empty()) return nullptr;
    // The one that rested longest: cards with free lanes take turns.
    std::unique_ptr<Lane> lane = std::move(m_free.front());
    m_free.erase(m_free.begin());
    return lane;
}

void LanePool::put(std::unique_ptr<Lane> lane) {
    {
        const std::scoped_lock lock(m_mutex);
        if (m_hanging.contains(lane->card())) lane->abandon();
        if (m_lanes.contains(lane->card())) m_free.push_back(std::move(lane));
    }
    m_changed.notify_one();
}

bool LanePool::retire(std::unique_ptr<Lane> lane) {
    std::vector<std::unique_ptr<Lane>> gone;
    bool was_used = false;
    bool hangs = false;
    {
        const std::scoped_lock lock(m_mutex);
        was_used = m_lanes.erase(lane->card()) != 0;
        if (lane->hangs()) m_hanging.insert(lane->card());
        hangs = m_hanging.contains(lane->card());
        const auto first = std::partition(m_free.begin(), m_free.end(), [&](const std::unique_ptr<Lane>& other) {
            return other->card() != lane->card();
        });
        std::move(first, m_free.end(), std::back_inserter(gone));
        m_free.erase(first, m_free.end());
    }
    m_changed.notify_all();
    // A card that does not answer keeps everything of it, also what other lanes have there.
    if (hangs)
        for (const std::unique_ptr<Lane>& other : gone) other->abandon();
    if (hangs) lane->abandon();
    return was_used;
}

std::string LanePool::names() const {
    const std::scoped_lock lock(m_mutex);
    std::string names;
    for (const auto& [card, lanes] : m_lanes) names += (names.empty() ? "" : ", ") + card_name(card);
    return names;
}

}    // namespace filfil::gpu
