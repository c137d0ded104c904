// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/executor.hpp"

#include <sched.h>

#include <algorithm>
#include <latch>
#include <system_error>

namespace filfil {
namespace {

using std::chrono::steady_clock;

/// Now + `delay`, or the last moment the clock can tell where that is past it.
steady_clock::time_point due_after(Clock::Duration delay) noexcept {
    const steady_clock::time_point now = steady_clock::now();
    return delay > steady_clock::time_point::max() - now ? steady_clock::time_point::max() : now + delay;
}

}    // namespace

ThreadPool::ThreadPool(unsigned threads) {
    if (threads == 0) threads = usable_cpus();
    m_threads.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) {
        try {
            m_threads.emplace_back([this] { work(); });
        } catch (const std::system_error&) {
            // The system gives no more threads. Fewer do the same work; none could do none of it.
            if (m_threads.empty()) throw;
            break;
        }
    }
}

ThreadPool::~ThreadPool() {
    std::multimap<steady_clock::time_point, Task> dropped;
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
        move_due();
        dropped.swap(m_later);
    }
    m_wake.notify_all();
    m_threads.clear();
}

void ThreadPool::move_due() {
    const auto end = m_later.upper_bound(steady_clock::now());
    for (auto task = m_later.begin(); task != end; task = m_later.erase(task))
        m_ready.push_back(std::move(task->second));
}

void ThreadPool::post(Task task) {
    {
        const std::scoped_lock lock(m_mutex);
        m_ready.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void ThreadPool::post_after(Clock::Duration delay, Task task) {
    {
        const std::scoped_lock lock(m_mutex);
        m_later.emplace(due_after(delay), std::move(task));
    }
    m_wake.notify_one();
}

void ThreadPool::work() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        move_due();
        if (!m_ready.empty()) {
            Task task = std::move(m_ready.front());
            m_ready.pop_front();
            // One notify may have stood for several tasks that fell due together.
            if (!m_ready.empty()) m_wake.notify_one();
            lock.unlock();
            task();
            task = nullptr;
            lock.lock();
        } else if (m_stopping) {
            return;
        } else if (m_later.empty()) {
            m_wake.wait(lock);
        } else {
            m_wake.wait_until(lock, m_later.begin()->first);
        }
    }
}

unsigned usable_cpus() noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0) {
        const int count = CPU_COUNT(&set);
        if (count > 0) return static_cast<unsigned>(count);
    }
    return std::max(1U, std::thread::hardware_concurrency());
}

void run_parallel(Executor& executor, unsigned n, const std::function<void(unsigned)>& body) {
    if (n == 0) return;
    std::latch done(static_cast<std::ptrdiff_t>(n));
    for (unsigned i = 1; i < n; ++i)
        executor.post([&, i] {
            body(i);
            done.count_down();
        });
    body(0);
    done.count_down();
    done.wait();
}

}    // namespace filfil
