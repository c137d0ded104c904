// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/progress_meter.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

namespace filfil::cli {
namespace {

constexpr double fade_seconds = 5;
constexpr double estimating_seconds = 2;
constexpr auto redraw_interval = std::chrono::milliseconds(100);

struct Scale {
    std::uint64_t unit;
    const char* name;
};

Scale scale_of(std::uint64_t bytes) noexcept {
    if (bytes >= GiB) return {GiB, "GiB"};
    if (bytes >= MiB) return {MiB, "MiB"};
    if (bytes >= KiB) return {KiB, "KiB"};
    return {1, "B"};
}

/// Always one decimal above bytes, so that the line does not jump about while the figure grows.
std::string in_units(std::uint64_t bytes, const Scale& scale, bool with_name) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", scale.unit == 1 ? 0 : 1,
                  static_cast<double>(bytes) / static_cast<double>(scale.unit));
    return with_name ? std::string(text.data()) + ' ' + scale.name : std::string(text.data());
}

std::string remaining_time(double seconds) {
    std::array<char, 48> text{};
    if (!(seconds < 100.0 * 3600)) return "ETA > 4 days";
    const auto whole = static_cast<long long>(std::ceil(seconds));
    if (whole >= 3600)
        std::snprintf(text.data(), text.size(), "ETA %lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        std::snprintf(text.data(), text.size(), "ETA %lld:%02lld", whole / 60, whole % 60);
    return text.data();
}

bool starts_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

std::size_t characters_in(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

/// Ends of paths tell files apart, beginnings tell folders: the middle goes. Cuts between UTF-8 characters. What would
/// move a terminal's cursor is shown as '?'.
std::string shortened(std::string_view text, std::size_t width) {
    std::string safe(text);
    for (char& c : safe)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    const std::size_t length = characters_in(safe);
    if (length <= width) return safe;
    if (width < 5) return "";
    const std::size_t head = (width - 3) / 3;
    const std::size_t tail = width - 3 - head;
    std::string out;
    std::size_t index = 0;
    bool cut = false;
    for (const char c : safe) {
        if (starts_character(c)) ++index;
        if (index <= head || index > length - tail) {
            out += c;
        } else if (!std::exchange(cut, true)) {
            out += "...";
        }
    }
    return out;
}

}    // namespace

void RateEstimator::sample(double seconds, std::uint64_t bytes) noexcept {
    const double elapsed = seconds - m_seconds;
    if (!(elapsed > 0)) return;
    const double now = static_cast<double>(bytes - m_bytes) / elapsed;
    const double share = 1 - std::exp(-elapsed / fade_seconds);
    m_sum += share * (now - m_sum);
    m_weight += share * (1 - m_weight);
    m_seconds = seconds;
    m_bytes = bytes;
}

std::optional<double> RateEstimator::rate() const noexcept {
    if (m_seconds < estimating_seconds) return std::nullopt;
    return m_sum / m_weight;
}

std::string meter_line(const MeterState& state, unsigned columns) {
    std::string figures;
    if (state.total) {
        const std::uint64_t done = std::min(state.done, *state.total);
        const Scale scale = scale_of(*state.total);
        const double share = *state.total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(*state.total);
        std::array<char, 16> percent{};
        // Rounded down: 100 % means finished.
        std::snprintf(percent.data(), percent.size(), "%3d%%", static_cast<int>(share * 100));
        figures = percent.data() + std::string("  ") + in_units(done, scale, false) + " of " +
                  in_units(*state.total, scale, true);
    } else {
        figures = in_units(state.done, scale_of(state.done), true);
    }
    if (!state.rate) {
        figures += "  estimating";
    } else {
        const auto rate = static_cast<std::uint64_t>(std::max(0.0, *state.rate));
        figures += "  " + in_units(rate, scale_of(rate), true) + "/s";
        if (state.total) {
            const std::uint64_t left = *state.total - std::min(state.done, *state.total);
            figures += rate == 0 && left != 0
                           ? "  stalled"
                           : "  " + remaining_time(left == 0 ? 0 : static_cast<double>(left) / *state.rate);
        }
    }
    if (figures.size() >= columns) return figures.substr(0, columns);
    const std::size_t room = columns - figures.size();
    const std::string label = room < 2 ? "" : shortened(state.label, room - 2);
    return label.empty() ? figures : label + "  " + figures;
}

ProgressMeter::ProgressMeter(Console& console, const Clock& clock, std::string label,
                             std::optional<std::uint64_t> total)
    : m_console(console), m_clock(clock), m_start(clock.steady()), m_total(total), m_label(std::move(label)) {
    if (!console.err_is_terminal()) return;
    // Its own thread: those that hash are busy to the end and would never come to draw.
    m_timer = std::make_unique<ThreadPool>(1);
    m_timer->post_after(redraw_interval, [this, timer = m_timer.get()] { redraw(*timer); });
}

ProgressMeter::~ProgressMeter() {
    m_timer.reset();
    m_console.status("");
}

void ProgressMeter::set_label(std::string label) {
    const std::scoped_lock lock(m_mutex);
    m_label = std::move(label);
}

void ProgressMeter::redraw(Executor& timer) {
    {
        const std::scoped_lock lock(m_mutex);
        const std::uint64_t bytes = done();
        m_estimator.sample(seconds_between(m_start, m_clock.steady()), bytes);
        m_console.status(meter_line({m_label, bytes, m_total, m_estimator.rate()}, m_console.columns()));
    }
    timer.post_after(redraw_interval, [this, &timer] { redraw(timer); });
}

}    // namespace filfil::cli
