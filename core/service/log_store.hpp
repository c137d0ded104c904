// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// "debug", "info", "warning", "error".
std::string_view name_of(LogLevel level) noexcept;
/// @return Error::invalid_argument lists the four
Result<LogLevel> parse_log_level(std::string_view name);

struct LogRecord {
    std::uint64_t sequence = 0;    ///< from 1
    Clock::Duration time{};        ///< wall clock
    LogLevel level = LogLevel::info;
    std::string module;
    std::string message;    ///< one line: control characters are written as \n or \x1b
};

struct LogQuery {
    LogLevel level = LogLevel::debug;        ///< and above
    std::string module{};                    ///< "": any
    std::string text{};                      ///< stands in the message, in any case of letters a to z; "": any
    std::optional<std::uint64_t> after{};    ///< a sequence: the first records after it; nothing: the last ones
    std::size_t limit = 1000;
};

struct LogStoreOptions {
    std::size_t records = 10'000;                          ///< kept; older ones are forgotten
    std::size_t message_bytes = 4096;                      ///< of a message; what is longer is cut
    LogLevel level = LogLevel::info;                       ///< what is below is dropped
    Clock::Duration repeats = std::chrono::seconds(30);    ///< the same message again within so long is only counted
};

/// The last log messages, to be looked at by the API, on their way to files or a terminal. A message that is the same
/// as one of the last 30 s is not written again: "… (37 times more in 30 s)" comes when that time is over and something
/// is written, so that a node that fails does not flood the log. Thread-safe.
class LogStore final : public LogSink {
public:
    /// @param next gets what is written, in order; may be null. Both must outlive the store
    explicit LogStore(const Clock& clock, LogSink* next = nullptr, LogStoreOptions options = {});
    ~LogStore() override;

    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override;

    /// Matching records, oldest first, at most `limit`.
    [[nodiscard]] std::vector<LogRecord> query(const LogQuery& query) const;

    /// Of the newest record; 0 where there is none.
    [[nodiscard]] std::uint64_t last() const;

    void set_level(LogLevel level) noexcept;
    [[nodiscard]] LogLevel level() const noexcept;

    /// Whom records go to from now on, e.g. a file that could be opened only after the store was made. Null for none.
    void set_next(LogSink* next);

    /// Writes counts of repeated messages that are still open: before the end.
    void flush() noexcept;

    /// Ends what it stands for when destroyed: its handler is not running then, and is not called any more.
    class Subscription {
    public:
        virtual ~Subscription() = default;
    };

    /// @param handler gets every record from now on, in order, on the thread that wrote one of them; must be quick. It
    /// may write to the log. The subscription may outlive the store
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::function<void(const LogRecord&)> handler);

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::service
