// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/json_strings.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

namespace filfil::rpc {
namespace {

constexpr std::uint64_t each(std::uint8_t byte) { return std::uint64_t{0x0101010101010101} * byte; }

/// Bytes from `at` that stand for themselves: ASCII without control characters, '"' and '\'. Eight at a time, since
/// nearly all bytes of a node's answers are such.
std::size_t plain_length(std::string_view text, std::size_t at) noexcept {
    const std::size_t start = at;
    if constexpr (std::endian::native == std::endian::little) {
        const auto zero_bytes = [](std::uint64_t x) { return (x - each(1)) & ~x & each(0x80); };
        for (; at + 8 <= text.size(); at += 8) {
            std::uint64_t x = 0;
            std::memcpy(&x, text.data() + at, 8);
            // A borrow can mark bytes behind the first that is special, never one before it.
            const std::uint64_t special = (x & each(0x80)) | zero_bytes(x ^ each('"')) | zero_bytes(x ^ each('\\')) |
                                          ((x - each(0x20)) & ~x & each(0x80));
            if (special != 0) return at + static_cast<std::size_t>(std::countr_zero(special)) / 8 - start;
        }
    }
    while (at < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
        ++at;
    }
    return at - start;
}

/// Four hexadecimal digits.
std::optional<std::uint32_t> hex4(std::string_view text) noexcept {
    if (text.size() < 4) return std::nullopt;
    std::uint32_t out = 0;
    for (const char c : text.substr(0, 4)) {
        std::uint32_t digit = 0;
        if (c >= '0' && c <= '9')
            digit = static_cast<std::uint32_t>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        else
            return std::nullopt;
        out = out * 16 + digit;
    }
    return out;
}

void append_utf8(std::string& out, std::uint32_t c) {
    const auto byte = [&](std::uint32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (c < 0x80) return byte(c);
    if (c < 0x800) {
        byte(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        byte(0xe0 | c >> 12);
        byte(0x80 | (c >> 6 & 0x3f));
    } else {
        byte(0xf0 | c >> 18);
        byte(0x80 | (c >> 12 & 0x3f));
        byte(0x80 | (c >> 6 & 0x3f));
    }
    byte(0x80 | (c & 0x3f));
}

/// What follows a '\'. @return bytes read, 0 where it is no escape
std::size_t read_escape(std::string_view text, std::string& out) {
    if (text.empty()) return 0;
    switch (text.front()) {
        case '"':
        case '\\':
        case '/': out.push_back(text.front()); return 1;
        case 'b': out.push_back('\b'); return 1;
        case 'f': out.push_back('\f'); return 1;
        case 'n': out.push_back('\n'); return 1;
        case 'r': out.push_back('\r'); return 1;
        case 't': out.push_back('\t'); return 1;
        case 'u': break;
        default: return 0;
    }
    const auto first = hex4(text.substr(1));
    if (!first) return 0;
    if (*first < 0xd800 || *first > 0xdfff) return append_utf8(out, *first), 5;
    // Two surrogates are one character, and one alone is none.
    if (*first > 0xdbff || !text.substr(5).starts_with("\\u")) return 0;
    const auto second = hex4(text.substr(7));
    if (!second || *second < 0xdc00 || *second > 0xdfff) return 0;
    append_utf8(out, 0x10000 + ((*first - 0xd800) << 10 | (*second - 0xdc00)));
    return 11;
}

}    // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return text.empty() ? 0 : 1;
    if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
    if (first < 0xe0) return 2;
    const unsigned second = byte(1);
    if (!follows(2)) return 0;
    if (first < 0xf0) {
        const bool overlong = first == 0xe0 && second < 0xa0;
        const bool surrogate = first == 0xed && second > 0x9f;
        return overlong || surrogate ? 0 : 3;
    }
    const bool overlong = first == 0xf0 && second < 0x90;
    const bool beyond = first == 0xf4 && second > 0x8f;
    return overlong || beyond || !follows(3) ? 0 : 4;
}

StringEnd read_json_string(std::string_view text, std::size_t at, std::string& out) {
    ++at;
    while (true) {
        const std::size_t plain = plain_length(text, at);
        out.append(text, at, plain);
        at += plain;
        if (at == text.size()) return {at, "'\"' at the end of a string is expected"};
        const char c = text[at];
        if (c == '"') return {at + 1};
        if (c == '\\') {
            const std::size_t length = read_escape(text.substr(at + 1), out);
            if (length == 0) return {at, "an escape of JSON is expected"};
            at += 1 + length;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            return {at, "an escaped control character is expected"};
        } else {
            const std::size_t length = utf8_length(text.substr(at));
            if (length == 0) return {at, "UTF-8 is expected"};
            out.append(text, at, length);
            at += length;
        }
    }
}

}    // namespace filfil::rpc
