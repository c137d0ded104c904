// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/smi.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace filfil::bench {
namespace {

/// The first line that a command prints, "" where it fails.
std::string first_line_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>/dev/null").c_str(), "r"), &::pclose);
    if (pipe == nullptr) return "";
    std::array<char, 512> buffer{};
    if (std::fgets(buffer.data(), buffer.size(), pipe.get()) == nullptr) return "";
    std::string line(buffer.data());
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return line;
}

std::string query(unsigned card, std::string_view fields) {
    return first_line_of("nvidia-smi --id=" + std::to_string(card) + " --query-gpu=" + std::string(fields) +
                         " --format=csv,noheader,nounits");
}

constexpr std::array<std::string_view, 9> fields{"driver_version",
                                                 "clocks.sm",
                                                 "clocks.max.sm",
                                                 "clocks.mem",
                                                 "power.draw",
                                                 "power.limit",
                                                 "temperature.gpu",
                                                 "pcie.link.gen.current",
                                                 "pcie.link.width.current"};

}    // namespace

std::vector<std::pair<std::string, std::string>> ask_smi(unsigned card) {
    std::string all;
    for (const std::string_view field : fields) all.append(all.empty() ? "" : ",").append(field);
    std::string line = query(card, all);
    std::vector<std::pair<std::string, std::string>> out;
    for (const std::string_view field : fields) {
        // Each by itself where that gave nothing: one field that a driver does not know takes the others with it.
        const std::size_t comma = std::min(line.find(", "), line.size());
        std::string value = line.empty() ? query(card, field) : line.substr(0, comma);
        if (!line.empty()) line.erase(0, comma + 2);
        if (value.empty() && out.empty()) return {};
        if (!value.empty()) out.emplace_back(field, std::move(value));
    }
    return out;
}

double ask_clock(unsigned card) { return std::strtod(query(card, "clocks.sm").c_str(), nullptr) * 1e6; }

}    // namespace filfil::bench
