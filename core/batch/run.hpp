// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "batch/receipt.hpp"
#include "batch/worklist.hpp"
#include "commp/backend.hpp"

#include <cstdint>
#include <span>
#include <stop_token>

namespace filfil::batch {

struct RunOptions {
    /// Files in flight, at least 1. With a CPU backend that runs jobs where they are submitted this is the number of
    /// hashing threads.
    unsigned workers = 1;
    std::uint64_t pad_to = 0;    ///< padded bytes for entries without their own; 0 is each file's natural size
    bool allow_small = false;    ///< hash files below commp::min_payload, as FRC-0069 pads them
    bool sha256 = false;
    Progress* progress = nullptr;    ///< told of bytes_to_do() bytes in all, whatever fails
    std::stop_token stop{};
};

/// What a run did.
struct Summary {
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;     ///< could not be hashed, or are not what was expected
    std::uint64_t skipped = 0;    ///< finished in an earlier run
    std::uint64_t bytes = 0;      ///< payload that was hashed
    double seconds = 0;
    bool stopped = false;    ///< on request; files without a receipt are neither ok nor failed
};

/// Hashes every item that is not finished, and gives `sink` one receipt for each, in the order in which they finish.
/// What is wrong with one file is its receipt's error; the others go on. Stopping abandons files in flight: they get no
/// receipt.
///
/// Memory is the workers' staging buffers and what the items take, whatever the files' number and length. Calls on the
/// sink come from any of the executor's threads, one at a time. Not to be called from one of the executor's own
/// threads.
/// @return an error only if a receipt could not be recorded; what was in flight is lost then
Result<Summary> run_batch(std::span<const WorkItem> items, Files& files, commp::Backend& backend, Executor& executor,
                          const Clock& clock, ReceiptSink& sink, const RunOptions& options);

}    // namespace filfil::batch
