// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "batch/entry.hpp"

#include <string_view>
#include <vector>

namespace filfil::batch {

/// One of `count` parts that together are the whole batch and share no file.
struct Shard {
    std::uint64_t index = 0;    ///< 0 to count - 1
    std::uint64_t count = 1;    ///< at least 1
};

/// Reads "I/N" with 0 <= I < N. @return Error::invalid_argument says what is wrong, with an example
Result<Shard> parse_shard(std::string_view text);

/// Leaves the entries whose index modulo the count is the shard's. All machines of a batch must start from the same
/// list.
void take_shard(std::vector<Entry>& entries, const Shard& shard);

}    // namespace filfil::batch
