// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace filfil::retrieval {

/// One figure at one time, as Prometheus knows them (text format 0.0.4).
struct Metric {
    enum class Kind : std::uint8_t { counter, gauge };
    std::string name;    ///< "filfil_head_epoch"
    std::string help;    ///< one line; the same for each metric of the name
    Kind kind = Kind::gauge;
    std::vector<std::pair<std::string, std::string>> labels{};
    double value = 0;
};

/// Gives the figures of the moment. Thread-safe; answers quickly.
class MetricSource {
public:
    virtual ~MetricSource() = default;
    [[nodiscard]] virtual std::vector<Metric> metrics() const = 0;

    /// Whether the service does what it is for (a node is followed and in step), and if not, one sentence why.
    struct Health {
        bool ok = false;
        std::string why{};
    };
    [[nodiscard]] virtual Health health() const = 0;
};

/// "# HELP …", "# TYPE …", and a line a metric, those of one name together. Label values are escaped.
std::string prometheus_text(const std::vector<Metric>& metrics);

}    // namespace filfil::retrieval
