// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace filfil {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t bytes;
};

constexpr std::uint64_t TiB = 1024 * GiB;
// clang-format off
constexpr std::array<Unit, 14> known_units{{
    {"", 1}, {"B", 1},
    {"KiB", KiB}, {"MiB", MiB}, {"GiB", GiB}, {"TiB", TiB},
    {"K", KiB}, {"M", MiB}, {"G", GiB}, {"T", TiB},
    {"kB", 1000}, {"MB", 1000'000}, {"GB", 1000'000'000}, {"TB", 1000'000'000'000}}};
// clang-format on
constexpr std::array<Unit, 4> print_units{{{"TiB", TiB}, {"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}}};

}    // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
    const auto bad = [&](std::string_view why) {
        return Error(ErrorCode::invalid_argument, "size '" + std::string(text) + "' " + std::string(why),
                     "give a number with a unit, for example 32GiB, 512MiB or 1048576");
    };
    const std::size_t digits_end = text.find_first_not_of("0123456789.");
    const std::string_view number = text.substr(0, digits_end);
    std::string_view unit = digits_end == std::string_view::npos ? std::string_view{} : text.substr(digits_end);
    if (unit.starts_with(' ')) unit.remove_prefix(1);
    if (number.empty()) return bad("does not begin with a number");
    const Unit* found = nullptr;
    for (const Unit& u : known_units)
        if (u.name == unit) found = &u;
    if (found == nullptr) return bad("has an unknown unit '" + std::string(unit) + "'");

    // Whole numbers are read exactly; only a fraction goes through floating point.
    std::uint64_t whole = 0;
    const auto [end, status] = std::from_chars(number.data(), number.data() + number.size(), whole);
    if (status == std::errc::result_out_of_range || whole > std::numeric_limits<std::uint64_t>::max() / found->bytes)
        return bad("is larger than 2^64 bytes");
    if (status == std::errc{} && end == number.data() + number.size()) return whole * found->bytes;
    double value = 0;
    const auto [fraction_end, fraction_status] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (fraction_status != std::errc{} || fraction_end != number.data() + number.size()) return bad("is not a number");
    const double bytes = value * static_cast<double>(found->bytes);
    if (bytes >= 18446744073709551616.0) return bad("is larger than 2^64 bytes");
    if (bytes != std::floor(bytes)) return bad("is not a whole number of bytes");
    return static_cast<std::uint64_t>(bytes);
}

std::string format_size(std::uint64_t bytes) {
    for (const Unit& u : print_units)
        if (bytes >= u.bytes && bytes % u.bytes == 0) return std::to_string(bytes / u.bytes) + std::string(u.name);
    for (const Unit& u : print_units) {
        if (bytes < u.bytes) continue;
        const double value = static_cast<double>(bytes) / static_cast<double>(u.bytes);
        std::array<char, 48> text{};
        std::snprintf(text.data(), text.size(), "%.*f ", value < 10 ? 2 : value < 100 ? 1 : 0, value);
        return std::string(text.data()).append(u.name);
    }
    return std::to_string(bytes) + "B";
}

std::string format_duration(double seconds) {
    std::array<char, 48> text{};
    if (seconds < 60) {
        std::snprintf(text.data(), text.size(), seconds < 10 ? "%.2f s" : "%.1f s", seconds);
    } else if (seconds < 3600) {
        const auto whole = static_cast<long long>(seconds);
        std::snprintf(text.data(), text.size(), "%lld min %02lld s", whole / 60, whole % 60);
    } else {
        const auto minutes = static_cast<long long>(seconds / 60);
        std::snprintf(text.data(), text.size(), "%lld h %02lld min", minutes / 60, minutes % 60);
    }
    return text.data();
}

}    // namespace filfil
