// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/json_line.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace filfil::report {

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (const auto byte = static_cast<unsigned char>(c); byte >= ' ') {
            out += c;
        } else {
            constexpr std::string_view digits = "0123456789abcdef";
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out + '"';
}

std::string json_number(double value) {
    if (!std::isfinite(value)) return "null";
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), end.ptr};
}

JsonLine& JsonLine::numbers(std::string_view name, std::span<const double> values) {
    std::string list;
    for (const double value : values) list += (list.empty() ? "" : ", ") + json_number(value);
    return raw(name, "[" + list + "]");
}

JsonLine& JsonLine::raw(std::string_view name, std::string_view json) {
    m_members += (m_members.empty() ? "" : ", ") + json_text(name) + ": ";
    m_members += json;
    return *this;
}

}    // namespace filfil::report
