// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cmath>

namespace filfil::service {

/// Seconds for JSON, to the millisecond.
inline double seconds_of(Clock::Duration time) noexcept {
    return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) / 1000;
}

/// Seconds that were measured, to the microsecond.
inline double rounded_seconds(double seconds) noexcept { return std::round(seconds * 1e6) / 1e6; }

}    // namespace filfil::service
