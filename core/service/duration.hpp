// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace filfil::service {

/// Reads "500ms", "30s", "5min", "2h", "7d" or "0": a whole number and a unit, up to 100 years.
/// @return Error::invalid_argument names the text and an example
Result<Clock::Duration> parse_duration(std::string_view text);

/// In the largest unit that divides it: "90s", "2h", "0s". Reads back with parse_duration; what is below a millisecond
/// is left out.
std::string format_duration_setting(Clock::Duration duration);

}    // namespace filfil::service
