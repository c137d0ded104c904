// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "net/asio.hpp"
#include "net/pool.hpp"
#include "net/registry.hpp"
#include "net/tls.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace filfil::net {

/// What all connections of one transport share: threads, trust, kept connections. Thread-safe.
class Context {
public:
    Context(LogSink& log_, unsigned threads, std::string trust_file);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// Whether the caller is one of the threads.
    [[nodiscard]] bool is_own_thread() const noexcept;

    /// Made when it is first needed. The context lives as long as this.
    Result<asio::ssl::context*> trust();

    [[nodiscard]] Strand make_strand() { return asio::make_strand(io.get_executor()); }

    LogSink& log;

private:
    std::mutex m_mutex;
    std::string m_trust_file;
    std::unique_ptr<asio::ssl::context> m_trust;

public:
    /// Requests and sockets that began here.
    const std::shared_ptr<Registry> calls = std::make_shared<Registry>();

    // Last: whatever still waits in it when it goes may use what stands above.
    asio::io_context io;
    Pool pool;

    /// Where bodies are read, which may have to wait for disks.
    asio::thread_pool readers;

private:
    asio::executor_work_guard<asio::io_context::executor_type> m_guard;
    std::vector<std::jthread> m_threads;
};

}    // namespace filfil::net
