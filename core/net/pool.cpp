// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/pool.hpp"

namespace filfil::net {
namespace {

/// A stream may be touched on its strand only.
void close(NetStream stream) {
    const auto strand = stream.get_executor();
    asio::post(strand, [stream = std::move(stream)]() mutable { stream.close(); });
}

}    // namespace

std::optional<NetStream> Pool::take(const std::string& server) {
    const std::scoped_lock lock(m_mutex);
    const auto found = m_servers.find(server);
    if (found == m_servers.end()) return std::nullopt;
    std::optional<NetStream> out;
    const auto now = SteadyClock::now();
    while (!out && !found->second.empty()) {
        Kept& last = found->second.back();
        if (last.until > now && last.stream.is_quiet())
            out = std::move(last.stream);
        else
            close(std::move(last.stream));
        found->second.pop_back();
    }
    if (found->second.empty()) m_servers.erase(found);
    return out;
}

void Pool::put(const std::string& server, NetStream stream) {
    stream.clear_deadline();
    const std::scoped_lock lock(m_mutex);
    if (m_ended) return close(std::move(stream));
    std::vector<Kept>& kept = m_servers[server];
    if (kept.size() == most) {
        close(std::move(kept.front().stream));
        kept.erase(kept.begin());
    }
    kept.push_back({std::move(stream), SteadyClock::now() + kept_for});
    arm();
}

void Pool::end() {
    const std::scoped_lock lock(m_mutex);
    m_ended = true;
    for (auto& [server, kept] : m_servers)
        for (Kept& one : kept) close(std::move(one.stream));
    m_servers.clear();
    m_timer.cancel();
}

void Pool::arm() {
    if (m_armed || m_servers.empty() || m_ended) return;
    m_armed = true;
    m_timer.expires_after(kept_for);
    m_timer.async_wait([this](error_code) { sweep(); });
}

void Pool::sweep() {
    const std::scoped_lock lock(m_mutex);
    m_armed = false;
    const auto now = SteadyClock::now();
    for (auto server = m_servers.begin(); server != m_servers.end();) {
        auto& kept = server->second;
        while (!kept.empty() && kept.front().until <= now) {
            close(std::move(kept.front().stream));
            kept.erase(kept.begin());
        }
        server = kept.empty() ? m_servers.erase(server) : std::next(server);
    }
    arm();
}

}    // namespace filfil::net
