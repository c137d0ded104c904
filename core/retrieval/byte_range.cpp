// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/byte_range.hpp"

#include "retrieval/header_list.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace filfil::retrieval {
namespace {

/// A run of digits; what does not fit is the largest number, which lies outside of every body.
std::optional<std::uint64_t> parse_position(std::string_view digits) noexcept {
    if (digits.empty()) return std::nullopt;
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t out = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        const auto value = static_cast<std::uint64_t>(digit - '0');
        out = out > (most - value) / 10 ? most : out * 10 + value;
    }
    return out;
}

ByteRange last_bytes(std::string_view digits, std::uint64_t size) noexcept {
    const auto asked = parse_position(digits);
    if (!asked) return {};
    if (*asked == 0) return {ByteRange::Kind::unsatisfiable};
    // The last bytes of nothing are the whole of it, and no Content-Range could say so.
    if (size == 0) return {};
    const std::uint64_t length = std::min(*asked, size);
    return {ByteRange::Kind::part, size - length, length};
}

}    // namespace

ByteRange parse_byte_range(std::string_view field, std::uint64_t size) noexcept {
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos || !same_word(trim_field(field.substr(0, equals)), "bytes")) return {};

    // A list may have empty elements, and one range beside them is still one.
    std::string_view only;
    for (std::string_view rest = field.substr(equals + 1); !rest.empty();) {
        const std::string_view element = take_element(rest);
        if (element.empty()) continue;
        if (!only.empty()) return {};
        only = element;
    }

    const std::size_t dash = only.find('-');
    if (dash == std::string_view::npos) return {};
    if (dash == 0) return last_bytes(only.substr(1), size);
    const auto first = parse_position(only.substr(0, dash));
    if (!first) return {};
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    if (const std::string_view digits = only.substr(dash + 1); !digits.empty()) {
        const auto asked = parse_position(digits);
        if (!asked || *asked < *first) return {};
        last = *asked;
    }
    if (*first >= size) return {ByteRange::Kind::unsatisfiable};
    return {ByteRange::Kind::part, *first, std::min(last, size - 1) - *first + 1};
}

}    // namespace filfil::retrieval
