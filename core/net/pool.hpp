// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "net/stream.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace filfil::net {

/// Connections to HTTP servers that nobody uses at the moment. Thread-safe.
class Pool {
public:
    /// So many to one server; those beyond are closed.
    static constexpr std::size_t most = 16;

    /// Less than what servers wait before they close them.
    static constexpr auto kept_for = std::chrono::seconds(4);

    explicit Pool(asio::io_context& io) : m_strand(asio::make_strand(io)), m_timer(m_strand) {}

    /// The one that was used last and is still open.
    std::optional<NetStream> take(const std::string& server);
    void put(const std::string& server, NetStream stream);

    /// Closes them all, and from now on each that is put.
    void end();

private:
    struct Kept {
        NetStream stream;
        SteadyClock::time_point until;
    };

    void arm();
    void sweep();

    std::mutex m_mutex;
    Strand m_strand;
    Timer m_timer;
    std::map<std::string, std::vector<Kept>, std::less<>> m_servers;    ///< each in the order of `until`
    bool m_armed = false;
    bool m_ended = false;
};

}    // namespace filfil::net
