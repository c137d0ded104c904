// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "node/profile.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::service {

/// What the contract says of a slot's time: see IFilFil.sol for the words.
struct SlotTimes {
    std::uint32_t slot = 0;                   ///< round << 16 | its place in the round
    std::optional<std::uint64_t> target{};    ///< epoch whose snapshot it wants
    std::uint64_t open = 0;                   ///< first epoch of the window
    std::uint64_t close = 0;                  ///< first epoch after it
};

/// "ahead", "open" or "closed" as of `head`; "unknown" without one.
std::string_view state_of(const SlotTimes& slot, std::optional<Epoch> head) noexcept;

/// {"slot", "round", "index", "target_epoch", "target_time", "open_epoch", "open_time", "close_epoch", "close_time",
/// "state"}; times in seconds since 1970, null where the network's genesis is not known yet.
rpc::Json json_of(const SlotTimes& slot, const node::Profile& network, std::optional<Epoch> head);

/// What a network's clock says of an epoch; null where that is not known.
rpc::Json time_json(const node::Profile& network, std::uint64_t epoch);

/// "none", "active", "leaving", "left", "removed": IFilFil.Standing. "unknown" for a number it does not have.
std::string_view standing_name(std::uint8_t standing) noexcept;

/// "none", "published", "active", "done", "dead": IFilFil.Held.
std::string_view held_name(std::uint8_t state) noexcept;

/// "f01000", or with the network's letter.
std::string miner_text(std::uint64_t miner, char letter = 'f');

}    // namespace filfil::service
