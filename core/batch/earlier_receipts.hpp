// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/receipt_log.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::batch {

/// What a file of receipts holds for a batch that goes on with it.
struct EarlierReceipts {
    static constexpr std::uint64_t none = UINT64_MAX;

    ReceiptFormat format = ReceiptFormat::jsonl;
    std::uint64_t whole_bytes = 0;         ///< up to the end of the last whole line
    bool has_dropped = false;              ///< some whole line must go
    std::vector<std::uint64_t> kept_at;    ///< for each item the offset of its one good receipt, or none
};

/// Reads the file front to back; changes nothing. @param items sorted by path
Result<EarlierReceipts> read_earlier_receipts(Files& files, const std::string& path, const LogOptions& options,
                                              std::span<const WorkItem> items);

/// Puts a file in its place that holds the same bytes without the lines that must go.
Result<void> rewrite_receipts(Files& files, const std::string& path, const EarlierReceipts& earlier,
                              const LogOptions& options, std::span<const WorkItem> items);

}    // namespace filfil::batch
