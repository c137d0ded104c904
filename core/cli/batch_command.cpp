// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/commands.hpp"

#include "base/units.hpp"
#include "batch/folder.hpp"
#include "batch/merge.hpp"
#include "batch/padded_size.hpp"
#include "batch/read_manifest.hpp"
#include "batch/receipt_log.hpp"
#include "batch/run.hpp"
#include "batch/shard.hpp"
#include "cli/add_command.hpp"
#include "cli/device_options.hpp"
#include "cli/hash_path.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"

#include <memory>
#include <optional>

namespace filfil::cli {
namespace {

struct BatchOptions {
    std::string input;
    std::string out;
    std::string format;
    std::string shard;
    std::string pad_to;
    bool resume = false;
    bool sha256 = false;
    bool allow_small = false;
    DeviceOptions device{};

    [[nodiscard]] bool to_file() const { return !out.empty() && out != "-"; }
};

/// What the options say, read and found to go together.
struct BatchPlan {
    batch::Shard shard;
    batch::LogOptions log;
};

Result<BatchPlan> read_options(const Context& context, const BatchOptions& options) {
    BatchPlan plan;
    if (!options.shard.empty()) {
        FILFIL_TRY(plan.shard, batch::parse_shard(options.shard));
    }
    if (!options.format.empty()) {
        FILFIL_TRY(plan.log.format, batch::parse_receipt_format(options.format));
    }
    if (!options.pad_to.empty()) {
        auto size = batch::parse_padded_size(options.pad_to);
        if (!size.ok()) return std::move(size).error().in("--pad-to");
        plan.log.pad_to = *size;
    }
    plan.log.sha256 = options.sha256;
    if (options.resume && !options.to_file())
        return Error(ErrorCode::invalid_argument, "batch: --resume goes on with a file of receipts, and none is named",
                     "name the file with --out");
    if (context.json && !options.to_file() && plan.log.format == batch::ReceiptFormat::csv)
        return Error(ErrorCode::invalid_argument, "batch: --json and --format csv both say what standard output gets",
                     "leave out one of the two, or send the receipts to a file with --out");
    return plan;
}

/// The files that the input names: those of the manifest or folder, each once, sorted.
Result<std::vector<batch::Entry>> list_files(Context& context, const BatchOptions& options) {
    batch::LeftOut left_out;
    if (options.to_file()) left_out.add(context.files, options.out);
    std::vector<batch::Entry> entries;
    const auto info = context.files.info(options.input);
    if (options.input != "-" && info.ok() && info->kind == FileInfo::Kind::folder) {
        FILFIL_TRY(entries, batch::read_folder(context.files, options.input, left_out));
    } else {
        FILFIL_TRY(const std::unique_ptr<ReadableFile> manifest, open_input(context, options.input));
        // Standard input and `<(find …)` lie in no folder of the user's.
        const bool is_file = options.input != "-" && info.ok() && info->kind == FileInfo::Kind::file;
        if (is_file) left_out.add(context.files, options.input);
        FILFIL_TRY(entries, batch::read_manifest(context.files, *manifest, is_file ? parent_folder(options.input) : "",
                                                 left_out));
    }
    auto merged = batch::merge_entries(std::move(entries));
    if (!merged.ok()) return std::move(merged).error().in(shown_path(options.input));
    if (merged->empty())
        return Error(ErrorCode::invalid_argument, shown_path(options.input) + ": names no file",
                     "give a manifest with a path a line, a folder with files in it, or a list on standard input");
    return merged;
}

/// Gives each receipt to the file or standard output that the user named, and tells of the first failures.
class Receipts final : public batch::ReceiptSink {
public:
    Receipts(Context& context, batch::ReceiptLog* log, const batch::LogOptions& options)
        : m_context(context), m_log(log), m_options(options), m_to_console(log == nullptr || context.json) {}

    void begin() {
        if (m_to_console) m_context.console.out(batch::receipt_header(console_format(), m_options.sha256));
    }

    [[nodiscard]] Result<void> take(const batch::Receipt& receipt) override {
        if (m_log != nullptr) FILFIL_CHECK(m_log->take(receipt));
        if (m_to_console) {
            m_context.console.out(batch::format_receipt(receipt, console_format(), m_options.sha256));
            if (auto failure = m_context.console.out_failure()) return *std::move(failure);
            return {};
        }
        if (receipt.ok() || ++m_failures > most_told + 1) return {};
        m_context.console.err(
            "fil-fil: " + (m_failures <= most_told ? receipt.error : "more files failed; their receipts say why") +
            '\n');
        return {};
    }

private:
    static constexpr std::uint64_t most_told = 20;

    [[nodiscard]] batch::ReceiptFormat console_format() const {
        return m_context.json ? batch::ReceiptFormat::jsonl : m_options.format.value_or(batch::ReceiptFormat::jsonl);
    }

    Context& m_context;
    batch::ReceiptLog* m_log;
    batch::LogOptions m_options;
    bool m_to_console;
    std::uint64_t m_failures = 0;
};

/// The last line on standard error; scripts read it.
std::string text_of(const batch::Summary& summary) {
    const double rate =
        summary.seconds > 0 ? static_cast<double>(summary.bytes) / static_cast<double>(GiB) / summary.seconds : 0;
    const std::string shown = rate_for_people(rate);
    return "fil-fil: " + std::to_string(summary.ok) + " ok, " + std::to_string(summary.failed) + " failed, " +
           std::to_string(summary.skipped) + " skipped, " + std::to_string(summary.bytes) + " bytes in " +
           format_duration(summary.seconds) + ", " + (shown.empty() ? "0 GiB/s" : shown) + '\n';
}

/// How a batch ended.
struct BatchEnd {
    batch::Summary summary;
    std::optional<Error> doubt;    ///< a GPU was found to err when receipts had been given
};

Result<BatchEnd> run_plan(Context& context, const BatchOptions& options, const BatchPlan& plan) {
    FILFIL_TRY(std::vector<batch::Entry> entries, list_files(context, options));
    batch::take_shard(entries, plan.shard);
    FILFIL_TRY(const unsigned threads, parse_threads(options.device.threads));
    std::vector<batch::WorkItem> items = [&] {
        ThreadPool looking(threads);
        return batch::take_stock(context.files, looking, std::move(entries));
    }();
    FILFIL_TRY(Engine engine, open_engine(options.device, context, batch::bytes_to_do(items)));

    std::unique_ptr<batch::ReceiptLog> log;
    if (options.to_file() && !options.resume) {
        FILFIL_TRY(log, batch::ReceiptLog::start(context.files, context.clock, options.out, plan.log));
    }
    if (options.to_file() && options.resume) {
        FILFIL_TRY(log, batch::ReceiptLog::resume(context.files, context.clock, options.out, plan.log, items));
    }

    Receipts receipts(context, log.get(), plan.log);
    receipts.begin();
    const std::string label = "batch of " + grouped(items.size()) + (items.size() == 1 ? " file" : " files");
    auto summary = [&] {
        ProgressMeter meter(context.console, context.clock, label, batch::bytes_to_do(items));
        const batch::RunOptions run{.workers = engine.readers,
                                    .pad_to = plan.log.pad_to,
                                    .allow_small = options.allow_small,
                                    .sha256 = options.sha256,
                                    .progress = &meter,
                                    .stop = context.stop};
        return batch::run_batch(items, context.files, *engine.backend, *engine.threads, context.clock, receipts, run);
    }();
    if (log != nullptr) FILFIL_CHECK(log->finish());
    if (!summary.ok()) return std::move(summary).error();
    BatchEnd end{*summary, std::nullopt};
    if (engine.backend->revocations() != 0)
        end.doubt = in_doubt("receipts of this run whose device names a GPU (--resume would keep them)");
    return end;
}

int run_batch_command(Context& context, const BatchOptions& options) {
    const auto plan = read_options(context, options);
    if (!plan.ok()) return fail(context, plan.error());
    const auto end = run_plan(context, options, *plan);
    // A standard output that failed is told by the program's end.
    if (!end.ok()) return context.console.out_failure() ? exit_failure : fail(context, end.error());
    const batch::Summary& summary = end->summary;
    if (end->doubt) fail(context, *end->doubt);
    if (summary.stopped)
        context.console.err(options.to_file() ? "fil-fil: stopped on request; the same command with --resume goes on\n"
                                              : "fil-fil: stopped on request\n");
    context.console.err(text_of(summary));
    if (summary.stopped || end->doubt) return exit_failure;
    return summary.failed == 0 ? exit_ok : exit_no;
}

}    // namespace

void add_batch_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<BatchOptions>();
    CLI::App* command = add_command(
        app, context,
        {"batch", "Piece CIDs of many files, with receipts that survive a kill",
         "Hashes the files that MANIFEST names (or all below a folder, or those listed on standard input with '-') "
         "and\n"
         "gives one receipt a file: JSON lines or CSV. Also written as `fil-fil --batch MANIFEST`.\n"
         "A line of MANIFEST is a path relative to it, a pattern (*, ?, [a-z], ** for folders), '# comment', or\n"
         "  {\"path\": \"a.car\", \"piece_cid\": \"baga6ea4seaq...\", \"pad_to\": \"32GiB\", \"id\": \"7\"}\n"
         "where only the path is needed; a piece that is not `piece_cid` counts as failed.\n"
         "In a folder, hidden files and *.part are left out. Exit code 1 if any file failed.",
         "  fil-fil batch deals.txt --out receipts.jsonl\n"
         "  fil-fil batch deals.txt --out receipts.jsonl --resume      go on after a crash or Ctrl-C\n"
         "  fil-fil batch /data/cars --format csv > pieces.csv\n"
         "  find /data -name '*.car' | fil-fil batch - --pad-to 32GiB\n"
         "  fil-fil batch deals.txt --shard 0/3 --out receipts.0.jsonl  a third of it, on one machine of three\n"},
        [&context, options] { return run_batch_command(context, *options); });
    add_text(command, "MANIFEST", options->input, "", "Manifest, folder, or '-' for a manifest on standard input")
        ->required();
    add_text(command, "--out", options->out, "FILE",
             "Where receipts go, a line as each file finishes; standard output by default");
    add_text(command, "--format", options->format, "jsonl|csv",
             "What receipts look like; jsonl by default, or as --resume finds them");
    add_text(command, "--shard", options->shard, "I/N", "Only part I (from 0) of N parts that together are the batch");
    command->add_flag("--resume", options->resume,
                      "Go on with the --out file: files that are finished there and did not change are skipped, failed "
                      "ones are done again");
    add_text(command, "--pad-to", options->pad_to, "SIZE", "Pad pieces with zeros to this size, a power of two");
    command->add_flag("--sha256", options->sha256, "Also the SHA-256 of each file, in the same pass");
    command->add_flag("--allow-small", options->allow_small,
                      "Accept fewer than 65 bytes, even none, padded with zeros as FRC-0069 says");
    add_device_options(command, options->device);
}

}    // namespace filfil::cli
