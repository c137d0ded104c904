// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/memory_gauge.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace filfil::service {
namespace {

constexpr double day = 24;
constexpr double week = 7 * day;
constexpr double little_left = 0.05;    ///< of the limit

struct Line {
    double slope = 0;    ///< bytes an hour
    double noise = 0;    ///< standard deviation from the line, bytes
};

/// The line of least squares through values[from…] over hours.
Line fit(const std::vector<double>& hours, const std::vector<double>& values, std::size_t from) {
    const auto n = static_cast<double>(hours.size() - from);
    double mean_x = 0;
    double mean_y = 0;
    for (std::size_t i = from; i < hours.size(); ++i) {
        mean_x += hours[i] / n;
        mean_y += values[i] / n;
    }
    double xx = 0;
    double xy = 0;
    for (std::size_t i = from; i < hours.size(); ++i) {
        xx += (hours[i] - mean_x) * (hours[i] - mean_x);
        xy += (hours[i] - mean_x) * (values[i] - mean_y);
    }
    Line out;
    if (xx <= 0) return out;
    out.slope = xy / xx;
    double squares = 0;
    for (std::size_t i = from; i < hours.size(); ++i) {
        const double off = values[i] - mean_y - out.slope * (hours[i] - mean_x);
        squares += off * off;
    }
    out.noise = std::sqrt(squares / n);
    return out;
}

/// The growth that can be counted on: the least of that over everything, over the latter half and over the last
/// quarter; 0 where it does not stand out from the ups and downs.
double steady_growth(const std::vector<double>& hours, const std::vector<double>& values) {
    const std::size_t n = values.size();
    const Line whole = fit(hours, values, 0);
    const double slope = std::min({whole.slope, fit(hours, values, n / 2).slope, fit(hours, values, n - n / 4).slope});
    const double grown = slope * (hours.back() - hours.front());
    return slope > 0 && grown > 2 * whole.noise ? slope : 0;
}

std::string size_text(double bytes) {
    constexpr auto mib = static_cast<double>(MiB);
    constexpr auto gib = static_cast<double>(GiB);
    std::array<char, 48> text{};
    if (bytes < 0.99 * gib)
        std::snprintf(text.data(), text.size(), "%.0f MiB", bytes / mib);
    else
        std::snprintf(text.data(), text.size(), "%.1f GiB", bytes / gib);
    return text.data();
}

std::string time_text(double hours) {
    std::array<char, 48> text{};
    if (hours < 1)
        std::snprintf(text.data(), text.size(), "%.0f minutes", hours * 60);
    else if (hours < 2 * day)
        std::snprintf(text.data(), text.size(), "%.0f hours", hours);
    else
        std::snprintf(text.data(), text.size(), "%.0f days", hours / day);
    return text.data();
}

}    // namespace

std::string_view name_of(MemoryForecast::State state) noexcept {
    switch (state) {
        case MemoryForecast::State::unknown: return "unknown";
        case MemoryForecast::State::ok: return "ok";
        case MemoryForecast::State::growing: return "growing";
        case MemoryForecast::State::low: return "low";
        case MemoryForecast::State::over: return "over";
    }
    return "unknown";
}

MemoryGauge::MemoryGauge(MemoryGaugeOptions options) : m_options(options) {}

void MemoryGauge::add(Clock::Duration at, const MemoryReading& reading, std::uint64_t store_bytes) {
    if (reading.rss == 0) return;
    m_last = reading;
    const Sample sample{at, static_cast<double>(reading.rss), static_cast<double>(store_bytes)};
    if (m_samples.size() > 1 && at - m_samples[m_samples.size() - 2].at < m_options.every)
        m_samples.back() = sample;
    else
        m_samples.push_back(sample);
    while (at - m_samples.front().at > m_options.window) m_samples.pop_front();
}

void MemoryGauge::restart() noexcept { m_samples.clear(); }

MemoryForecast MemoryGauge::forecast(std::optional<Clock::Duration> levels_off) const {
    MemoryForecast out;
    if (m_last.rss == 0) {
        out.sentence = "how much memory is in use is not known";
        return out;
    }
    out.used = m_last.rss;
    out.limit = m_last.total == 0 ? 0 : m_last.rss + m_last.available;
    if (m_options.limit != 0) out.limit = out.limit == 0 ? m_options.limit : std::min(out.limit, m_options.limit);
    const bool limit_was_set = m_options.limit != 0 && out.limit == m_options.limit;
    const auto used = static_cast<double>(out.used);
    const auto limit = static_cast<double>(out.limit);

    constexpr std::size_t least_samples = 8;
    if (m_samples.size() >= least_samples && m_samples.back().at - m_samples.front().at >= m_options.least) {
        std::vector<double> hours, rss, store;
        for (const Sample& sample : m_samples) {
            hours.push_back(std::chrono::duration<double, std::ratio<3600>>(sample.at - m_samples.front().at).count());
            rss.push_back(sample.rss);
            store.push_back(sample.store);
        }
        out.store_bytes_an_hour = fit(hours, store, 0).slope;
        out.bytes_an_hour = steady_growth(hours, rss);
    }
    if (out.limit != 0 && out.bytes_an_hour > 0 && used < limit) {
        const double left = (limit - used) / out.bytes_an_hour;
        const double grows_for =
            levels_off ? std::chrono::duration<double, std::ratio<3600>>(*levels_off).count() : left + 1;
        if (left <= grows_for) out.hours_left = left;
    }

    using State = MemoryForecast::State;
    const std::string of = size_text(used) + (out.limit == 0 ? "" : " of " + size_text(limit));
    out.state = State::ok;
    out.sentence = of + " are in use";
    if (out.limit == 0) return out;
    if (used > limit) {
        out.state = State::over;
        out.sentence += ", more than the limit";
    } else if (out.hours_left && *out.hours_left <= week) {
        out.state = *out.hours_left <= day ? State::low : State::growing;
        out.sentence += ", growing by " + size_text(out.bytes_an_hour) + " an hour: memory runs out in about " +
                        time_text(*out.hours_left);
    } else if (limit - used < little_left * limit) {
        out.state = State::low;
        out.sentence += ", which leaves little";
    }
    if (out.state != State::ok)
        out.remedy = std::string("lower chain.recent_stateroots or chain.slack, release holds, ") +
                     (limit_was_set ? "raise memory.limit, or " : "") + "give the machine more memory";
    return out;
}

}    // namespace filfil::service
