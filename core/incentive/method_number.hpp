// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string_view>

namespace filfil::incentive {

/// The number that actors export the method `name` under: the first four bytes in a row of the BLAKE2b-512 of "1|name"
/// that make a number of 2^24 or more. Source: FRC-0042.
/// @return Error::invalid_argument for a name that does not begin with a capital letter or an underscore, or has
/// anything else than letters, digits and underscores in it
Result<std::uint64_t> method_number(std::string_view name);

// What this program calls, or is called by. A test computes each from its name.
namespace methods {
inline constexpr std::uint64_t authenticate_message = 2643134072;
inline constexpr std::uint64_t market_notify_deal = 4186741094;
inline constexpr std::uint64_t sector_content_changed = 2034386435;
inline constexpr std::uint64_t receive = 3726118371;
inline constexpr std::uint64_t validate_sector_status = 3092458564;
inline constexpr std::uint64_t generate_sector_location = 1321604665;
inline constexpr std::uint64_t is_controlling_address = 348244887;
inline constexpr std::uint64_t get_owner = 3275365574;
inline constexpr std::uint64_t miner_power = 36284446;
inline constexpr std::uint64_t invoke_evm = 3844450837;
}    // namespace methods

}    // namespace filfil::incentive
