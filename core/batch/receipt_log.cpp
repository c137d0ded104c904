// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_log.hpp"

#include "batch/earlier_receipts.hpp"
#include "ipld/piece_cid.hpp"

#include <chrono>
#include <utility>

namespace filfil::batch {
namespace {

/// Work that a power failure may cost, against a disk that must not wait for every receipt.
constexpr Clock::Duration sync_interval = std::chrono::seconds(2);

}    // namespace

bool is_finished(const Receipt& receipt, const WorkItem& item, const LogOptions& options) {
    if (!receipt.ok() || !receipt.computed) return false;
    const Ask& ask = item.entry.asked();
    const std::uint64_t asked_size = ask.pad_to != 0 ? ask.pad_to : options.pad_to;
    const std::uint64_t padded_size = asked_size != 0 ? asked_size : ipld::padded_size_of(item.size);
    return receipt.computed->payload_size == item.size && receipt.mtime_ns == item.mtime_ns && receipt.id == ask.id &&
           receipt.expected == ask.expected && receipt.computed->padded_size == padded_size &&
           (!options.sha256 || !receipt.computed->sha256.empty());
}

ReceiptLog::ReceiptLog(std::unique_ptr<AppendFile> file, const Clock& clock, ReceiptFormat format, bool sha256)
    : m_file(std::move(file)), m_clock(clock), m_format(format), m_sha256(sha256), m_synced(clock.steady()) {}

Result<std::unique_ptr<ReceiptLog>> ReceiptLog::start(Files& files, const Clock& clock, const std::string& path,
                                                      const LogOptions& options) {
    auto info = files.info(path);
    if (info.ok() && info->kind == FileInfo::Kind::folder)
        return Error(ErrorCode::invalid_argument, path + ": is a folder, so receipts cannot be written to it",
                     "name a file in it");
    const Error present(ErrorCode::invalid_argument, path + ": is there already and would be overwritten",
                        "add --resume to go on with that batch, or name another --out file");
    if (info.ok() && info->size > 0) return present;
    FILFIL_TRY(std::unique_ptr<AppendFile> file, files.open_append(path));
    // Once more, now that no other run can have it: one may have begun it since.
    info = files.info(path);
    if (info.ok() && info->size > 0) return present;
    const ReceiptFormat format = options.format.value_or(ReceiptFormat::jsonl);
    if (const std::string header = receipt_header(format, options.sha256); !header.empty())
        FILFIL_CHECK(file->append(bytes_of(header)));
    return std::unique_ptr<ReceiptLog>(new ReceiptLog(std::move(file), clock, format, options.sha256));
}

Result<std::unique_ptr<ReceiptLog>> ReceiptLog::resume(Files& files, const Clock& clock, const std::string& path,
                                                       const LogOptions& options, std::span<WorkItem> items) {
    const auto info = files.info(path);
    if (!info.ok() || info->kind != FileInfo::Kind::file || info->size == 0) return start(files, clock, path, options);

    // Held from before the file is read: what another run wrote in between would be lost by the rewriting.
    FILFIL_TRY(std::unique_ptr<AppendFile> file, files.open_append(path));
    FILFIL_TRY(const EarlierReceipts earlier, read_earlier_receipts(files, path, options, items));
    std::unique_ptr<AppendFile> replaced;
    if (earlier.has_dropped) {
        FILFIL_CHECK(rewrite_receipts(files, path, earlier, options, items));
        replaced = std::exchange(file, nullptr);
        FILFIL_TRY(file, files.open_append(path));
    } else {
        FILFIL_CHECK(file->truncate(earlier.whole_bytes));
    }
    if (earlier.whole_bytes == 0)
        if (const std::string header = receipt_header(earlier.format, options.sha256); !header.empty())
            FILFIL_CHECK(file->append(bytes_of(header)));
    FILFIL_CHECK(file->sync());
    for (std::size_t i = 0; i < items.size(); ++i)
        if (earlier.kept_at[i] != EarlierReceipts::none) items[i].finished = true;
    std::unique_ptr<ReceiptLog> log(new ReceiptLog(std::move(file), clock, earlier.format, options.sha256));
    log->m_replaced = std::move(replaced);
    return log;
}

Result<void> ReceiptLog::take(const Receipt& receipt) {
    FILFIL_CHECK(m_file->append(bytes_of(format_receipt(receipt, m_format, m_sha256))));
    const Clock::Duration now = m_clock.steady();
    if (now - m_synced < sync_interval) return {};
    m_synced = now;
    return m_file->sync();
}

Result<void> ReceiptLog::finish() { return m_file->sync(); }

}    // namespace filfil::batch
