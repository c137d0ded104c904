// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "retrieval/metrics.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace filfil::service {

/// The figures that were put up last. Thread-safe.
class MetricsBoard final : public retrieval::MetricSource {
public:
    void put(std::vector<retrieval::Metric> metrics, Health health) {
        const std::lock_guard lock(m_mutex);
        m_metrics = std::move(metrics);
        m_health = std::move(health);
    }

    [[nodiscard]] std::vector<retrieval::Metric> metrics() const override {
        const std::lock_guard lock(m_mutex);
        return m_metrics;
    }
    [[nodiscard]] Health health() const override {
        const std::lock_guard lock(m_mutex);
        return m_health;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<retrieval::Metric> m_metrics;
    Health m_health{false, "the daemon is starting"};
};

}    // namespace filfil::service
