// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "commp/backend.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>

namespace filfil::commp {

/// The submissions of a backend that are on their way through an executor. Thread-safe.
class InFlight {
public:
    /// Posts run(submission) to `executor`; its buffer goes back when that ends.
    /// @param run must not throw, and what it refers to must stay until drain() has returned
    void post(Executor& executor, Submission submission, std::function<void(Submission&)> run);

    /// Waits until all that were posted have ended.
    void drain();

private:
    std::mutex m_mutex;
    std::condition_variable m_idle;
    std::size_t m_under_way = 0;
};

}    // namespace filfil::commp
