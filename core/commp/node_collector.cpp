// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/node_collector.hpp"

namespace filfil::commp {

void NodeCollector::on_nodes(std::uint64_t ticket, std::span<const Node> nodes) noexcept {
    const std::scoped_lock lock(m_mutex);
    if (ticket != m_next) {
        m_early.emplace(ticket, std::vector<Node>(nodes.begin(), nodes.end()));
    } else {
        for (const Node& node : nodes) m_tree.push(node);
        for (++m_next; !m_early.empty() && m_early.begin()->first == m_next; ++m_next) {
            for (const Node& node : m_early.begin()->second) m_tree.push(node);
            m_early.erase(m_early.begin());
        }
    }
    ++m_ended;
    m_ended_one.notify_all();
}

void NodeCollector::on_failure(std::uint64_t, Error error, ByteView) noexcept {
    const std::scoped_lock lock(m_mutex);
    if (!m_failure) m_failure = std::move(error);
    ++m_ended;
    m_ended_one.notify_all();
}

Result<Node> NodeCollector::wait_for(std::uint64_t jobs) {
    std::unique_lock lock(m_mutex);
    m_ended_one.wait(lock, [&] { return m_ended >= jobs; });
    if (m_failure) return *m_failure;
    return m_tree.root();
}

std::optional<Error> NodeCollector::failure() const {
    const std::scoped_lock lock(m_mutex);
    return m_failure;
}

}    // namespace filfil::commp
