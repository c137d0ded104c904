// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/worker_queue.hpp"

namespace filfil::service {

void WorkerQueue::push(std::function<void()> task) {
    if (m_abandoned) return;
    m_tasks.push_back(std::move(task));
    if (!m_running) next();
}

void WorkerQueue::next() {
    m_running = true;
    m_world.workers.post([self = shared_from_this(), task = std::move(m_tasks.front())]() mutable {
        task();
        task = nullptr;
    });
    m_tasks.pop_front();
}

void WorkerQueue::finish() {
    m_running = false;
    if (!m_tasks.empty()) return next();
    while (idle() && !m_waiting_for_idle.empty()) {
        const std::function<void()> handler = std::move(m_waiting_for_idle.front());
        m_waiting_for_idle.pop_front();
        handler();
    }
}

void WorkerQueue::when_idle(std::function<void()> handler) {
    if (!idle()) {
        m_waiting_for_idle.push_back(std::move(handler));
        return;
    }
    m_world.loop.post([self = shared_from_this(), handler = std::move(handler)] {
        if (!self->m_abandoned) handler();
    });
}

void WorkerQueue::abandon() {
    m_abandoned = true;
    m_tasks.clear();
    m_waiting_for_idle.clear();
}

}    // namespace filfil::service
