// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace filfil {

/// Where work runs. Core starts no thread of its own: it posts tasks here, so a simulation can run them one by one.
class Executor {
public:
    using Task = std::function<void()>;

    virtual ~Executor() = default;

    /// Runs `task` once, on any thread, now or later. Tasks must not throw. Thread-safe.
    virtual void post(Task task) = 0;

    /// Runs `task` once, not before `delay` has passed. Thread-safe.
    virtual void post_after(Clock::Duration delay, Task task) = 0;

    /// How many tasks can make progress at the same time; at least 1.
    [[nodiscard]] virtual unsigned concurrency() const noexcept = 0;
};

/// Runs each task inside post(), on the caller's thread. Delayed tasks run at once: it has no clock to wait on.
class InlineExecutor final : public Executor {
public:
    void post(Task task) override { task(); }
    void post_after(Clock::Duration, Task task) override { task(); }
    [[nodiscard]] unsigned concurrency() const noexcept override { return 1; }
};

/// A fixed number of threads with one queue. The destructor runs what was posted and is due, drops delayed tasks that
/// are not due, and joins.
class ThreadPool final : public Executor {
public:
    /// @param threads at least 1; 0 means one a hardware thread. Where the system gives fewer the pool has those:
    /// concurrency() tells. Throws std::system_error only where it gives none at all.
    explicit ThreadPool(unsigned threads);
    ~ThreadPool() override;
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void post(Task task) override;
    void post_after(Clock::Duration delay, Task task) override;
    [[nodiscard]] unsigned concurrency() const noexcept override { return static_cast<unsigned>(m_threads.size()); }

private:
    void work();
    void move_due();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_ready;
    std::multimap<std::chrono::steady_clock::time_point, Task> m_later;
    bool m_stopping = false;
    std::vector<std::jthread> m_threads;
};

/// How many hardware threads this process may use (its CPU affinity, not the machine's size); at least 1.
unsigned usable_cpus() noexcept;

/// Runs body(0) … body(n-1) through the executor and the calling thread, and returns when all have ended. At most
/// executor.concurrency() + 1 run at once. Bodies must not throw. With InlineExecutor they run one after the other, in
/// order, so a body may not wait for a later one. Not to be called from one of a ThreadPool's own threads: it waits.
void run_parallel(Executor& executor, unsigned n, const std::function<void(unsigned)>& body);

}    // namespace filfil
