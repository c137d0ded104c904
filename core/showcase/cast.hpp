// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_address.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace filfil::showcase {

/// A storage provider of the play, and its habits.
struct Provider {
    std::uint64_t miner = 0;
    incentive::EthAddress owner{};
    bool own = false;                 ///< whoever watches has it: scripted only before the curtain rises
    std::uint64_t skips_every = 0;    ///< of its rounds it stores nothing in each one that this divides; 0: none
    std::uint64_t delay = 6;          ///< epochs from a window's opening to the proof
    std::uint64_t exits_at = 0;       ///< epoch; 0: stays
    std::uint64_t loses_at = 0;       ///< epoch at which its first sector is gone; 0: never
    std::string_view endpoint{};      ///< announced
};

/// Where the number of the watcher's own miner stands in the play.
inline constexpr std::uint64_t own_miner = 1000;

/// An account of the play without a key.
incentive::EthAddress person(std::uint8_t number);

// Who there is beside the providers.
inline constexpr std::uint8_t operator_number = 1;
inline constexpr std::uint8_t sponsor_number = 2;
inline constexpr std::uint8_t watchman_number = 3;
inline constexpr std::uint8_t owner_number = 4;
inline constexpr std::uint8_t first_provider_number = 10;

/// Everybody who registers, in this order: the watcher's miner, one that stores all, one that misses windows, one that
/// loses a sector, one that leaves.
/// @param wallet the owner of own_miner
std::vector<Provider> providers(const incentive::EthAddress& wallet);

}    // namespace filfil::showcase
