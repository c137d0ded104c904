// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace filfil::service {

/// Runs work on world.workers, one piece at a time in the order in which it was given, and tells the loop of each
/// result. Lives on the loop; made with make(). What is told must not rest on the queue being alive: handlers guard
/// themselves.
class WorkerQueue : public std::enable_shared_from_this<WorkerQueue> {
public:
    static std::shared_ptr<WorkerQueue> make(World& world) {
        return std::shared_ptr<WorkerQueue>(new WorkerQueue(world));
    }

    /// @param work called on a worker. @param done called on the loop with what it returned
    template <class Work, class Done>
    void run(Work work, Done done) {
        push([this, work = std::move(work), done = std::move(done)]() mutable {
            using Answer = std::invoke_result_t<Work&>;
            auto answer = std::make_shared<Answer>(work());
            // Work may hold the last pointer to what has to go on a worker.
            {
                const Work gone = std::move(work);
            }
            m_world.loop.post([self = shared_from_this(), answer, done = std::move(done)]() mutable {
                if (!self->m_abandoned) done(std::move(*answer));
                self->finish();
            });
        });
    }

    /// Whether nothing runs or waits.
    [[nodiscard]] bool idle() const noexcept { return !m_running && m_tasks.empty(); }

    /// Calls back on the loop, once, when what was given so far, and what its handlers gave meanwhile, is done.
    void when_idle(std::function<void()> handler);

    /// Drops what waits; nobody is told of anything any more.
    void abandon();

private:
    explicit WorkerQueue(World& world) : m_world(world) {}
    void push(std::function<void()> task);
    void next();
    void finish();

    World& m_world;
    std::deque<std::function<void()>> m_tasks;
    std::deque<std::function<void()>> m_waiting_for_idle;
    bool m_running = false;
    bool m_abandoned = false;
};

}    // namespace filfil::service
