// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "base/units.hpp"
#include "batch/run.hpp"
#include "bench/ceilings.hpp"
#include "bench/scratch.hpp"
#include "commp/cpu_backend.hpp"
#include "report/row.hpp"

#include <algorithm>
#include <atomic>
#include <unordered_map>

namespace filfil::bench {
namespace {

class Receipts final : public batch::ReceiptSink {
public:
    [[nodiscard]] Result<void> take(const batch::Receipt& receipt) override {
        if (!receipt.ok()) return Error(ErrorCode::io, receipt.path + ": " + receipt.error);
        m_cids[receipt.path] = receipt.computed->piece_cid_v2;
        return {};
    }
    bool operator==(const Receipts& other) const { return m_cids == other.m_cids; }

private:
    std::unordered_map<std::string, std::string> m_cids;
};

/// What `fil-fil batch` does with many files.
class Batches {
public:
    explicit Batches(Bench& bench) : m_bench(bench), m_threads(std::max(1U, bench.cpus - 1)) {}

    Result<void> run(std::size_t count, std::size_t size, const HostBound& bound) {
        FILFIL_TRY(const auto folder, ScratchFolder::make(m_bench));
        const std::size_t fitting =
            static_cast<std::size_t>(std::min<std::uint64_t>(count, scratch_room(m_bench) / (size + 4096)));
        if (fitting < count)
            m_bench.results.fact("cut down", std::to_string(count) + " files of " + format_size(size) + " to " +
                                                 std::to_string(fitting) + ", which " + m_bench.options.scratch +
                                                 " has room for");
        if (fitting == 0) return {};
        FILFIL_TRY(const std::vector<std::string> paths, make_random_files(m_bench, folder->path(), fitting, size));
        const std::string name = "batch/" + std::to_string(fitting) + " files of " + format_size(size);
        const double bytes = static_cast<double>(fitting * size);

        FILFIL_TRY(const double reading, read_all_of(paths, size));
        m_bench.results.row({name + ", opening and reading alone", "GB/s", {gigabytes(bytes / reading)}});
        InlineExecutor where_submitted;
        FILFIL_TRY(const auto cpu, commp::make_cpu_backend("", where_submitted, m_bench.clock));
        FILFIL_TRY(const Timed on_cpu, hash(*cpu, paths));
        m_bench.results.row({name + ", " + cpu->name(),
                             "GB/s",
                             {gigabytes(bytes / on_cpu.seconds)},
                             "reading",
                             gigabytes(bytes / reading)});
        if (!m_bench.has_card()) return {};
        FILFIL_TRY(const auto card, m_bench.open_card());
        const bool reads_slower = bytes / reading < bound.rate;
        report::Row rate{name + ", " + card->name(),
                         "GB/s",
                         {},
                         reads_slower ? "reading" : bound.name,
                         gigabytes(std::min(bytes / reading, bound.rate))};
        report::Row files{name + ", " + card->name() + ", files", "files/s", {}};
        for (unsigned round = 0; round < m_bench.pick(2U, 4U); ++round) {
            FILFIL_TRY(const Timed on_card, hash(*card, paths));
            if (!(on_card.receipts == on_cpu.receipts))
                return Error(ErrorCode::mismatch, name + ": the card gives other pieces than the CPU");
            // The first makes the buffers.
            if (round == 0) continue;
            rate.samples.push_back(gigabytes(bytes / on_card.seconds));
            files.samples.push_back(static_cast<double>(fitting) / on_card.seconds);
        }
        m_bench.results.row(rate);
        m_bench.results.row(files);
        return {};
    }

private:
    struct Timed {
        Receipts receipts;
        double seconds = 0;
    };

    /// @return the receipts and the seconds of the run, the look at all files before it not counted
    Result<Timed> hash(commp::Backend& backend, const std::vector<std::string>& paths) {
        std::vector<batch::Entry> entries(paths.size());
        for (std::size_t i = 0; i < paths.size(); ++i) entries[i].path = paths[i];
        const auto items = batch::take_stock(m_files, m_threads, std::move(entries));
        Timed out;
        batch::RunOptions options;
        options.workers = m_bench.cpus;
        FILFIL_TRY(const batch::Summary summary,
                   batch::run_batch(items, m_files, backend, m_threads, m_bench.clock, out.receipts, options));
        out.seconds = summary.seconds;
        return out;
    }

    /// Opens, reads and closes every file on all threads. @return seconds of the second time
    Result<double> read_all_of(const std::vector<std::string>& paths, std::size_t size) {
        std::atomic<bool> failed{false};
        double seconds = 0;
        for (int round = 0; round < 2; ++round) {
            std::atomic<std::size_t> next{0};
            const double begin = m_bench.now();
            side_by_side(m_bench.cpus, [&](unsigned) {
                Bytes bytes(size);
                for (std::size_t i = 0; (i = next.fetch_add(1)) < paths.size();) {
                    const auto file = m_files.open(paths[i]);
                    if (!file.ok() || !(*file)->read_at(0, bytes).ok()) failed = true;
                }
            });
            seconds = m_bench.now() - begin;
        }
        if (failed) return Error(ErrorCode::io, "a file of the batch cannot be read back");
        return seconds;
    }

    Bench& m_bench;
    SystemFiles m_files;
    ThreadPool m_threads;
};

}    // namespace

Result<void> measure_many_files(Bench& bench) {
    FILFIL_TRY(const HostBound bound, host_bound(bench));
    Batches batches(bench);
    FILFIL_CHECK(batches.run(bench.pick<std::size_t>(100, 10'000), MiB, bound));
    return batches.run(bench.pick<std::size_t>(1000, 20'000), 64 * KiB, bound);
}

}    // namespace filfil::bench
