// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/multibase.hpp"

#include <algorithm>
#include <ranges>

namespace filfil::ipld {
namespace {

constexpr std::string_view base16_digits = "0123456789abcdef";
constexpr std::string_view base32_digits = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view base58_digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

Error bad_character(std::string_view base, std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool printable = c > ' ' && c <= '~';
    const std::string what = printable ? std::string("'") + c + "'" : "byte 0x" + to_hex(bytes_of(text.substr(at, 1)));
    return {ErrorCode::invalid_argument,
            what + " at character " + std::to_string(at) + " is no " + std::string(base) + " digit"};
}

/// Digits of `bits` bits each, most significant first, to whole bytes.
Result<Bytes> from_digits(std::string_view base, std::string_view digits, unsigned bits, bool any_case,
                          std::string_view text, std::size_t from) {
    Bytes out;
    out.reserve((text.size() - from) * bits / 8);
    std::uint32_t held = 0;
    unsigned held_bits = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        char c = text[i];
        if (any_case && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const std::size_t digit = digits.find(c);
        if (digit == std::string_view::npos) return bad_character(base, text, i);
        held = held << bits | static_cast<std::uint32_t>(digit);
        held_bits += bits;
        if (held_bits >= 8) {
            held_bits -= 8;
            out.push_back(static_cast<std::byte>(held >> held_bits));
            held &= (1U << held_bits) - 1;
        }
    }
    if (held_bits >= bits)
        return Error(ErrorCode::invalid_argument, std::string(base) + " text has " +
                                                      std::to_string(text.size() - from) +
                                                      " characters, which no whole number of bytes makes: it is cut "
                                                      "off or has too many");
    if (held != 0)
        return Error(ErrorCode::invalid_argument,
                     std::string(base) + " text is cut off or mistyped: its last character has bits that no byte uses");
    return out;
}

}    // namespace

std::string to_base32(ByteView bytes) {
    std::string out;
    out.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t held = 0;
    unsigned held_bits = 0;
    for (const std::byte b : bytes) {
        held = (held & 0xff) << 8 | std::to_integer<std::uint32_t>(b);
        for (held_bits += 8; held_bits >= 5;) {
            held_bits -= 5;
            out.push_back(base32_digits[held >> held_bits & 31]);
        }
    }
    if (held_bits > 0) out.push_back(base32_digits[held << (5 - held_bits) & 31]);
    return out;
}

std::string to_base58btc(ByteView bytes) {
    const auto zeros = static_cast<std::size_t>(
        std::ranges::find_if(bytes, [](std::byte b) { return b != std::byte{0}; }) - bytes.begin());
    std::vector<std::uint8_t> number;    // digits, least significant first
    for (const std::byte b : bytes.subspan(zeros)) {
        auto carry = std::to_integer<std::uint32_t>(b);
        for (std::uint8_t& digit : number) {
            carry += std::uint32_t{digit} << 8;
            digit = static_cast<std::uint8_t>(carry % 58);
            carry /= 58;
        }
        for (; carry > 0; carry /= 58) number.push_back(static_cast<std::uint8_t>(carry % 58));
    }
    std::string out(zeros, '1');
    for (const std::uint8_t digit : number | std::views::reverse) out.push_back(base58_digits[digit]);
    return out;
}

Result<Bytes> from_base58btc(std::string_view text, std::size_t from) {
    const std::size_t first = std::min(text.find_first_not_of('1', from), text.size());
    Bytes number;    // least significant byte first
    for (std::size_t i = first; i < text.size(); ++i) {
        const std::size_t digit = base58_digits.find(text[i]);
        if (digit == std::string_view::npos) return bad_character("base58btc", text, i);
        auto carry = static_cast<std::uint32_t>(digit);
        for (std::byte& b : number) {
            carry += std::to_integer<std::uint32_t>(b) * 58;
            b = static_cast<std::byte>(carry);
            carry >>= 8;
        }
        for (; carry > 0; carry >>= 8) number.push_back(static_cast<std::byte>(carry));
    }
    number.resize(number.size() + first - from);
    std::ranges::reverse(number);
    return number;
}

Result<Bytes> from_base16(std::string_view text, std::size_t from) {
    return from_digits("base16", base16_digits, 4, true, text, from);
}
Result<Bytes> from_base32(std::string_view text, std::size_t from) {
    return from_digits("base32", base32_digits, 5, true, text, from);
}
Result<Bytes> from_base64(std::string_view text, std::size_t from) {
    return from_digits("base64", base64_digits, 6, false, text, from);
}
Result<Bytes> from_base64url(std::string_view text, std::size_t from) {
    return from_digits("base64url", base64url_digits, 6, false, text, from);
}

}    // namespace filfil::ipld
