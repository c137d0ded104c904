// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace filfil::service {
namespace {

using std::chrono::milliseconds;

struct Unit {
    std::string_view name;
    std::int64_t ms;
};

constexpr std::array<Unit, 5> units{{{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::int64_t most_ms = std::int64_t{100} * 365 * 86'400'000;

}    // namespace

Result<Clock::Duration> parse_duration(std::string_view text) {
    const auto bad = [&](std::string_view why) {
        return Error(ErrorCode::invalid_argument, "duration '" + std::string(text) + "' " + std::string(why),
                     "give a whole number with ms, s, min, h or d, for example 500ms, 30s or 2h");
    };
    if (text == "0") return Clock::Duration{};
    std::int64_t number = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (status == std::errc::result_out_of_range) return bad("is longer than 100 years");
    if (status != std::errc{} || number < 0) return bad("does not begin with a number");
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit.starts_with(' ')) unit.remove_prefix(1);
    if (unit.empty()) return bad("has no unit");
    for (const Unit& known : units) {
        if (known.name != unit) continue;
        if (number > most_ms / known.ms) return bad("is longer than 100 years");
        return Clock::Duration(milliseconds(number * known.ms));
    }
    return bad("has an unknown unit");
}

std::string format_duration_setting(Clock::Duration duration) {
    const std::int64_t ms = std::chrono::duration_cast<milliseconds>(duration).count();
    if (ms == 0) return "0s";
    for (const Unit& unit : units)
        if (ms % unit.ms == 0) return std::to_string(ms / unit.ms) + std::string(unit.name);
    return std::to_string(ms) + "ms";
}

}    // namespace filfil::service
