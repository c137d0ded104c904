// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/figures.hpp"

#include <utility>

namespace filfil::service {

Figures::Figures(World& world, std::function<MemoryReading()> read_memory, MemoryGaugeOptions options)
    : m_world(world), m_read_memory(std::move(read_memory)), m_queue(WorkerQueue::make(world)), m_gauge(options) {}

void Figures::set_engine(std::shared_ptr<snapshot::DurableEngine> engine) {
    m_engine = std::move(engine);
    m_gauge.restart();
}

void Figures::refresh(std::function<void()> then) {
    if (then) m_then.push_back(std::move(then));
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    m_queue->run(
        [engine = m_engine, read_memory = m_read_memory] {
            Read out;
            if (read_memory) out.memory = read_memory();
            if (engine) out.stats = engine->engine().stats();
            return out;
        },
        [this, waiting = std::exchange(m_then, {})](const Read& read) {
            m_reading = false;
            m_memory = read.memory;
            if (read.stats) {
                m_stats = *read.stats;
                m_have_engine = true;
                m_gauge.add(m_world.clock.steady(), m_memory, m_stats.store.arena_bytes + m_stats.store.index_bytes);
            }
            if (std::exchange(m_again, false)) refresh();
            for (const auto& handler : waiting) handler();
        });
}

}    // namespace filfil::service
