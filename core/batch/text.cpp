// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/text.hpp"

#include <cstdint>

namespace filfil::batch {

CodePoint first_code_point(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const CodePoint invalid{static_cast<char32_t>(0x110000 + lead), 1, false};

    std::size_t length = 0;
    char32_t value = 0;
    char32_t least = 0;
    if ((lead & 0xe0) == 0xc0) {
        length = 2, value = lead & 0x1f, least = 0x80;
    } else if ((lead & 0xf0) == 0xe0) {
        length = 3, value = lead & 0x0f, least = 0x800;
    } else if ((lead & 0xf8) == 0xf0) {
        length = 4, value = lead & 0x07, least = 0x10000;
    } else {
        return invalid;
    }
    if (text.size() < length) return invalid;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return invalid;
        value = (value << 6) | (byte(i) & 0x3f);
    }
    if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return invalid;
    return {value, length, true};
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = first_code_point(text.substr(i));
        if (!point.valid) return i;
        i += point.length;
    }
    return std::string_view::npos;
}

std::string printable(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = first_code_point(text.substr(i));
        if (point.valid) {
            out.append(text.substr(i, point.length));
        } else {
            const auto byte = static_cast<std::uint8_t>(text[i]);
            out.append("\\x").append({digits[byte >> 4], digits[byte & 15]});
        }
        i += point.length;
    }
    return out;
}

}    // namespace filfil::batch
