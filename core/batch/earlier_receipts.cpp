// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/earlier_receipts.hpp"

#include "batch/record_reader.hpp"

#include <algorithm>
#include <optional>

namespace filfil::batch {
namespace {

Error not_receipts(const std::string& path, std::uint64_t line, const std::string& why) {
    return {ErrorCode::corrupt, path + ", line " + std::to_string(line) + ": is no receipt of a batch: " + why,
            "name the --out file of the batch to go on with, or mend or remove that line"};
}

/// The format that the first bytes of a file show, even if they are all there is of a torn first line.
std::optional<ReceiptFormat> format_of(std::string_view first) {
    constexpr std::string_view jsonl_start = R"({"path":")";
    const std::string csv_start = receipt_header(ReceiptFormat::csv, true);
    const auto agrees = [&](std::string_view start) {
        const std::size_t common = std::min(first.size(), start.size());
        return first.substr(0, common) == start.substr(0, common);
    };
    if (agrees(jsonl_start)) return ReceiptFormat::jsonl;
    // The two headers differ at their end only.
    if (agrees(std::string_view(csv_start).substr(0, receipt_header(ReceiptFormat::csv, false).size() - 1)))
        return ReceiptFormat::csv;
    return std::nullopt;
}

/// The item that a receipt is about; none if it is about no item.
std::uint64_t item_of(std::span<const WorkItem> items, const Receipt& receipt) {
    const auto it =
        std::lower_bound(items.begin(), items.end(), receipt.path,
                         [](const WorkItem& item, const std::string& path) { return item.entry.path < path; });
    if (it == items.end() || it->entry.path != receipt.path) return EarlierReceipts::none;
    return static_cast<std::uint64_t>(it - items.begin());
}

Result<void> check_header(const std::string& path, std::string_view header, bool sha256) {
    const auto is = [&](bool with) { return std::string(header) + '\n' == receipt_header(ReceiptFormat::csv, with); };
    if (is(sha256)) return {};
    if (is(!sha256))
        return Error(
            ErrorCode::invalid_argument,
            path + ": its receipts are " + (sha256 ? "without" : "with") + " a column for SHA-256, this batch is not",
            sha256 ? "leave out --sha256, or name another --out file" : "add --sha256, or name another --out file");
    return not_receipts(path, 1, "the columns are others");
}

}    // namespace

Result<EarlierReceipts> read_earlier_receipts(Files& files, const std::string& path, const LogOptions& options,
                                              std::span<const WorkItem> items) {
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, files.open(path));
    std::string start(64, '\0');
    FILFIL_TRY(const std::size_t start_size, file->read_at(0, std::as_writable_bytes(std::span(start))));
    const std::optional<ReceiptFormat> format = format_of(std::string_view(start).substr(0, start_size));
    if (!format) return not_receipts(path, 1, "it starts like neither JSON receipts nor CSV receipts");
    if (options.format && *options.format != *format)
        return Error(ErrorCode::invalid_argument,
                     path + ": holds " + (*format == ReceiptFormat::csv ? "CSV" : "JSON") +
                         " receipts, another --format was asked for",
                     "leave out --format, or name another --out file");

    EarlierReceipts earlier;
    earlier.format = *format;
    earlier.kept_at.assign(items.size(), EarlierReceipts::none);
    RecordReader reader(*file, *format == ReceiptFormat::csv);
    for (;;) {
        FILFIL_TRY(const std::optional<Record> record, reader.next());
        if (!record || !record->ended) return earlier;
        const std::uint64_t offset = record->offset;
        earlier.whole_bytes = offset + record->raw.size();
        if (record->text.empty()) continue;
        if (*format == ReceiptFormat::csv && offset == 0) {
            FILFIL_CHECK(check_header(path, record->text, options.sha256));
            continue;
        }
        auto receipt = parse_receipt(record->text, *format, options.sha256);
        if (!receipt.ok()) return not_receipts(path, record->number, receipt.error().message);
        const std::uint64_t i = item_of(items, *receipt);
        if (i == EarlierReceipts::none) continue;
        if (!is_finished(*receipt, items[i], options)) {
            earlier.has_dropped = true;
            continue;
        }
        if (earlier.kept_at[i] != EarlierReceipts::none) earlier.has_dropped = true;
        earlier.kept_at[i] = offset;
    }
}

Result<void> rewrite_receipts(Files& files, const std::string& path, const EarlierReceipts& earlier,
                              const LogOptions& options, std::span<const WorkItem> items) {
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, files.open(path));
    FILFIL_TRY(const std::unique_ptr<OutputFile> out, files.create(path));
    RecordReader reader(*file, earlier.format == ReceiptFormat::csv);
    for (;;) {
        FILFIL_TRY(const std::optional<Record> record, reader.next());
        if (!record || !record->ended) return out->commit();
        const bool is_header = earlier.format == ReceiptFormat::csv && record->offset == 0;
        if (!record->text.empty() && !is_header) {
            auto receipt = parse_receipt(record->text, earlier.format, options.sha256);
            if (!receipt.ok()) return not_receipts(path, record->number, "it changed while it was read");
            const std::uint64_t i = item_of(items, *receipt);
            if (i != EarlierReceipts::none && earlier.kept_at[i] != record->offset) continue;
        }
        FILFIL_CHECK(out->write(bytes_of(record->raw)));
    }
}

}    // namespace filfil::batch
