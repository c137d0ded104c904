// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/signal_watcher.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

namespace filfil::cli {
SignalWatcher::SignalWatcher(std::stop_source stop) {
    sigemptyset(&m_watched);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now{};
        if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&m_watched, signal);
    }
    m_signals = ::signalfd(-1, &m_watched, SFD_CLOEXEC);
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    // Without them signals keep their usual effect: the process ends at once.
    if (m_signals < 0 || m_wake < 0) return;
    ::pthread_sigmask(SIG_BLOCK, &m_watched, nullptr);
    m_thread = std::thread([this, source = std::move(stop)]() mutable { watch(std::move(source)); });
}

SignalWatcher::~SignalWatcher() {
    if (m_thread.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = ::write(m_wake, &one, sizeof one);
        m_thread.join();
    }
    if (m_signals >= 0) ::close(m_signals);
    if (m_wake >= 0) ::close(m_wake);
}

void SignalWatcher::allow(std::chrono::milliseconds time) noexcept { m_grace_ms = static_cast<int>(time.count()); }

void SignalWatcher::watch(std::stop_source stop) noexcept {
    std::chrono::steady_clock::time_point first{};
    for (;;) {
        // In steps, since the time that is allowed may grow meanwhile.
        std::array<pollfd, 2> ready{{{m_signals, POLLIN, 0}, {m_wake, POLLIN, 0}}};
        const int n = ::poll(ready.data(), ready.size(), m_received == 0 ? -1 : 100);
        if (n < 0) continue;
        if (ready[1].revents != 0) return;
        if (m_received != 0) {
            const auto waited = std::chrono::steady_clock::now() - first;
            if (n > 0 || waited >= std::chrono::milliseconds(m_grace_ms.load())) die_by(m_received);
            continue;
        }
        signalfd_siginfo info{};
        if (::read(m_signals, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
        first = std::chrono::steady_clock::now();
        m_received = static_cast<int>(info.ssi_signo);
        stop.request_stop();
    }
}

void SignalWatcher::die_by(int signal) noexcept {
    std::signal(signal, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(signal);
    ::_exit(128 + signal);
}

}    // namespace filfil::cli
