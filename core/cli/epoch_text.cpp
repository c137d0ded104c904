// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/epoch_text.hpp"

#include "base/units.hpp"

#include <array>
#include <cmath>
#include <ctime>
#include <utility>

namespace filfil::cli {
namespace {

std::string text_of(const std::tm& time, const char* format) {
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &time)};
}

}    // namespace

std::string utc_text(std::int64_t seconds) {
    if (!std::in_range<std::time_t>(seconds)) return "";
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    return gmtime_r(&time, &parts) == nullptr ? "" : text_of(parts, "%Y-%m-%d %H:%M UTC");
}

std::string local_text(std::int64_t seconds) {
    if (!std::in_range<std::time_t>(seconds)) return "";
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    return localtime_r(&time, &parts) == nullptr ? "" : text_of(parts, "%Y-%m-%d %H:%M %Z");
}

std::string epoch_text(std::int64_t epoch, std::optional<std::int64_t> seconds) {
    std::string out = epoch < 0 ? std::to_string(epoch) : grouped(static_cast<std::uint64_t>(epoch));
    if (!seconds) return out;
    const std::string utc = utc_text(*seconds);
    const std::string local = local_text(*seconds);
    if (utc.empty()) return out;
    return out + " (" + (local == utc || local.empty() ? "" : local + ", ") + utc + ")";
}

std::string epoch_at(const Json& object, const char* epoch, const char* time) {
    const auto number = object.find(epoch);
    if (number == object.end() || !number->is_number_integer()) return "";
    const auto at = object.find(time);
    const bool known = at != object.end() && at->is_number();
    return epoch_text(number->get<std::int64_t>(),
                      known ? std::optional(static_cast<std::int64_t>(std::llround(at->get<double>()))) : std::nullopt);
}

std::string from_now_text(std::int64_t seconds, std::int64_t now) {
    const std::int64_t away = seconds - now;
    if (away > -1 && away < 1) return "now";
    const std::string text = format_duration(std::abs(static_cast<double>(away)));
    return away > 0 ? "in " + text : text + " ago";
}

}    // namespace filfil::cli
