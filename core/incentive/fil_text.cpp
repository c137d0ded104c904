// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/fil_text.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

constexpr std::size_t decimals = 18;

bool ends_with_word(std::string_view& text, std::string_view word) {
    if (text.size() < word.size()) return false;
    const std::string_view end = text.substr(text.size() - word.size());
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
    if (!std::ranges::equal(end, word, same)) return false;
    text.remove_suffix(word.size());
    if (text.ends_with(' ')) text.remove_suffix(1);
    return true;
}

Error no_amount(std::string_view text, std::string_view what) {
    std::string shown;
    for (const char c : text.substr(0, 40)) shown += c >= ' ' && c <= '~' ? c : '?';
    if (text.size() > 40) shown += "…";
    return {ErrorCode::invalid_argument, "\"" + shown + "\" is no amount of FIL: " + std::string(what),
            R"(write it like "12.5 FIL" or "1000 attoFIL")"};
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}    // namespace

std::string format_fil(const U256& atto) {
    const auto parts = divide(atto, atto_a_fil);
    std::string out = parts->quotient.text();
    if (!parts->remainder.zero()) {
        const std::string digits = parts->remainder.text();
        std::string fraction = std::string(decimals - digits.size(), '0') + digits;
        fraction.erase(fraction.find_last_not_of('0') + 1);
        out += "." + fraction;
    }
    return out + " FIL";
}

Result<U256> parse_fil(std::string_view text) {
    std::string_view number = text;
    const bool atto = ends_with_word(number, "attofil");
    if (!atto) ends_with_word(number, "fil");

    const std::size_t point = number.find('.');
    std::string_view whole = number.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? "" : number.substr(point + 1);
    if (whole.empty() || !all_digits(whole) || !all_digits(fraction))
        return no_amount(text, "a decimal number is expected");
    if (point != std::string_view::npos && fraction.empty()) return no_amount(text, "no digit follows the point");
    if (atto && point != std::string_view::npos) return no_amount(text, "an attoFIL has no parts");
    if (fraction.size() > decimals) return no_amount(text, "it has more than 18 decimals");
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));

    std::string digits(whole);
    if (!atto) digits += std::string(fraction) + std::string(decimals - fraction.size(), '0');
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    auto out = U256::parse(digits);
    if (!out.ok() || out->bit_width() > 128)
        return Error(ErrorCode::too_large, "\"" + std::string(text.substr(0, 40)) + "\" is more FIL than there is",
                     "check the number for a missing point");
    return out;
}

}    // namespace filfil::incentive
