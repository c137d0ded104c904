// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "chain/head_change.hpp"

#include <string_view>

namespace filfil::chain {

/// Reads one head change as it stands in a line of an events file: a JSON array of
/// {"Type": "current"|"revert"|"apply", "Key": ["bafy2…"], "Height": 7}, or as nodes send them (Filecoin.ChainNotify):
/// {"Type": …, "Val": {"Cids": [{"/": "bafy2…"}], "Height": 7, …}}.
/// @return Error::invalid_argument with the place in the array and the field
Result<HeadChanges> parse_head_changes(std::string_view line);

}    // namespace filfil::chain
