// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace filfil::report {

/// `text`, which is UTF-8, as a JSON string, quotes included.
std::string json_text(std::string_view text);

/// Shortest text that reads back as the same number; "null" for what is not finite.
std::string json_number(double value);

/// One JSON object on one line, member by member: what a machine without a JSON library writes.
class JsonLine {
public:
    JsonLine& text(std::string_view name, std::string_view value) { return raw(name, json_text(value)); }
    JsonLine& number(std::string_view name, double value) { return raw(name, json_number(value)); }
    JsonLine& numbers(std::string_view name, std::span<const double> values);
    JsonLine& count(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }
    JsonLine& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }

    /// @param json a value that is JSON already
    JsonLine& raw(std::string_view name, std::string_view json);

    [[nodiscard]] std::string str() const { return "{" + m_members + "}"; }

private:
    std::string m_members;
};

}    // namespace filfil::report
