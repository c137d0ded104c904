// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

namespace filfil::test {

/// Ends the program with a word on what it was at when that takes absurdly long: what waits for ever cannot be failed
/// in any other way.
class Watchdog {
public:
    Watchdog()
        : m_thread([this] {
              std::unique_lock lock(m_mutex);
              while (!m_ended) {
                  const unsigned long seen = m_begun;
                  m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_ended || m_begun != seen; });
                  if (m_ended || m_begun != seen) continue;
                  std::fprintf(stderr, "this does not end: %s\n", m_what.c_str());
                  std::abort();
              }
          }) {}
    ~Watchdog() {
        {
            const std::scoped_lock lock(m_mutex);
            m_ended = true;
        }
        m_changed.notify_all();
    }
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    /// Something new begins, and has its own time.
    void begin(std::string what) {
        const std::scoped_lock lock(m_mutex);
        m_what = std::move(what);
        ++m_begun;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_what = "the start";
    unsigned long m_begun = 0;
    bool m_ended = false;
    std::jthread m_thread;
};

}    // namespace filfil::test
