// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/files.hpp"
#include "batch/entry.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::batch {

/// One entry and what its file looked like when the batch began. Plans are made by it; when the file is hashed it is
/// looked at again.
struct WorkItem {
    Entry entry;
    std::uint64_t size = 0;    ///< bytes; 0 for what is no regular file
    std::int64_t mtime_ns = 0;
    bool finished = false;    ///< has its receipt from an earlier run
};

/// Looks at every file, on all threads: on a network file system each look is a round trip.
std::vector<WorkItem> take_stock(Files& files, Executor& executor, std::vector<Entry> entries);

/// Payload bytes of the files that are not finished: what a progress bar counts to.
std::uint64_t bytes_to_do(std::span<const WorkItem> items) noexcept;

}    // namespace filfil::batch
