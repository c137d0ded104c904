// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/scheduler.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace filfil::service {

/// What of all schedules outlives the daemon: which there are, how far each is, and the snapshots that were taken for
/// them, oldest first.
struct SavedSchedules {
    std::vector<ScheduleInfo> schedules;
    std::vector<std::int64_t> snapshots;
};

std::string text_of_schedules(const SavedSchedules& saved);

/// What cannot be read is left out.
SavedSchedules parse_schedules(std::string_view text);

/// The reason of a schedule's hold, and which schedule and epoch that names.
std::string hold_reason(const std::string& id, Epoch epoch);
std::optional<std::pair<std::string, Epoch>> parse_hold_reason(std::string_view reason);

}    // namespace filfil::service
