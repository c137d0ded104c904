// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/output.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace filfil::cli {

/// "2026-11-27 14:30 UTC", or of this machine's zone with its name: "2026-11-27 15:30 CET".
/// @param seconds since 1970. @return "" for what no calendar has
std::string utc_text(std::int64_t seconds);
std::string local_text(std::int64_t seconds);

/// "5,000,000 (2026-11-27 15:30 CET, 2026-11-27 14:30 UTC)"; the local time is left out where it is UTC, both where the
/// time is not known.
std::string epoch_text(std::int64_t epoch, std::optional<std::int64_t> seconds);

/// The same of two fields of an object, e.g. "open_epoch" and "open_time" (null where it is not known); "" without the
/// epoch.
std::string epoch_at(const Json& object, const char* epoch, const char* time);

/// "in 3 h 12 min", "12 min ago", "now".
std::string from_now_text(std::int64_t seconds, std::int64_t now);

}    // namespace filfil::cli
