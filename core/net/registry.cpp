// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/registry.hpp"

#include <vector>

namespace filfil::net {

bool Registry::add(const std::shared_ptr<Member>& member) {
    const std::scoped_lock lock(m_mutex);
    if (m_ending) return false;
    m_members.emplace(member.get(), member);
    return true;
}

void Registry::remove(const Member* member) {
    // What is dropped may be the last pointer to it, whose destructor may come back here.
    std::shared_ptr<Member> dropped;
    const std::scoped_lock lock(m_mutex);
    const auto found = m_members.find(member);
    if (found == m_members.end()) return;
    dropped = std::move(found->second);
    m_members.erase(found);
    // Under the lock: who waits may destroy this as soon as it has it.
    m_changed.notify_all();
}

bool Registry::enter() {
    const std::scoped_lock lock(m_mutex);
    if (m_ending && m_members.empty()) return false;
    ++m_visits;
    return true;
}

void Registry::leave() {
    const std::scoped_lock lock(m_mutex);
    --m_visits;
    m_changed.notify_all();
}

void Registry::end_all() {
    std::vector<std::shared_ptr<Member>> members;
    {
        const std::scoped_lock lock(m_mutex);
        m_ending = true;
        members.reserve(m_members.size());
        for (const auto& [key, member] : m_members) members.push_back(member);
    }
    for (const auto& member : members) member->end();
}

void Registry::wait_empty() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_members.empty() && m_visits == 0; });
}

}    // namespace filfil::net
