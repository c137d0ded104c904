// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/u256.hpp"

#include <algorithm>
#include <string>

namespace filfil::e2e {

/// attoFIL.
__extension__ using Money = unsigned __int128;

inline constexpr Money one_fil = 1'000'000'000'000'000'000;

/// @param amount below 2^128
inline Money money_of(const incentive::U256& amount) {
    Money out = 0;
    for (const std::byte byte : amount.bytes()) out = out << 8 | std::to_integer<unsigned>(byte);
    return out;
}

/// In decimal digits.
inline std::string text_of(Money amount) {
    std::string out;
    do out += static_cast<char>('0' + static_cast<unsigned>(amount % 10));
    while ((amount /= 10) != 0);
    std::ranges::reverse(out);
    return out;
}

/// As the EVM's JSON has it.
inline std::string hex_of(Money amount) {
    std::string out;
    do out += "0123456789abcdef"[static_cast<unsigned>(amount & 15)];
    while ((amount >>= 4) != 0);
    out += "x0";
    std::ranges::reverse(out);
    return out;
}

}    // namespace filfil::e2e
