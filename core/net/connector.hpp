// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/url.hpp"
#include "net/context.hpp"
#include "net/stream.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace filfil::net {

/// Makes one connection: finds the addresses of a host, tries them one after the other, puts TLS on it. Used on its
/// strand only, where `done` is called, once, unless it is cancelled first.
class Connector : public std::enable_shared_from_this<Connector> {
public:
    using Done = std::function<void(Result<NetStream>)>;

    /// @param limit for all of it
    Connector(Context& context, Strand strand, Url url, Clock::Duration limit, Done done);

    void start();

    /// Ends it; `done` is dropped.
    void cancel();

private:
    void try_next();
    void begin_tls();
    void finish(Result<NetStream> result);

    Context& m_context;
    Strand m_strand;
    const Url m_url;
    const Clock::Duration m_limit;
    Done m_done;
    SteadyClock::time_point m_deadline{};
    Timer m_timer;    ///< for finding addresses, which the system does as slowly as it likes
    asio::ip::basic_resolver<Tcp, Strand> m_resolver;
    std::vector<Tcp::endpoint> m_addresses;
    std::size_t m_next = 0;
    std::optional<NetStream> m_stream;
    std::optional<Error> m_failed;    ///< why the first address could not be reached
};

}    // namespace filfil::net
