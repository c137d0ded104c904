// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/method_number.hpp"

#include "ipld/digest.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace filfil::incentive {
namespace {

/// Below it are the methods that are numbered by hand.
constexpr std::uint32_t first_number = 1U << 24;

bool capital(char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }
bool allowed(char c) { return capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}    // namespace

Result<std::uint64_t> method_number(std::string_view name) {
    if (name.empty() || !capital(name.front()) || !std::ranges::all_of(name, allowed))
        return Error(ErrorCode::invalid_argument,
                     "a method's name begins with a capital letter and has letters, digits and underscores only");
    const std::string text = "1|" + std::string(name);
    std::array<std::byte, 64> digest{};
    ipld::blake2b_portable(bytes_of(text), digest);
    for (std::size_t at = 0; at + 4 <= digest.size(); at += 4) {
        std::uint32_t number = 0;
        for (std::size_t i = at; i < at + 4; ++i) number = number << 8 | std::to_integer<std::uint32_t>(digest[i]);
        if (number >= first_number) return std::uint64_t{number};
    }
    return Error(ErrorCode::unsupported, "the hash of \"" + std::string(name) + "\" has no method number in it");
}

}    // namespace filfil::incentive
