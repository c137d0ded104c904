// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "bench/ceilings.hpp"
#include "bench/generated_store.hpp"
#include "bench/scratch.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/hash_source.hpp"
#include "gpu/gpu_backend.hpp"
#include "report/row.hpp"
#include "snapshot/export.hpp"

#include <algorithm>
#include <atomic>
#include <optional>

namespace filfil::bench {
namespace {

/// A way to use the card, which the program chooses by itself.
struct Setting {
    std::size_t quads = 0;    ///< of a submission
    unsigned lanes = 0;
    std::size_t buffers = 0;
    unsigned readers = 0;
};

std::string name_of(const Setting& setting) {
    return format_size(setting.quads * commp::quad_padded) + " padded, " + std::to_string(setting.lanes) + " lanes, " +
           std::to_string(setting.buffers) + " buffers, " + std::to_string(setting.readers) + " readers";
}

/// Sizes of submissions, lanes and buffers against each other: what the choice that the program makes is worth.
class Sweep {
public:
    explicit Sweep(Bench& bench)
        : m_bench(bench),
          m_engine(engine_options(), m_random, bench.clock),
          m_threads(std::max(1U, bench.cpus - 1)),
          m_writers(1) {}

    Result<void> run() {
        FILFIL_TRY(m_folder, ScratchFolder::make(m_bench));
        m_path = m_folder->path() + "/payload";
        const std::uint64_t wanted = std::min(m_bench.pick(64 * MiB, 4 * GiB), scratch_room(m_bench));
        FILFIL_TRY(m_size, make_random_file(m_bench, m_path, payload_of(wanted)));
        FILFIL_TRY([[maybe_unused]] const std::uint64_t made,
                   fill_from_generator(m_engine, m_bench.pick<std::uint64_t>(16'000'000, 3'000'000'000)));
        snapshot::LayoutOptions options;
        options.recent_stateroots = all_epochs;
        FILFIL_TRY(m_layout, m_engine.layout({}, options));
        FILFIL_CHECK(runs());
        for (const Setting& setting : settings()) FILFIL_CHECK(measure(setting));
        return {};
    }

private:
    /// Reading and emission alone, by how much a thread writes before it begins anew at the same place.
    Result<void> runs() {
        for (std::size_t bytes = 256 * KiB; bytes <= 32 * MiB; bytes *= 2) {
            FILFIL_TRY(const std::vector<double> reads,
                       read_rates(m_bench, m_path, m_size, m_bench.cpus, bytes, m_bench.pick(1U, 3U)));
            add("sweep/reading alone, buffers of " + format_size(bytes), reads);
            FILFIL_TRY(const std::vector<double> emitted, emission_rates(bytes));
            add("sweep/emission alone, buffers of " + format_size(bytes), emitted);
        }
        return {};
    }

    Result<std::vector<double>> emission_rates(std::size_t run) {
        std::vector<std::unique_ptr<HostMemory>> to(m_bench.cpus);
        for (auto& memory : to) {
            FILFIL_TRY(memory, HostMemory::make(m_bench, run));
        }
        const std::uint64_t size = m_layout->body_size();
        std::vector<double> rates;
        for (unsigned round = 0; round <= m_bench.pick(1U, 3U); ++round) {
            std::atomic<std::uint64_t> next{0};
            std::atomic<bool> failed{false};
            const double begin = m_bench.now();
            side_by_side(m_bench.cpus, [&](unsigned i) {
                for (std::uint64_t at = 0; (at = next.fetch_add(run)) < size;)
                    if (!m_layout->read(at, to[i]->bytes().first(std::min<std::uint64_t>(run, size - at))).ok())
                        failed = true;
            });
            if (failed) return Error(ErrorCode::internal, "the layout cannot be read");
            if (round != 0) rates.push_back(static_cast<double>(size) / (m_bench.now() - begin));
        }
        return rates;
    }

    [[nodiscard]] std::vector<Setting> settings() const {
        const unsigned cpus = m_bench.cpus;
        const unsigned readers = std::max(1U, cpus * 3 / 4);
        std::vector<Setting> out;
        for (const std::size_t quads : {1U << 14, 1U << 15, 1U << 16, 1U << 17}) {
            for (const unsigned lanes : {2U, 3U, 4U, 6U}) out.push_back({quads, lanes, lanes + readers, readers});
            for (const unsigned other : {std::max(1U, cpus / 2), cpus}) out.push_back({quads, 4, 4 + other, other});
            // As many as there are lanes are filled ahead.
            out.push_back({quads, 4, 8 + readers, readers});
        }
        return out;
    }

    Result<void> measure(const Setting& setting) {
        gpu::GpuBackendOptions options;
        options.cards = {{m_bench.card->number, "", m_bench.trial->variant, setting.lanes}};
        options.quads = setting.quads;
        options.staging_count = setting.buffers;
        FILFIL_TRY(const commp::ChosenKernel cpu, commp::choose_kernel("", m_bench.clock));
        options.cpu = cpu.kernel;
        FILFIL_TRY(const auto card,
                   gpu::make_gpu_backend(*m_bench.runtime,
                                         std::make_unique<ThreadPool>(std::max(setting.lanes, m_bench.cpus)), options));
        std::vector<double> of_file;
        std::vector<double> of_snapshot;
        for (unsigned round = 0; round <= m_bench.pick(1U, 4U); ++round) {
            FILFIL_TRY(const auto file, m_files.open(m_path));
            commp::HashOptions how;
            how.readers = setting.readers;
            const double begin = m_bench.now();
            FILFIL_TRY(const commp::HashOutcome hashed, commp::hash_source(*file, *card, m_threads, how));
            const double end = m_bench.now();
            snapshot::ExportOptions exported;
            exported.piece_size = 32 * GiB;
            exported.readers = setting.readers;
            const snapshot::ExportTools tools{m_files, m_bench.clock, *card, m_threads, m_writers};
            FILFIL_TRY(const snapshot::ExportReport report, snapshot::export_snapshot(*m_layout, tools, exported));
            if (!m_of_file) m_of_file = hashed.piece;
            if (!m_of_snapshot) m_of_snapshot = report.pieces.front().piece;
            if (hashed.piece != m_of_file || report.pieces.front().piece != m_of_snapshot)
                return Error(ErrorCode::mismatch, "another piece with " + name_of(setting));
            // The first makes the buffers.
            if (round == 0) continue;
            of_file.push_back(static_cast<double>(m_size) / (end - begin));
            of_snapshot.push_back(static_cast<double>(report.car_bytes) / report.emit_seconds);
        }
        add("sweep/page cache, " + name_of(setting), of_file);
        add("sweep/snapshot, " + name_of(setting), of_snapshot);
        return {};
    }

    void add(std::string name, const std::vector<double>& rates) {
        report::Row row{std::move(name), "GB/s", {}};
        for (const double rate : rates) row.samples.push_back(gigabytes(rate));
        m_bench.results.row(row);
    }

    Bench& m_bench;
    SystemFiles m_files;
    SeededRandom m_random{1};
    std::unique_ptr<ScratchFolder> m_folder;
    std::string m_path;
    std::uint64_t m_size = 0;
    snapshot::Engine m_engine;
    std::unique_ptr<snapshot::Layout> m_layout;    ///< goes before the engine
    std::optional<commp::Piece> m_of_file;
    std::optional<commp::Piece> m_of_snapshot;
    ThreadPool m_threads;
    ThreadPool m_writers;
};

}    // namespace

Result<void> measure_sweep(Bench& bench) { return Sweep(bench).run(); }

}    // namespace filfil::bench
