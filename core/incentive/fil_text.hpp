// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/u256.hpp"

#include <string>
#include <string_view>

namespace filfil::incentive {

/// 10^18 attoFIL are a FIL.
inline constexpr std::uint64_t atto_a_fil = 1'000'000'000'000'000'000;

/// "12.5 FIL", "0 FIL", "0.000000000000000001 FIL": exact, without trailing zeros. Reads back with parse_fil.
std::string format_fil(const U256& atto);

/// Reads "12.5 FIL", "12.5" and "7 attoFIL"; upper and lower case are the same, the space may be missing.
/// @return attoFIL; Error::invalid_argument names the text and an example; too_large from 2^128 attoFIL on: the
/// contract keeps no larger amount, and there are not so many
Result<U256> parse_fil(std::string_view text);

}    // namespace filfil::incentive
