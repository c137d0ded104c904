// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::service {

/// Tells systemd how a service is doing (sd_notify's protocol: datagrams to a Unix socket). Thread-safe.
class Notifier {
public:
    virtual ~Notifier() = default;

    /// @param state lines like "READY=1", "STATUS=…", "STOPPING=1", "WATCHDOG=1". Nobody is told of failures: the
    /// service goes on without
    virtual void notify(std::string_view state) noexcept = 0;
};

/// @param socket what $NOTIFY_SOCKET says: a path, or a name with '@' before it in Linux's abstract space; "" for one
/// that does nothing
/// @return Error::invalid_argument for what is neither or is too long, Error::io
Result<std::unique_ptr<Notifier>> open_notifier(std::string_view socket);

/// How often "WATCHDOG=1" has to be sent: half of what is asked for. Nothing where it is not, or of another process.
/// @param usec what $WATCHDOG_USEC says @param pid what $WATCHDOG_PID says, "" where it is not set
std::optional<Clock::Duration> watchdog_period(std::string_view usec, std::string_view pid, long own_pid) noexcept;

}    // namespace filfil::service
