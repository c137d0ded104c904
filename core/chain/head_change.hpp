// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/tipset.hpp"

namespace filfil::chain {

/// One step of a head change, as nodes tell it (Lotus api.HeadChange; Filecoin.ChainNotify): an array of these has its
/// reverts first, newest to oldest, then what is applied, oldest to newest.
struct HeadChange {
    enum class Type : std::uint8_t { current, revert, apply };
    Type type = Type::apply;
    TipsetKey key;
    Epoch epoch;
};

}    // namespace filfil::chain
