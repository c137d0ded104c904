// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace filfil::cli {

void emit(Context& context, const Json& object) {
    context.console.out(object.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

void print(Context& context, std::string_view text) {
    if (!context.json) context.console.out(text);
}

Json json_of(const Error& error) {
    return {{"code", name_of(error.code)}, {"message", error.message}, {"remedy", error.remedy}};
}

int fail(Context& context, const Error& error, Json about) {
    // Work that was stopped because nobody reads its results is no news to anybody.
    if (error.code == ErrorCode::cancelled && context.console.out_failure()) return exit_failure;
    std::string text = "fil-fil: " + error.message + '\n';
    if (!error.remedy.empty()) text += "  -> " + error.remedy + '\n';
    context.console.err(text);
    if (context.json) {
        about["error"] = json_of(error);
        emit(context, about);
    }
    return exit_failure;
}

void hint(Context& context, std::string_view text) {
    context.console.err("fil-fil: note: " + std::string(text) + '\n');
}

double rounded(double value, int decimals) {
    const double scale = std::pow(10.0, decimals);
    return std::round(value * scale) / scale;
}

std::string table(std::string_view title, const std::vector<std::pair<std::string, std::string>>& rows) {
    std::size_t width = 0;
    for (const auto& [name, value] : rows) width = std::max(width, name.size());
    std::string out(title);
    out += '\n';
    for (const auto& [name, value] : rows)
        out += "  " + name + std::string(width - name.size() + 2, ' ') + value + '\n';
    return out;
}

std::string grouped(std::uint64_t value) {
    std::string out = std::to_string(value);
    for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
    return out;
}

std::string bytes_for_people(std::uint64_t bytes) {
    std::string out = grouped(bytes) + (bytes == 1 ? " byte" : " bytes");
    if (bytes < KiB) return out;
    // The exact number stands there already: "113 MiB" says more beside it than "115704KiB".
    std::string size = format_size(bytes);
    constexpr std::size_t longest = std::string_view("1024GiB").size();
    if (size.size() > longest && size.find(' ') == std::string::npos) size = format_size(bytes + 1);
    return out + " (" + size + ')';
}

std::string rate_for_people(double gib_per_s) {
    if (!(gib_per_s > 0)) return "";
    std::array<char, 48> text{};
    if (gib_per_s < 0.1)
        std::snprintf(text.data(), text.size(), "%.1f MiB/s", gib_per_s * 1024);
    else
        std::snprintf(text.data(), text.size(), "%.2f GiB/s", gib_per_s);
    return text.data();
}

}    // namespace filfil::cli
