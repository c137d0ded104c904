// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "batch/entry.hpp"

#include <vector>

namespace filfil::batch {

/// Sorts by path (bytes), gives a file whose name is not UTF-8 that problem (no receipt could name it), and makes one
/// entry of all that name the same path; what one of them asks holds for it.
/// @return Error::invalid_argument with both lines if two of them ask different things of one file
Result<std::vector<Entry>> merge_entries(std::vector<Entry> entries);

}    // namespace filfil::batch
