// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "rpc/json.hpp"
#include "service/event_bus.hpp"

#include <map>
#include <string>
#include <vector>

namespace filfil::service {

/// Something that somebody should look at. It stays until it is so no more.
struct Alert {
    enum class Severity : std::uint8_t { warning, error };
    std::string code;    ///< "disk_behind": names it for programs, and the same again
    Severity severity = Severity::warning;
    std::string message;
    std::string remedy{};
    Clock::Duration since{};    ///< wall clock
};

/// {"code", "severity", "message", "remedy", "since"}
rpc::Json json_of(const Alert& alert);

/// The alerts there are, and since when each. Publishes "alert" and "alert_over". On the loop only.
class Alerts {
public:
    Alerts(const Clock& clock, EventBus& events) : m_clock(clock), m_events(events) {}

    /// What holds now, in place of what held before. @param now without `since`; a code stands once
    void set(std::vector<Alert> now);

    /// In the order of their codes.
    [[nodiscard]] std::vector<Alert> list() const;

private:
    const Clock& m_clock;
    EventBus& m_events;
    std::map<std::string, Alert> m_alerts;
};

}    // namespace filfil::service
