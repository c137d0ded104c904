// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/reclaimer.hpp"

#include <utility>

namespace filfil::snapshot {

Reclaimer::~Reclaimer() { drain(); }

void Reclaimer::drain() {
    std::deque<Retired> freed;
    {
        const std::lock_guard lock(m_mutex);
        freed.swap(m_retired);
    }
    for (Retired& retired : freed) retired.free();
}

std::uint64_t Reclaimer::enter() {
    const std::lock_guard lock(m_mutex);
    m_readers.insert(m_now);
    return m_now;
}

void Reclaimer::leave(std::uint64_t entered) {
    std::deque<Retired> freed;
    {
        const std::lock_guard lock(m_mutex);
        m_readers.erase(m_readers.find(entered));
        freed = take_free();
    }
    for (Retired& retired : freed) retired.free();
}

void Reclaimer::retire(std::function<void()> free) {
    std::deque<Retired> freed;
    {
        const std::lock_guard lock(m_mutex);
        m_retired.push_back({m_now++, std::move(free)});
        freed = take_free();
    }
    for (Retired& retired : freed) retired.free();
}

std::size_t Reclaimer::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_retired.size();
}

std::deque<Reclaimer::Retired> Reclaimer::take_free() {
    std::deque<Retired> out;
    // A reader that entered at time t came after everything retired before t.
    while (!m_retired.empty() && (m_readers.empty() || m_retired.front().at < *m_readers.begin())) {
        out.push_back(std::move(m_retired.front()));
        m_retired.pop_front();
    }
    return out;
}

}    // namespace filfil::snapshot
