// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/listener_state.hpp"

namespace filfil::net {
namespace {

/// So many connections at once hear that there are too many; the rest are closed without a word.
constexpr std::size_t most_refused = 64;

}    // namespace

/// Gives back what was counted.
class Admission::Slot {
public:
    /// @param peer nothing for a refused one
    Slot(std::shared_ptr<Admission> admission, std::optional<std::string> peer)
        : m_admission(std::move(admission)), m_peer(std::move(peer)) {}
    ~Slot() {
        const std::scoped_lock lock(m_admission->m_mutex);
        if (!m_peer) {
            --m_admission->m_refused;
            return;
        }
        --m_admission->m_count;
        const auto found = m_admission->m_peers.find(*m_peer);
        if (--found->second == 0) m_admission->m_peers.erase(found);
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

private:
    const std::shared_ptr<Admission> m_admission;
    const std::optional<std::string> m_peer;
};

std::shared_ptr<void> Admission::admit(const std::string& peer) {
    const std::scoped_lock lock(m_mutex);
    const auto found = m_peers.find(peer);
    if (m_count >= m_most || (found == m_peers.end() ? 0 : found->second) >= m_most_a_peer) return nullptr;
    auto slot = std::make_shared<Slot>(shared_from_this(), peer);
    ++m_count;
    ++m_peers[peer];
    return slot;
}

std::shared_ptr<void> Admission::admit_refused() {
    const std::scoped_lock lock(m_mutex);
    if (m_refused >= most_refused) return nullptr;
    auto slot = std::make_shared<Slot>(shared_from_this(), std::nullopt);
    ++m_refused;
    return slot;
}

std::size_t Admission::count() const {
    const std::scoped_lock lock(m_mutex);
    return m_count;
}

}    // namespace filfil::net
