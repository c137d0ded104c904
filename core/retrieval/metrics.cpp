// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/metrics.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <unordered_map>

namespace filfil::retrieval {
namespace {

std::string escape(std::string_view text, bool quoted) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quoted)
            out += "\\\"";
        else
            out += c;
    }
    return out;
}

std::string text_of_value(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    std::array<char, 32> out;
    constexpr double exact = 9007199254740992.0;    // 2^53
    const bool whole = std::abs(value) < exact && std::trunc(value) == value;
    const auto end = whole ? std::to_chars(out.data(), out.data() + out.size(), static_cast<long long>(value))
                           : std::to_chars(out.data(), out.data() + out.size(), value);
    return {out.data(), end.ptr};
}

std::string line_of(const Metric& metric) {
    std::string out = metric.name;
    char before = '{';
    for (const auto& [name, value] : metric.labels) {
        out += before;
        out += name + "=\"" + escape(value, true) + "\"";
        before = ',';
    }
    if (!metric.labels.empty()) out += '}';
    return out + ' ' + text_of_value(metric.value) + '\n';
}

}    // namespace

std::string prometheus_text(const std::vector<Metric>& metrics) {
    // One name after the other, each where it first stood.
    std::unordered_map<std::string, std::size_t> places;
    std::vector<std::string> blocks;
    for (const Metric& metric : metrics) {
        const auto [place, is_new] = places.try_emplace(metric.name, blocks.size());
        if (is_new)
            blocks.push_back("# HELP " + metric.name + ' ' + escape(metric.help, false) + "\n# TYPE " + metric.name +
                             (metric.kind == Metric::Kind::counter ? " counter\n" : " gauge\n"));
        blocks[place->second] += line_of(metric);
    }
    std::string out;
    for (const std::string& block : blocks) out += block;
    return out;
}

}    // namespace filfil::retrieval
