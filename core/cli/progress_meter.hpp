// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/progress.hpp"
#include "cli/console.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::cli {

/// How fast something goes now: an average in which older samples fade (time constant 5 s), so that a hiccup does not
/// throw the remaining time about. Not thread-safe.
class RateEstimator {
public:
    /// @param seconds since the start of the operation; @param bytes done since then. Neither goes back.
    void sample(double seconds, std::uint64_t bytes) noexcept;

    /// Bytes a second; nothing before two seconds have been seen.
    [[nodiscard]] std::optional<double> rate() const noexcept;

private:
    double m_seconds = 0;
    std::uint64_t m_bytes = 0;
    double m_sum = 0;       ///< faded bytes a second
    double m_weight = 0;    ///< how much of the average the samples so far make up, 0 to 1
};

/// What a status line shows.
struct MeterState {
    std::string_view label;    ///< what is worked on, "[3/12] deal.car"
    std::uint64_t done = 0;
    std::optional<std::uint64_t> total;    ///< nothing for a stream
    std::optional<double> rate;            ///< bytes a second; nothing while it is estimated
};

/// "deal.car   43%  13.8 of 32.0 GiB  1.93 GiB/s  ETA 0:09", the label shortened in its middle so that it fits.
std::string meter_line(const MeterState& state, unsigned columns);

/// A progress line on the terminal, redrawn ten times a second by a thread of its own, and taken away at the end. Where
/// standard error is no terminal it only counts.
class ProgressMeter final : public Progress {
public:
    /// @param total bytes expected, nothing for a stream. `console` and `clock` must outlive the meter.
    ProgressMeter(Console& console, const Clock& clock, std::string label, std::optional<std::uint64_t> total);
    ~ProgressMeter() override;
    ProgressMeter(const ProgressMeter&) = delete;
    ProgressMeter& operator=(const ProgressMeter&) = delete;

    void advance(std::uint64_t bytes) noexcept override { m_done.fetch_add(bytes, std::memory_order_relaxed); }

    /// Names what is worked on from now on. Thread-safe.
    void set_label(std::string label);

    [[nodiscard]] std::uint64_t done() const noexcept { return m_done.load(std::memory_order_relaxed); }

private:
    void redraw(Executor& timer);

    Console& m_console;
    const Clock& m_clock;
    const Clock::Duration m_start;
    const std::optional<std::uint64_t> m_total;
    std::atomic<std::uint64_t> m_done{0};
    std::mutex m_mutex;
    std::string m_label;
    RateEstimator m_estimator;
    std::unique_ptr<ThreadPool> m_timer;
};

}    // namespace filfil::cli
