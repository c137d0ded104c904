// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "net/context.hpp"
#include "net/rate.hpp"
#include "net/registry.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace filfil::net {

/// Counts connections, altogether and of each client's address. Thread-safe.
class Admission : public std::enable_shared_from_this<Admission> {
public:
    Admission(unsigned most, unsigned most_a_peer) noexcept : m_most(most), m_most_a_peer(most_a_peer) {}

    /// @return what to keep as long as the connection; nothing where it is one too many
    std::shared_ptr<void> admit(const std::string& peer);

    /// The same for one that is only told so, and there are few of those.
    std::shared_ptr<void> admit_refused();

    [[nodiscard]] std::size_t count() const;

private:
    class Slot;

    const unsigned m_most;
    const unsigned m_most_a_peer;
    mutable std::mutex m_mutex;
    std::size_t m_count = 0;
    std::size_t m_refused = 0;
    std::map<std::string, unsigned> m_peers;
};

/// What all sessions of a listener share; it lives as long as the last of them.
struct ListenerState {
    ListenerState(Context& context_, HttpServer& server_, const ListenOptions& options_)
        : context(context_),
          server(server_),
          options(options_),
          admission(std::make_shared<Admission>(options_.connections, options_.connections_a_peer)),
          rate(options_.bytes_a_second) {}

    Context& context;
    HttpServer& server;    ///< not to be called by who is no member of `sessions`
    const ListenOptions options;
    const std::shared_ptr<Registry> sessions = std::make_shared<Registry>();
    const std::shared_ptr<Admission> admission;
    Rate rate;
    std::unique_ptr<asio::ssl::context> tls;
};

}    // namespace filfil::net
