// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/tipset.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace filfil::chain {

/// One step of a head change, as nodes tell it (Lotus api.HeadChange; Filecoin.ChainNotify): an array of these has its
/// reverts first, newest to oldest, then what is applied, oldest to newest. The very first one holds `current` alone.
struct HeadChange {
    enum class Type : std::uint8_t { current, revert, apply };
    Type type = Type::apply;
    TipsetKey key;
    Epoch epoch;

    bool operator==(const HeadChange&) const = default;
};

/// What comes at once.
using HeadChanges = std::vector<HeadChange>;

/// "current", "revert" or "apply", as they stand in JSON.
constexpr std::string_view name_of(HeadChange::Type type) noexcept {
    switch (type) {
        case HeadChange::Type::current: return "current";
        case HeadChange::Type::revert: return "revert";
        case HeadChange::Type::apply: return "apply";
    }
    return {};
}

}    // namespace filfil::chain
