// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/files.hpp"
#include "batch/receipt_format.hpp"
#include "batch/worklist.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace filfil::batch {

/// How receipts are written, and what a receipt of an earlier run must say to count as this run's.
struct LogOptions {
    std::optional<ReceiptFormat> format;    ///< nothing: that of the file there is, else jsonl
    bool sha256 = false;
    std::uint64_t pad_to = 0;    ///< the run's own setting, for entries without one; 0 is the natural size
};

/// The file of receipts.
///
/// Every receipt is appended by one write, so that whatever kills the program leaves whole lines and at most one torn
/// one at the end. What is older than a few seconds is on the disk (fdatasync). One program at a time may write to one
/// file.
class ReceiptLog final : public ReceiptSink {
public:
    /// Begins a new file. An empty file, and what is no regular file (/dev/null, a pipe), may be there already.
    /// @return Error::invalid_argument if a file with something in it is there: it is never overwritten
    static Result<std::unique_ptr<ReceiptLog>> start(Files& files, const Clock& clock, const std::string& path,
                                                     const LogOptions& options);

    /// Goes on with the file of an earlier run, or begins it if there is none, and marks the items that it finished:
    /// those with a receipt of status ok, the same path, size, mtime, id, expected CID and padding (and a SHA-256,
    /// where that is asked for).
    ///
    /// A torn last line is cut off. Receipts of other items of this batch are dropped, since these will get a new one;
    /// so are all but the last of several finished ones. Receipts of files outside the items stay: they are another
    /// shard's, or another manifest's. Dropping whole lines rewrites the file beside itself and renames, so that a kill
    /// leaves the one or the other. Memory does not grow with the file.
    /// @param items sorted by path
    /// @return Error::corrupt with the line if the file is not one of receipts; then it is left as it is.
    /// Error::invalid_argument if it has another format or other columns than asked for
    static Result<std::unique_ptr<ReceiptLog>> resume(Files& files, const Clock& clock, const std::string& path,
                                                      const LogOptions& options, std::span<WorkItem> items);

    [[nodiscard]] Result<void> take(const Receipt& receipt) override;

    /// Makes all receipts durable.
    [[nodiscard]] Result<void> finish();

private:
    ReceiptLog(std::unique_ptr<AppendFile> file, const Clock& clock, ReceiptFormat format, bool sha256);

    std::unique_ptr<AppendFile> m_file;
    std::unique_ptr<AppendFile> m_replaced;    ///< the file before a rewrite: keeps others that had opened it waiting
    const Clock& m_clock;
    ReceiptFormat m_format;
    bool m_sha256;
    Clock::Duration m_synced;
};

/// Whether a receipt of an earlier run is the one that this run would write.
bool is_finished(const Receipt& receipt, const WorkItem& item, const LogOptions& options);

}    // namespace filfil::batch
