// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace filfil {

class ManualExecutor;

/// Time that passes only when it is told to, with all that is to happen on it: the tasks of every ManualExecutor that
/// was made with it, in one order (when they are due, then when they were posted). So a program of many executors runs
/// on one thread, and the same way each time. Tasks may be posted by any thread; one thread at a time may run them, and
/// no task may call what runs tasks.
class VirtualClock final : public Clock {
public:
    /// 2026-01-01 00:00 UTC
    static constexpr Duration first_wall = std::chrono::seconds(1'767'225'600);

    [[nodiscard]] Duration steady() const override;
    [[nodiscard]] Duration wall() const override;

    /// The wall clock jumps, forward or back; steady() knows nothing of it.
    void jump_wall(Duration by);

    /// Runs all that is due now, and what that posts for now. @return how many tasks ran
    std::size_t run_ready();

    /// Lets so much time pass; each task runs at its own time.
    void advance(Duration by);

    /// Runs tasks, letting time pass from each to the next, until `done` holds (asked before each).
    /// @return false where it does not once `limit` has passed, or nothing is left that could happen
    bool run_until(const std::function<bool()>& done, Duration limit = std::chrono::hours(1));

    /// When the next task is due; nothing where there is none.
    [[nodiscard]] std::optional<Duration> next_due() const;

private:
    friend class ManualExecutor;

    struct Entry {
        const ManualExecutor* owner;
        Executor::Task task;
    };
    using Queue = std::map<std::pair<Duration, std::uint64_t>, Entry>;

    void add(const ManualExecutor& owner, Duration delay, Executor::Task task);
    std::size_t remove(const ManualExecutor& owner);
    [[nodiscard]] std::size_t count(const ManualExecutor& owner) const;

    /// Runs the first task due at `limit` or before, of `owner` where it is named, at its time.
    bool run_one(Duration limit, const ManualExecutor* owner = nullptr);

    mutable std::mutex m_mutex;
    Duration m_now = std::chrono::hours(1);
    Duration m_wall_offset = first_wall - std::chrono::hours(1);
    std::uint64_t m_posted = 0;
    Queue m_queue;
};

/// An executor whose tasks run when its clock is told to run them. As the loop of a World it keeps the order of posts.
/// Nothing may wait for its tasks: run_parallel() over more than one body never ends on it.
class ManualExecutor final : public Executor {
public:
    explicit ManualExecutor(VirtualClock& clock, unsigned concurrency = 1)
        : m_clock(clock), m_concurrency(concurrency) {}

    /// Drops what has not run.
    ~ManualExecutor() override {
        while (clear() > 0) {
        }
    }
    ManualExecutor(const ManualExecutor&) = delete;
    ManualExecutor& operator=(const ManualExecutor&) = delete;

    void post(Task task) override { post_after({}, std::move(task)); }
    void post_after(Clock::Duration delay, Task task) override;
    [[nodiscard]] unsigned concurrency() const noexcept override { return m_concurrency; }

    /// From now on every task waits so much longer: workers and wires that are slow and overtake one another. Not for a
    /// loop, whose order it breaks.
    void set_jitter(std::function<Clock::Duration()> jitter) { m_jitter = std::move(jitter); }

    /// Runs this executor's tasks that are due now, and no other's. @return how many ran
    std::size_t run_ready();

    /// As the clock's, so with every executor's tasks.
    bool run_until(const std::function<bool()>& done, Clock::Duration limit = std::chrono::hours(1)) {
        return m_clock.run_until(done, limit);
    }
    void advance(Clock::Duration by) { m_clock.advance(by); }

    /// Drops what has not run: its process was killed. @return how many tasks
    std::size_t clear() { return m_clock.remove(*this); }

    /// Tasks that have not run, due or not.
    [[nodiscard]] std::size_t waiting() const { return m_clock.count(*this); }

    [[nodiscard]] VirtualClock& clock() noexcept { return m_clock; }

private:
    VirtualClock& m_clock;
    unsigned m_concurrency;
    std::function<Clock::Duration()> m_jitter;
};

}    // namespace filfil
