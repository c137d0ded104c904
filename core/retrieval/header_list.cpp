// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/header_list.hpp"

#include <algorithm>
#include <cstdint>

namespace filfil::retrieval {
namespace {

constexpr unsigned full_weight = 1000;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// An element of a list with weights: its name, what follows it, and its weight.
struct Weighed {
    std::string_view name;
    std::string_view parameters;    ///< ";" between them; "q" is one of them
    unsigned weight = full_weight;
    bool valid = true;
};

struct Parameter {
    std::string_view name;
    std::string_view value;    ///< without its quotes
};

Parameter take_parameter(std::string_view& parameters) noexcept {
    const std::string_view text = take_element(parameters, ';');
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return {text, {}};
    std::string_view value = trim_field(text.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return {trim_field(text.substr(0, equals)), value};
}

Weighed weigh(std::string_view element) noexcept {
    Weighed out;
    out.name = take_element(element, ';');
    out.parameters = element;
    for (std::string_view rest = element; !rest.empty();) {
        const Parameter parameter = take_parameter(rest);
        if (!same_word(parameter.name, "q")) continue;
        const auto weight = parse_weight(parameter.value);
        out.weight = weight.value_or(0);
        out.valid = weight.has_value();
    }
    return out;
}

bool is_car_of_version_1(const Weighed& type) noexcept {
    if (!same_word(type.name, "application/vnd.ipld.car")) return false;
    for (std::string_view rest = type.parameters; !rest.empty();) {
        const Parameter parameter = take_parameter(rest);
        if (same_word(parameter.name, "version") && parameter.value != "1") return false;
    }
    return true;
}

}    // namespace

std::optional<std::string> joined_fields(const HttpFields& fields, std::string_view name) {
    std::optional<std::string> out;
    for (const auto& [field, value] : fields) {
        if (!same_word(field, name)) continue;
        if (out)
            out->append(", ").append(value);
        else
            out = value;
    }
    return out;
}

std::string_view trim_field(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_word(std::string_view a, std::string_view b) noexcept { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view take_element(std::string_view& list, char separator) noexcept {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < list.size(); ++end) {
        const char c = list[end];
        if (c == '"') quoted = !quoted;
        if (c == '\\' && quoted) ++end;
        if (c == separator && !quoted) break;
    }
    end = std::min(end, list.size());
    const std::string_view element = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    return trim_field(element);
}

std::optional<unsigned> parse_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    unsigned out = text[0] == '1' ? full_weight : 0;
    unsigned place = full_weight / 10;
    for (std::size_t i = 2; i < text.size(); ++i, place /= 10) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        out += static_cast<unsigned>(text[i] - '0') * place;
    }
    if (out > full_weight) return std::nullopt;
    return out;
}

bool prefers_zstd(std::string_view accept_encoding) noexcept {
    std::optional<unsigned> zstd;
    std::optional<unsigned> identity;
    std::optional<unsigned> others;
    while (!accept_encoding.empty()) {
        const Weighed coding = weigh(take_element(accept_encoding));
        if (!coding.valid) continue;
        if (same_word(coding.name, "zstd")) zstd = coding.weight;
        if (same_word(coding.name, "identity")) identity = coding.weight;
        if (coding.name == "*") others = coding.weight;
    }
    if (zstd) return *zstd > 0 && *zstd >= identity.value_or(0);
    return others.value_or(0) > 0 && identity == 0U;
}

std::optional<BlockFormat> accepted_format(std::string_view accept) noexcept {
    std::optional<BlockFormat> out;
    unsigned weight = 0;
    while (!accept.empty()) {
        const Weighed type = weigh(take_element(accept));
        if (type.weight <= weight) continue;
        if (same_word(type.name, "application/vnd.ipld.raw"))
            out = BlockFormat::raw;
        else if (is_car_of_version_1(type))
            out = BlockFormat::car;
        else
            continue;
        weight = type.weight;
    }
    return out;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) noexcept {
    const auto strong = [](std::string_view text) { return text.starts_with("W/") ? text.substr(2) : text; };
    while (!if_none_match.empty()) {
        const std::string_view element = take_element(if_none_match);
        if (element == "*" || (!element.empty() && strong(element) == strong(tag))) return true;
    }
    return false;
}

}    // namespace filfil::retrieval
