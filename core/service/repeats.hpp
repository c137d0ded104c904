// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace filfil::service {

/// Counts log messages that come again and again. Not thread-safe.
class Repeats {
public:
    /// @param period for which a message is not written again; 0: all are new
    explicit Repeats(Clock::Duration period) noexcept : m_period(period) {}

    struct Ended {
        LogLevel level;
        std::string module;
        std::string message;
        std::uint64_t times;    ///< beyond the first
        Clock::Duration over;
    };

    /// Those whose period is over and that came more than once, in the order in which they came first.
    std::vector<Ended> end_due(Clock::Duration now);
    std::vector<Ended> end_all(Clock::Duration now);

    /// Whether that message is to be written; else it is counted.
    bool is_new(Clock::Duration now, LogLevel level, const std::string& module, const std::string& message);

private:
    using Key = std::tuple<LogLevel, std::string, std::string>;
    struct Count {
        Clock::Duration first{};
        std::uint64_t order = 0;
        std::uint64_t times = 0;
    };

    std::vector<Ended> end(Clock::Duration now, bool all);

    Clock::Duration m_period;
    Clock::Duration m_next_due{};    ///< nothing is due before
    std::uint64_t m_order = 0;
    std::map<Key, Count> m_counts;
};

/// "the message (37 times more in 30.0 s)".
std::string text_of(const Repeats::Ended& repeat);

}    // namespace filfil::service
