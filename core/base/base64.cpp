// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace filfil {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Beyond the 24 bits that four digits have.
constexpr std::uint32_t no_digit = 1U << 31;

/// places[i][c]: what the character c adds to the 24 bits of a group as its i-th digit, or no_digit.
constexpr auto places = [] {
    std::array<std::array<std::uint32_t, 256>, 4> out{};
    for (auto& place : out) place.fill(no_digit);
    for (std::size_t i = 0; i < 4; ++i)
        for (std::uint32_t value = 0; value < digits.size(); ++value)
            out[i][static_cast<unsigned char>(digits[value])] = value << (18 - 6 * i);
    return out;
}();

std::uint32_t group_of(const char* at) noexcept {
    const auto digit = [&](std::size_t i) { return places[i][static_cast<unsigned char>(at[i])]; };
    return digit(0) | digit(1) | digit(2) | digit(3);
}

void put(std::byte* out, std::uint32_t group) noexcept {
    out[0] = static_cast<std::byte>(group >> 16);
    out[1] = static_cast<std::byte>(group >> 8);
    out[2] = static_cast<std::byte>(group);
}

Error wrong_at(std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool printable = c > ' ' && c <= '~';
    const std::string what = printable ? std::string("'") + c + "'" : "byte 0x" + to_hex(bytes_of(text.substr(at, 1)));
    return {ErrorCode::invalid_argument, what + " at character " + std::to_string(at) + " is no base64 digit"};
}

Error first_wrong(std::string_view text, std::size_t from, std::size_t to) {
    for (; from + 1 < to; ++from)
        if (places[0][static_cast<unsigned char>(text[from])] == no_digit) break;
    return wrong_at(text, from);
}

}    // namespace

std::string to_base64(ByteView bytes) {
    std::string out((bytes.size() + 2) / 3 * 4, '=');
    const std::size_t whole = bytes.size() / 3 * 3;
    char* to = out.data();
    const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    for (std::size_t i = 0; i < whole; i += 3, to += 4) {
        const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        to[0] = digits[group >> 18];
        to[1] = digits[group >> 12 & 63];
        to[2] = digits[group >> 6 & 63];
        to[3] = digits[group & 63];
    }
    if (whole == bytes.size()) return out;
    const bool two = bytes.size() - whole == 2;
    const std::uint32_t group = byte(whole) << 16 | (two ? byte(whole + 1) << 8 : 0);
    to[0] = digits[group >> 18];
    to[1] = digits[group >> 12 & 63];
    if (two) to[2] = digits[group >> 6 & 63];
    return out;
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.empty()) return Bytes();
    if (text.size() % 4 != 0)
        return Error(ErrorCode::invalid_argument, "base64 text has " + std::to_string(text.size()) +
                                                      " characters, which is no multiple of 4: it is cut off, or "
                                                      "written without padding");
    const std::size_t padding = text.back() != '=' ? 0 : text[text.size() - 2] != '=' ? 1 : 2;
    Bytes out(text.size() / 4 * 3);
    const std::size_t whole = text.size() - (padding > 0 ? 4 : 0);
    std::byte* to = out.data();
    for (std::size_t i = 0; i < whole; i += 4, to += 3) {
        const std::uint32_t group = group_of(&text[i]);
        if (group >= no_digit) [[unlikely]]
            return first_wrong(text, i, i + 4);
        put(to, group);
    }
    if (padding == 0) return out;

    // 'A' stands for no bits: in place of the padding it leaves the last group's own bits alone.
    std::array<char, 4> last = {text[whole], text[whole + 1], 'A', 'A'};
    if (padding == 1) last[2] = text[whole + 2];
    const std::uint32_t group = group_of(last.data());
    if (group >= no_digit) return first_wrong(text, whole, whole + 4 - padding);
    const std::uint32_t unused = padding == 1 ? 0xffU : 0xffffU;
    if ((group & unused) != 0)
        return Error(ErrorCode::invalid_argument, "base64 text is mistyped: character " +
                                                      std::to_string(text.size() - padding - 1) +
                                                      " has bits that no byte uses");
    put(to, group);
    out.resize(out.size() - padding);
    return out;
}

}    // namespace filfil
