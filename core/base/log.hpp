// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string_view>

namespace filfil {

enum class LogLevel { debug, info, warning, error };

/// Where core's messages go: it never prints by itself. Implementations are thread-safe and do not throw.
class LogSink {
public:
    virtual ~LogSink() = default;

    /// @param module the folder that speaks, e.g. "commp"
    virtual void write(LogLevel level, std::string_view module, std::string_view message) noexcept = 0;
};

/// Drops everything.
class NullLogSink final : public LogSink {
public:
    void write(LogLevel, std::string_view, std::string_view) noexcept override {}
};

}    // namespace filfil
