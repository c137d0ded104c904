// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/in_flight.hpp"

#include <memory>

namespace filfil::commp {

void InFlight::post(Executor& executor, Submission submission, std::function<void(Submission&)> run) {
    {
        const std::scoped_lock lock(m_mutex);
        ++m_under_way;
    }
    // std::function wants something it can copy, a Submission is not.
    auto shared = std::make_shared<Submission>(std::move(submission));
    executor.post([this, shared, run = std::move(run)] {
        run(*shared);
        shared->staging.reset();
        const std::scoped_lock lock(m_mutex);
        if (--m_under_way == 0) m_idle.notify_all();
    });
}

void InFlight::drain() {
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [&] { return m_under_way == 0; });
}

}    // namespace filfil::commp
