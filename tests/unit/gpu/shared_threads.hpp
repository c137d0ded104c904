// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"

#include <condition_variable>
#include <mutex>

namespace filfil::test {

/// Threads of a pool that many backends use one after the other: to start new ones for each of thousands of runs would
/// take longer than the runs. Like a pool of its own it is gone when the last of its tasks is.
class SharedThreads final : public Executor {
public:
    explicit SharedThreads(Executor& pool) : m_pool(pool) {}
    ~SharedThreads() override {
        std::unique_lock lock(m_mutex);
        m_ended.wait(lock, [&] { return m_tasks == 0; });
    }
    SharedThreads(const SharedThreads&) = delete;
    SharedThreads& operator=(const SharedThreads&) = delete;

    void post(Task task) override {
        {
            const std::scoped_lock lock(m_mutex);
            ++m_tasks;
        }
        m_pool.post([this, task = std::move(task)]() mutable {
            task();
            task = nullptr;
            const std::scoped_lock lock(m_mutex);
            if (--m_tasks == 0) m_ended.notify_all();
        });
    }
    void post_after(Clock::Duration, Task task) override { post(std::move(task)); }
    [[nodiscard]] unsigned concurrency() const noexcept override { return m_pool.concurrency(); }

private:
    Executor& m_pool;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    std::size_t m_tasks = 0;
};

}    // namespace filfil::test
