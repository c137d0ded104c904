// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <chrono>

namespace filfil {

/// The only source of time in core, given from outside so that a simulation can run on virtual time. Thread-safe.
class Clock {
public:
    using Duration = std::chrono::nanoseconds;

    virtual ~Clock() = default;

    /// Time since an arbitrary start; never goes back. For intervals, rates and deadlines.
    [[nodiscard]] virtual Duration steady() const = 0;

    /// Time since 1970-01-01 UTC; may jump. For what people read and for epochs.
    [[nodiscard]] virtual Duration wall() const = 0;
};

/// The operating system's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Duration steady() const override { return std::chrono::steady_clock::now().time_since_epoch(); }
    [[nodiscard]] Duration wall() const override { return std::chrono::system_clock::now().time_since_epoch(); }
};

inline double seconds_between(Clock::Duration from, Clock::Duration to) noexcept {
    return std::chrono::duration<double>(to - from).count();
}

}    // namespace filfil
