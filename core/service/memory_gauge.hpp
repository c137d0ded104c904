// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// Bytes at one moment; all 0 where they could not be found out.
struct MemoryReading {
    std::uint64_t rss = 0;          ///< of this process in memory
    std::uint64_t available = 0;    ///< that it could have beside
    std::uint64_t total = 0;        ///< of the machine, or of the group of processes that this one is confined to
    bool operator==(const MemoryReading&) const = default;
};

/// How the memory stands and where it goes.
struct MemoryForecast {
    enum class State : std::uint8_t {
        unknown,    ///< no readings yet
        ok,
        growing,    ///< at this rate it runs out within a week
        low,        ///< at this rate within a day, or less than 5 % is left
        over,       ///< more than the limit is in use
    };
    State state = State::unknown;
    std::uint64_t used = 0;     ///< bytes of the process
    std::uint64_t limit = 0;    ///< bytes it can have: what was set, or what the machine gives, whichever is less
    double store_bytes_an_hour = 0;        ///< growth of the block store; below 0 it shrinks
    double bytes_an_hour = 0;              ///< of the process, as far as it is steady: what the forecast goes by
    std::optional<double> hours_left{};    ///< until the limit is reached; nothing where that is not to be expected
    std::string sentence{};                ///< for people
    std::string remedy{};                  ///< "" where nothing is to be done
};

std::string_view name_of(MemoryForecast::State state) noexcept;

struct MemoryGaugeOptions {
    std::uint64_t limit = 0;                             ///< bytes that were set; 0: none
    Clock::Duration window = std::chrono::hours(6);      ///< that the growth is taken from
    Clock::Duration least = std::chrono::minutes(30);    ///< of readings before anything is foretold
    Clock::Duration every = std::chrono::minutes(1);     ///< readings that come sooner take the last one's place
};

/// Foretells when memory runs out, from the growth of the last hours (least squares). A store that churns, and one that
/// has grown and levels off, is not growing: what counts is the least of the growth over the whole window and over its
/// latter parts, and it has to stand out from the ups and downs. Not thread-safe.
class MemoryGauge {
public:
    explicit MemoryGauge(MemoryGaugeOptions options = {});

    /// @param at steady clock, never less than before
    void add(Clock::Duration at, const MemoryReading& reading, std::uint64_t store_bytes);

    /// Forgets the readings: after a bootstrap, whose growth says nothing.
    void restart() noexcept;

    /// @param levels_off how long the store goes on growing anyway, because its window of epochs is not full yet: if
    /// there is room for that, memory is not running out
    [[nodiscard]] MemoryForecast forecast(std::optional<Clock::Duration> levels_off = std::nullopt) const;

    [[nodiscard]] std::size_t samples() const noexcept { return m_samples.size(); }

private:
    struct Sample {
        Clock::Duration at{};
        double rss = 0;
        double store = 0;
    };

    MemoryGaugeOptions m_options;
    MemoryReading m_last{};
    std::deque<Sample> m_samples;
};

}    // namespace filfil::service
