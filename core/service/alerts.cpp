// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/alerts.hpp"

#include "service/times.hpp"

#include <utility>

namespace filfil::service {

rpc::Json json_of(const Alert& alert) {
    return {{"code", alert.code},
            {"severity", alert.severity == Alert::Severity::error ? "error" : "warning"},
            {"message", alert.message},
            {"remedy", alert.remedy},
            {"since", seconds_of(alert.since)}};
}

void Alerts::set(std::vector<Alert> now) {
    std::map<std::string, Alert> next;
    for (Alert& alert : now) {
        const auto before = m_alerts.find(alert.code);
        alert.since = before != m_alerts.end() ? before->second.since : m_clock.wall();
        if (before == m_alerts.end()) m_events.publish("alert", json_of(alert));
        std::string code = alert.code;
        next.insert_or_assign(std::move(code), std::move(alert));
    }
    for (const auto& [code, alert] : m_alerts)
        if (!next.contains(code)) m_events.publish("alert_over", {{"code", code}});
    m_alerts = std::move(next);
}

std::vector<Alert> Alerts::list() const {
    std::vector<Alert> out;
    for (const auto& [code, alert] : m_alerts) out.push_back(alert);
    return out;
}

}    // namespace filfil::service
