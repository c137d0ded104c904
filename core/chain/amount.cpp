// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/amount.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace filfil::chain {
namespace {

constexpr std::size_t longest_bytes = 128;

/// 10^9 in each step keeps a step's product within 64 bits.
constexpr std::uint32_t step = 1'000'000'000;
constexpr std::size_t digits_a_step = 9;

/// 2^1016 has 306 digits: what has more cannot fit.
constexpr std::size_t most_digits = 306;

/// 32-bit words, least significant first.
using Words = std::vector<std::uint32_t>;

void multiply_add(Words& words, std::uint32_t factor, std::uint32_t add) {
    std::uint64_t carry = add;
    for (std::uint32_t& word : words) {
        carry += std::uint64_t{word} * factor;
        word = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    if (carry > 0) words.push_back(static_cast<std::uint32_t>(carry));
}

/// Divides by `step`. @return the remainder
std::uint32_t divide(Words& words) {
    std::uint64_t left = 0;
    for (std::size_t i = words.size(); i-- > 0;) {
        left = left << 32 | words[i];
        words[i] = static_cast<std::uint32_t>(left / step);
        left %= step;
    }
    while (!words.empty() && words.back() == 0) words.pop_back();
    return static_cast<std::uint32_t>(left);
}

Bytes bytes_of_words(const Words& words, bool negative) {
    Bytes out;
    for (const std::uint32_t word : words)
        for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::byte>(word >> shift));
    while (!out.empty() && out.back() == std::byte{0}) out.pop_back();
    if (out.empty()) return out;
    out.push_back(negative ? std::byte{1} : std::byte{0});
    std::ranges::reverse(out);
    return out;
}

}    // namespace

Result<std::string> amount_text(ByteView bytes) {
    if (bytes.empty()) return std::string("0");
    const auto corrupt = [](std::string_view what) {
        return Error(ErrorCode::corrupt, "this is no amount: " + std::string(what));
    };
    if (bytes.size() > longest_bytes) return corrupt("it is longer than 128 bytes");
    const bool negative = bytes[0] == std::byte{1};
    if (!negative && bytes[0] != std::byte{0}) return corrupt("its first byte is neither 0 nor 1");
    if (bytes.size() == 1 || bytes[1] == std::byte{0}) return corrupt("it is not written in its shortest form");

    Words words((bytes.size() - 1 + 3) / 4);
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
        words[i / 4] |= std::to_integer<std::uint32_t>(bytes[bytes.size() - 1 - i]) << (8 * (i % 4));
    std::string out;    // least significant digit first
    while (!words.empty()) {
        std::uint32_t part = divide(words);
        for (std::size_t i = 0; i < digits_a_step; ++i, part /= 10) out.push_back(static_cast<char>('0' + part % 10));
    }
    while (out.size() > 1 && out.back() == '0') out.pop_back();
    if (negative) out.push_back('-');
    std::ranges::reverse(out);
    return out;
}

Result<Bytes> parse_amount(std::string_view text) {
    const bool negative = text.starts_with('-');
    const std::string_view digits = text.substr(negative ? 1 : 0);
    if (text.empty() || text == "0") return Bytes();
    if (digits.size() > most_digits)
        return Error(ErrorCode::too_large, "an amount of " + std::to_string(digits.size()) +
                                               " characters is larger than any that the chain can hold");
    const bool decimal = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!decimal || digits.empty() || digits.front() == '0')
        return Error(ErrorCode::invalid_argument, "an amount is expected in decimal digits without leading zeros");

    Words words;
    for (std::size_t i = 0; i < digits.size();) {
        std::uint32_t part = 0;
        std::uint32_t factor = 1;
        for (std::size_t n = 0; n < digits_a_step && i < digits.size(); ++n, ++i, factor *= 10)
            part = part * 10 + static_cast<std::uint32_t>(digits[i] - '0');
        multiply_add(words, factor, part);
    }
    Bytes out = bytes_of_words(words, negative);
    if (out.size() > longest_bytes)
        return Error(ErrorCode::too_large, "an amount is larger than any that the chain can hold");
    return out;
}

Bytes amount_of(std::uint64_t value) {
    return bytes_of_words({static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)}, false);
}

}    // namespace filfil::chain
