// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/units.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::node {

/// What is fixed for a network.
struct Profile {
    std::string name;                      ///< "mainnet", "calibnet", "devnet"; stands in file names
    std::optional<ipld::Cid> genesis{};    ///< of the one header at epoch 0; nothing: any, until one is adopted
    std::string node_name{};               ///< what StateNetworkName answers; "": any
    std::uint64_t chain_id = 0;            ///< what eth_chainId answers (EIP-155)
    char address_prefix = 'f';             ///< of addresses in text, 'f' or 't'
    std::uint64_t genesis_time = 0;        ///< seconds since 1970; 0: not known until a genesis is adopted
    std::uint64_t seconds_per_epoch = 30;
    std::int64_t finality = 900;    ///< epochs: older tipsets do not change
    std::string contract{};         ///< address of the incentive contract; "": none

    bool operator==(const Profile&) const = default;
};

/// The profile of "mainnet", "calibnet" (also "calibrationnet") or "devnet".
/// @return Error::invalid_argument names the three
Result<Profile> find_profile(std::string_view name);

/// Holds the genesis of a chain against the profile. A profile that takes any (a devnet's) remembers it, and its time,
/// from then on: the caller keeps it for the next start. @return Error::mismatch names both CIDs
Result<void> adopt_genesis(Profile& profile, const ipld::Cid& genesis, std::uint64_t genesis_time);

/// Holds what a node calls its network against the profile. @return Error::mismatch names both
Result<void> check_node_name(const Profile& profile, std::string_view answered);

/// The epoch whose blocks are due at `wall` (Clock::wall()): what a node that is in sync has, or the one below it. 0
/// before the genesis. Nothing where genesis_time is not known.
std::optional<Epoch> expected_epoch(const Profile& profile, Clock::Duration wall) noexcept;

/// The time at which the blocks of `epoch` are due, in seconds since 1970. Nothing where genesis_time is not known or
/// the epoch is negative or beyond all time.
std::optional<std::uint64_t> time_of_epoch(const Profile& profile, Epoch epoch) noexcept;

}    // namespace filfil::node
