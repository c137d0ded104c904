// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/event_bus.hpp"

#include <algorithm>

namespace filfil::service {

rpc::Json json_of(const Event& event) {
    return {{"seq", event.seq},
            {"type", event.type},
            {"time", std::chrono::duration<double>(event.time).count()},
            {"data", event.data}};
}

EventBus::EventBus(const Clock& clock, std::size_t keep)
    : m_clock(clock),
      m_keep(keep),
      m_last(static_cast<std::uint64_t>(
          std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(clock.wall()).count()))) {}

std::uint64_t EventBus::publish(std::string type, rpc::Json data) {
    const std::uint64_t seq = ++m_last;
    m_events.push_back(std::make_shared<const Event>(Event{seq, std::move(type), m_clock.wall(), std::move(data)}));
    deliver();
    return seq;
}

EventBus::Subscribed EventBus::subscribe(std::optional<std::uint64_t> after, std::vector<std::string> types,
                                         Handler handler) {
    const std::uint64_t oldest = m_last - m_events.size();    // what is kept comes after it
    Subscribed out{.id = m_next_id++, .seq = m_last, .resync = after && (*after < oldest || *after > m_last)};
    auto subscription = std::make_shared<Subscription>();
    subscription->types = std::move(types);
    subscription->handler = std::move(handler);
    subscription->told = after && !out.resync ? *after : m_last;
    m_subscriptions.emplace(out.id, std::move(subscription));
    deliver();
    return out;
}

void EventBus::unsubscribe(std::uint64_t id) noexcept {
    const auto found = m_subscriptions.find(id);
    if (found == m_subscriptions.end()) return;
    // A handler may end its own subscription, and lives until it returns.
    found->second->told = ~std::uint64_t{0};
    m_subscriptions.erase(found);
}

void EventBus::deliver() {
    if (m_delivering) return;
    m_delivering = true;
    // What handlers publish, or those they subscribe, come in the next round.
    for (bool more = true; more;) {
        more = false;
        const std::uint64_t last = m_last;
        const auto subscriptions = m_subscriptions;
        for (const auto& [id, subscription] : subscriptions) {
            if (subscription->told < last) tell(id, *subscription, last);
        }
        more = std::ranges::any_of(m_subscriptions, [&](const auto& entry) { return entry.second->told < m_last; });
    }
    m_delivering = false;
    while (m_events.size() > m_keep) m_events.pop_front();
}

void EventBus::tell(std::uint64_t id, Subscription& to, std::uint64_t last) {
    const std::uint64_t first = m_events.front()->seq;
    while (to.told < last) {
        const std::shared_ptr<const Event> event = m_events[to.told + 1 - first];
        ++to.told;
        if (!to.types.empty() && std::ranges::find(to.types, event->type) == to.types.end()) continue;
        if (!to.handler(*event)) return unsubscribe(id);
    }
}

}    // namespace filfil::service
