// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/run.hpp"

#include "batch/pack.hpp"
#include "batch/schedule.hpp"
#include "commp/hash_source.hpp"

#include <algorithm>
#include <atomic>

namespace filfil::batch {
namespace {

class Run {
public:
    Run(std::span<const WorkItem> items, Files& files, commp::Backend& backend, Executor& executor, const Clock& clock,
        ReceiptSink& sink, const RunOptions& options)
        : m_items(items),
          m_files(files),
          m_backend(backend),
          m_executor(executor),
          m_clock(clock),
          m_run_options(options),
          m_options{"", options.pad_to, options.allow_small, options.sha256},
          m_recorder(sink, m_stop),
          m_packing{
              items, files, backend, clock, m_options, m_recorder, m_finished, options.progress, m_stop.get_token()} {}

    Result<Summary> run() {
        const std::stop_callback forward(m_run_options.stop, [this] { m_stop.request_stop(); });
        const unsigned workers = std::max(1U, m_run_options.workers);
        const Clock::Duration begin = m_clock.steady();
        const Schedule schedule = make_schedule(m_items, m_backend.limits(), workers);

        for (const std::size_t item : schedule.shared) hash_file(item, workers, m_run_options.progress);
        std::atomic<std::size_t> next{0};
        run_parallel(m_executor, workers, [&](unsigned) {
            while (!m_stop.stop_requested()) {
                const std::size_t task = next.fetch_add(1);
                if (task < schedule.single.size())
                    hash_file(schedule.single[task], 1, m_run_options.progress);
                else if (task - schedule.single.size() < schedule.packs.size())
                    hash_pack(schedule.packs[task - schedule.single.size()]);
                else
                    break;
            }
        });
        m_backend.drain();
        record_finished();

        FILFIL_TRY(Summary summary, m_recorder.end());
        summary.skipped = static_cast<std::uint64_t>(
            std::count_if(m_items.begin(), m_items.end(), [](const WorkItem& i) { return i.finished; }));
        summary.seconds = seconds_between(begin, m_clock.steady());
        summary.stopped = summary.ok + summary.failed + summary.skipped != m_items.size();
        return summary;
    }

private:
    void hash_pack(const std::vector<std::size_t>& files) {
        const std::vector<std::size_t> outgrown = Pack::read_and_submit(m_packing, files);
        record_finished();
        for (const std::size_t item : outgrown) hash_file(item, 1, m_run_options.progress);
    }

    void record_finished() {
        while (const std::unique_ptr<Pack> pack = m_finished.pop())
            // What was counted as read is not counted again.
            for (const std::size_t item : pack->record(m_packing)) hash_file(item, 1, nullptr);
    }

    void hash_file(std::size_t item, unsigned readers, Progress* total) {
        if (m_stop.stop_requested()) return;
        const Entry& entry = m_items[item].entry;
        FileProgress progress(total, m_items[item].size);
        const auto info = admit_file(m_files, entry, m_options);
        if (!info.ok()) return m_recorder.record(failed_receipt(entry, std::nullopt, info.error()));
        const Clock::Duration begin = m_clock.steady();
        const auto outcome = hash_opened(entry, *info, readers, progress);
        if (outcome.ok()) {
            // Only now: a card may have failed and others gone on.
            ReceiptOptions options = m_options;
            options.device = m_backend.name();
            m_recorder.record(hashed_receipt(entry, *info, outcome->piece, seconds_between(begin, m_clock.steady()),
                                             outcome->sha256, options));
        }
        if (!outcome.ok() && outcome.error().code != ErrorCode::cancelled)
            m_recorder.record(failed_receipt(entry, *info, outcome.error()));
    }

    Result<commp::HashOutcome> hash_opened(const Entry& entry, const FileInfo& info, unsigned readers,
                                           Progress& progress) {
        FILFIL_TRY(const std::unique_ptr<ReadableFile> file, m_files.open(entry.path));
        commp::HashOptions options;
        options.readers = readers;
        options.sha256 = m_options.sha256;
        options.allow_small = m_options.allow_small;
        options.progress = &progress;
        options.stop = m_stop.get_token();
        FILFIL_TRY(commp::HashOutcome outcome, commp::hash_source(*file, m_backend, m_executor, options));
        FILFIL_CHECK(check_unchanged(m_files, entry, info));
        if (outcome.piece.payload_size != info.size)
            return Error(ErrorCode::io,
                         entry.path + ": changed while it was read (from " + std::to_string(info.size) + " to " +
                             std::to_string(outcome.piece.payload_size) + " bytes)",
                         "run the batch again with --resume once nothing writes to the file");
        return outcome;
    }

    std::span<const WorkItem> m_items;
    Files& m_files;
    commp::Backend& m_backend;
    Executor& m_executor;
    const Clock& m_clock;
    const RunOptions& m_run_options;
    const ReceiptOptions m_options;
    std::stop_source m_stop;
    Recorder m_recorder;
    FinishedPacks m_finished;
    PackContext m_packing;
};

}    // namespace

Result<Summary> run_batch(std::span<const WorkItem> items, Files& files, commp::Backend& backend, Executor& executor,
                          const Clock& clock, ReceiptSink& sink, const RunOptions& options) {
    return Run(items, files, backend, executor, clock, sink, options).run();
}

}    // namespace filfil::batch
