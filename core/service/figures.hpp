// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "service/memory_gauge.hpp"
#include "service/worker_queue.hpp"
#include "snapshot/durable_engine.hpp"

#include <functional>
#include <memory>

namespace filfil::service {

/// What the engine and the process were like a moment ago. Asking the engine may wait for the chain, so it is asked on
/// the workers: after each head change and now and then. Lives on the loop.
class Figures {
public:
    Figures(World& world, std::function<MemoryReading()> read_memory, MemoryGaugeOptions options);

    /// From now on the engine is asked, too.
    void set_engine(std::shared_ptr<snapshot::DurableEngine> engine);

    /// Asks anew; many calls while one is under way are one more. @param then called after one that began later than
    /// this call; may be empty
    void refresh(std::function<void()> then = {});

    /// Nobody is told of anything any more.
    void abandon() { m_queue->abandon(); }
    void when_idle(std::function<void()> handler) { m_queue->when_idle(std::move(handler)); }

    [[nodiscard]] bool have_engine() const noexcept { return m_have_engine; }
    [[nodiscard]] const snapshot::EngineStats& engine() const noexcept { return m_stats; }
    [[nodiscard]] const MemoryReading& memory() const noexcept { return m_memory; }
    [[nodiscard]] MemoryForecast forecast() const { return m_gauge.forecast(); }

private:
    struct Read {
        MemoryReading memory;
        std::optional<snapshot::EngineStats> stats;
    };

    World& m_world;
    std::function<MemoryReading()> m_read_memory;
    std::shared_ptr<WorkerQueue> m_queue;
    std::shared_ptr<snapshot::DurableEngine> m_engine;
    MemoryGauge m_gauge;
    bool m_reading = false;
    bool m_again = false;
    bool m_have_engine = false;
    snapshot::EngineStats m_stats;
    MemoryReading m_memory;
    std::vector<std::function<void()>> m_then;
};

}    // namespace filfil::service
