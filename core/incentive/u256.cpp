// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/u256.hpp"

#include <algorithm>
#include <bit>

namespace filfil::incentive {
namespace {

/// 2^256 has 78 digits.
constexpr std::size_t most_digits = 78;

/// Nine digits a step keep a step's arithmetic within 64 bits.
constexpr std::uint32_t step = 1'000'000'000;
constexpr std::size_t digits_a_step = 9;

Error no_number(std::string_view text, std::string_view what) {
    std::string shown;
    for (const char c : text.substr(0, 24)) shown += c >= ' ' && c <= '~' ? c : '?';
    if (text.size() > 24) shown += "…";
    return {ErrorCode::invalid_argument, "\"" + shown + "\" is no number: " + std::string(what)};
}

Error too_large() { return {ErrorCode::too_large, "a number does not fit in 256 bits"}; }

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

}    // namespace

Result<U256> U256::from_bytes(ByteView bytes) {
    if (bytes.size() > 32) return too_large();
    U256 out;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        out.m_words[i / 8] |= std::to_integer<std::uint64_t>(bytes[bytes.size() - 1 - i]) << (8 * (i % 8));
    return out;
}

Result<U256> U256::parse(std::string_view text) {
    if (text.empty()) return no_number(text, "it is empty");
    const bool decimal = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!decimal) return no_number(text, "decimal digits are expected");
    if (text.size() > 1 && text.front() == '0') return no_number(text, "it has a leading zero");
    if (text.size() > most_digits) return too_large();
    U256 out;
    for (const char c : text) {
        const auto ten_fold = multiply(out, 10);
        if (!ten_fold) return too_large();
        const auto sum = incentive::add(*ten_fold, static_cast<std::uint64_t>(c - '0'));
        if (!sum) return too_large();
        out = *sum;
    }
    return out;
}

Result<U256> U256::parse_hex(std::string_view text, bool lenient) {
    if (!text.starts_with("0x")) return no_number(text, "0x and hexadecimal digits are expected");
    std::string_view digits = text.substr(2);
    if (lenient) {
        digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    } else if (digits.empty()) {
        return no_number(text, "no digit follows the 0x");
    } else if (digits.size() > 1 && digits.front() == '0') {
        return no_number(text, "it has a leading zero");
    }
    if (digits.size() > 64) return too_large();
    U256 out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto digit = hex_digit(digits[digits.size() - 1 - i]);
        if (!digit) return no_number(text, "hexadecimal digits are expected");
        out.m_words[i / 16] |= std::uint64_t{*digit} << (4 * (i % 16));
    }
    return out;
}

std::string U256::text() const {
    if (zero()) return "0";
    std::array<std::uint32_t, 8> words{};
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = static_cast<std::uint32_t>(m_words[i / 2] >> (32 * (i % 2)));
    std::string out;    // least significant digit first
    while (std::ranges::any_of(words, [](std::uint32_t word) { return word != 0; })) {
        std::uint64_t left = 0;
        for (std::size_t i = words.size(); i-- > 0;) {
            left = left << 32 | words[i];
            words[i] = static_cast<std::uint32_t>(left / step);
            left %= step;
        }
        for (std::size_t i = 0; i < digits_a_step; ++i, left /= 10) out.push_back(static_cast<char>('0' + left % 10));
    }
    while (out.size() > 1 && out.back() == '0') out.pop_back();
    std::ranges::reverse(out);
    return out;
}

std::string U256::hex() const {
    const auto all = bytes();
    const std::string digits = to_hex(all);
    return "0x" + digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::array<std::byte, 32> U256::bytes() const noexcept {
    std::array<std::byte, 32> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[31 - i] = static_cast<std::byte>(m_words[i / 8] >> (8 * (i % 8)));
    return out;
}

Bytes U256::short_bytes() const {
    const auto all = bytes();
    return to_bytes(ByteView(all).last((bit_width() + 7) / 8));
}

Bytes U256::amount() const {
    Bytes out = short_bytes();
    if (!out.empty()) out.insert(out.begin(), std::byte{0});
    return out;
}

unsigned U256::bit_width() const noexcept {
    for (std::size_t i = 4; i-- > 0;)
        if (m_words[i] != 0) return static_cast<unsigned>(64 * i + static_cast<unsigned>(std::bit_width(m_words[i])));
    return 0;
}

U256 wrapping_add(const U256& a, const U256& b) noexcept {
    U256 out;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint64_t half = a.m_words[i] + b.m_words[i];
        out.m_words[i] = half + carry;
        carry = static_cast<std::uint64_t>(half < a.m_words[i]) | static_cast<std::uint64_t>(out.m_words[i] < half);
    }
    return out;
}

U256 wrapping_subtract(const U256& a, const U256& b) noexcept {
    U256 out;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint64_t half = a.m_words[i] - b.m_words[i];
        out.m_words[i] = half - borrow;
        borrow = static_cast<std::uint64_t>(a.m_words[i] < b.m_words[i]) | static_cast<std::uint64_t>(half < borrow);
    }
    return out;
}

std::optional<U256> add(const U256& a, const U256& b) noexcept {
    const U256 out = wrapping_add(a, b);
    if (out < a) return std::nullopt;
    return out;
}

std::optional<U256> subtract(const U256& a, const U256& b) noexcept {
    if (a < b) return std::nullopt;
    return wrapping_subtract(a, b);
}

std::optional<U256> multiply(const U256& a, const U256& b) noexcept {
    // Halves of words: their products and two carries fit in 64 bits.
    const auto half = [](const U256& of, std::size_t i) { return of.m_words[i / 2] >> (32 * (i % 2)) & 0xffffffff; };
    std::array<std::uint64_t, 16> sums{};
    for (std::size_t i = 0; i < 8; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 8; ++j) {
            const std::uint64_t sum = half(a, i) * half(b, j) + sums[i + j] + carry;
            sums[i + j] = sum & 0xffffffff;
            carry = sum >> 32;
        }
        sums[i + 8] = carry;
    }
    if (std::ranges::any_of(std::span(sums).last(8), [](std::uint64_t sum) { return sum != 0; })) return std::nullopt;
    U256 out;
    for (std::size_t i = 0; i < 8; ++i) out.m_words[i / 2] |= sums[i] << (32 * (i % 2));
    return out;
}

std::optional<U256::Divided> divide(const U256& a, const U256& b) noexcept {
    if (b.zero()) return std::nullopt;
    U256::Divided out;
    for (unsigned i = a.bit_width(); i-- > 0;) {
        // The remainder is below b before each step; doubled it may pass 2^256, and then b goes in for sure.
        const bool over = out.remainder.bit(255);
        out.remainder = wrapping_add(out.remainder, out.remainder);
        out.remainder.m_words[0] |= static_cast<std::uint64_t>(a.bit(i));
        if (over || out.remainder >= b) {
            out.remainder = wrapping_subtract(out.remainder, b);
            out.quotient.m_words[i / 64] |= std::uint64_t{1} << (i % 64);
        }
    }
    return out;
}

std::string I256::text() const { return negative() ? "-" + wrapping_subtract(U256(), word).text() : word.text(); }

}    // namespace filfil::incentive
