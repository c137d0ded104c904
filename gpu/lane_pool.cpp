// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/lane_pool.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace filfil::gpu {

void LanePool::add(std::unique_ptr<Lane> lane) {
    const std::scoped_lock lock(m_mutex);
    m_cards.try_emplace(lane->card());
    m_free.push_back(std::move(lane));
}

std::unique_ptr<Lane> LanePool::take() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return !m_free.empty() || !has_cards(); });
    if (m_free.empty()) return nullptr;
    // The one that rested longest: cards with free lanes take turns.
    std::unique_ptr<Lane> lane = std::move(m_free.front());
    m_free.erase(m_free.begin());
    ++m_cards[lane->card()].out;
    return lane;
}

void LanePool::put(std::unique_ptr<Lane> lane) { bring_back(std::move(lane), false); }

bool LanePool::retire(std::unique_ptr<Lane> lane) { return bring_back(std::move(lane), true); }

bool LanePool::bring_back(std::unique_ptr<Lane> lane, bool failed) {
    std::vector<std::unique_ptr<Lane>> gone;    // ends after the lock, since a card may take its time
    bool was_used = false;
    {
        const std::scoped_lock lock(m_mutex);
        const unsigned number = lane->card();
        Card& card = m_cards[number];
        --card.out;
        was_used = !card.is_retired;
        card.is_retired = card.is_retired || failed;
        card.hangs = card.hangs || lane->hangs();
        (card.is_retired ? card.parked : m_free).push_back(std::move(lane));
        if (card.is_retired) {
            const auto of_card = [&](const std::unique_ptr<Lane>& other) { return other->card() == number; };
            const auto first = std::partition(m_free.begin(), m_free.end(), std::not_fn(of_card));
            std::move(first, m_free.end(), std::back_inserter(card.parked));
            m_free.erase(first, m_free.end());
        }
        if (card.is_retired && card.out == 0) {
            gone = std::move(card.parked);
            // What does not answer keeps everything of it.
            if (card.hangs)
                for (const std::unique_ptr<Lane>& other : gone) other->abandon();
            m_cards.erase(number);
        }
    }
    if (failed)
        m_changed.notify_all();
    else
        m_changed.notify_one();
    return was_used;
}

bool LanePool::has_cards() const {
    return std::ranges::any_of(m_cards, [](const auto& card) { return !card.second.is_retired; });
}

std::string LanePool::names() const {
    const std::scoped_lock lock(m_mutex);
    std::string names;
    for (const auto& [number, card] : m_cards)
        if (!card.is_retired) names += (names.empty() ? "" : ", ") + card_name(number);
    return names;
}

}    // namespace filfil::gpu
