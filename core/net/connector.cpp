// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/connector.hpp"

#include "net/failure.hpp"

namespace filfil::net {

Connector::Connector(Context& context, Strand strand, Url url, Clock::Duration limit, Done done)
    : m_context(context),
      m_strand(std::move(strand)),
      m_url(std::move(url)),
      m_limit(limit),
      m_done(std::move(done)),
      m_timer(m_strand),
      m_resolver(m_strand) {}

void Connector::start() {
    const auto now = SteadyClock::now();
    m_deadline = m_limit >= SteadyClock::time_point::max() - now ? SteadyClock::time_point::max() : now + m_limit;
    error_code no_address;
    if (const auto address = asio::ip::make_address(m_url.at.host, no_address); !no_address) {
        m_addresses.emplace_back(address, m_url.at.port);
        try_next();
        return;
    }
    m_timer.expires_at(m_deadline);
    m_timer.async_wait([self = shared_from_this()](error_code error) {
        if (!error) self->finish(timeout_failure("no address found for", self->m_url, self->m_limit));
    });
    m_resolver.async_resolve(m_url.at.host, std::to_string(m_url.at.port), asio::ip::resolver_base::numeric_service,
                             [self = shared_from_this()](error_code error, const auto& found) {
                                 if (!self->m_done) return;
                                 self->m_timer.cancel();
                                 if (error) return self->finish(failure("cannot connect to", self->m_url, error));
                                 for (const auto& entry : found) self->m_addresses.push_back(entry.endpoint());
                                 self->try_next();
                             });
}

void Connector::cancel() {
    m_done = nullptr;
    m_timer.cancel();
    m_resolver.cancel();
    if (m_stream) m_stream->close();
}

void Connector::try_next() {
    if (m_next == m_addresses.size()) {
        if (!m_failed) m_failed = failure("cannot connect to", m_url, asio::error::host_not_found);
        finish(*m_failed);
        return;
    }
    const auto left = m_deadline - SteadyClock::now();
    if (left <= Clock::Duration::zero()) return finish(timeout_failure("no connection to", m_url, m_limit));
    m_stream.emplace(m_strand);
    // One address that swallows all packets must not use up the time of those behind it.
    m_stream->set_deadline(left / static_cast<int>(m_addresses.size() - m_next));
    const Tcp::endpoint address = m_addresses[m_next++];
    m_stream->socket().async_connect(address, [self = shared_from_this()](error_code error) {
        if (!self->m_done) return;
        if (!error) {
            error_code ignored;
            self->m_stream->socket().set_option(Tcp::no_delay(true), ignored);
            if (self->m_url.tls()) return self->begin_tls();
            self->m_stream->clear_deadline();
            self->finish(std::move(*self->m_stream));
            return;
        }
        if (!self->m_failed)
            self->m_failed = self->m_stream->timed_out()
                                 ? timeout_failure("no connection to", self->m_url, self->m_limit)
                                 : failure("cannot connect to", self->m_url, error);
        self->m_stream->close();
        self->try_next();
    });
}

void Connector::begin_tls() {
    auto trust = m_context.trust();
    if (!trust.ok()) return finish(std::move(trust).error());
    SSL* const ssl = m_stream->use_tls(**trust);
    if (!expect_host(ssl, m_url.at.host))
        return finish(Error(ErrorCode::invalid_argument, text_of(m_url, true) + ": no host name for TLS"));
    m_stream->set_deadline(m_deadline - SteadyClock::now());
    m_stream->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this(), ssl](error_code error) {
        if (!self->m_done) return;
        self->m_stream->clear_deadline();
        if (!error) return self->finish(std::move(*self->m_stream));
        if (self->m_stream->timed_out())
            return self->finish(timeout_failure("no TLS connection to", self->m_url, self->m_limit));
        self->finish(tls_failure(self->m_url, error, ssl));
    });
}

void Connector::finish(Result<NetStream> result) {
    if (!m_done) return;
    const Done done = std::move(m_done);
    m_done = nullptr;
    m_timer.cancel();
    m_resolver.cancel();
    m_stream.reset();
    done(std::move(result));
}

}    // namespace filfil::net
