// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <stop_token>
#include <thread>

namespace filfil::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request, so that work ends in an orderly way and unfinished files are
/// removed. A second signal, or two seconds in which the work did not end (a read that is stuck), ends the process at
/// once. Signals that were ignored when the program started (nohup) stay ignored.
///
/// To be made on the main thread before any other thread: threads inherit what it blocks.
class SignalWatcher {
public:
    explicit SignalWatcher(std::stop_source stop);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

    /// From now on work may take so long to end after the first signal; a second one still ends the process at once.
    /// Thread-safe.
    void allow(std::chrono::milliseconds time) noexcept;

    /// The first signal that came, or 0.
    [[nodiscard]] int received() const noexcept { return m_received.load(); }

    /// Ends the process by `signal`, with the system's own handling of it.
    [[noreturn]] void die_by(int signal) noexcept;

private:
    void watch(std::stop_source stop) noexcept;

    sigset_t m_watched{};
    int m_signals = -1;
    int m_wake = -1;
    std::atomic<int> m_received{0};
    std::atomic<int> m_grace_ms{2000};
    std::thread m_thread;
};

}    // namespace filfil::cli
