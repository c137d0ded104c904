// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/context.hpp"

#include <algorithm>

namespace filfil::net {

Context::Context(LogSink& log_, unsigned threads, std::string trust_file)
    : log(log_),
      m_trust_file(std::move(trust_file)),
      io(static_cast<int>(std::max(threads, 1U))),
      pool(io),
      readers(std::max(threads, 1U)),
      m_guard(asio::make_work_guard(io)) {
    try {
        while (m_threads.size() < std::max(threads, 1U)) m_threads.emplace_back([this] { io.run(); });
    } catch (const std::system_error&) {
        // Fewer than asked for do, if there is one.
        if (m_threads.empty()) throw;
    }
}

Context::~Context() {
    calls->end_all();
    calls->wait_empty();
    pool.end();
    readers.join();
    m_guard.reset();
    io.stop();
    m_threads.clear();
}

bool Context::is_own_thread() const noexcept {
    return const_cast<asio::io_context&>(io).get_executor().running_in_this_thread() ||
           const_cast<asio::thread_pool&>(readers).get_executor().running_in_this_thread();
}

Result<asio::ssl::context*> Context::trust() {
    const std::scoped_lock lock(m_mutex);
    if (!m_trust) {
        FILFIL_TRY(m_trust, client_tls(m_trust_file));
    }
    return m_trust.get();
}

}    // namespace filfil::net
