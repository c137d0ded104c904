// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "bench/ceilings.hpp"
#include "bench/generated_store.hpp"
#include "commp/cpu_backend.hpp"
#include "report/row.hpp"
#include "snapshot/export.hpp"
#include "snapshot/pages.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include <unistd.h>

namespace filfil::bench {
namespace {

/// What is asked for: the snapshot of it just fits into a piece of 32 GiB.
constexpr std::uint64_t whole_chain = 34'000'000'000;

/// What a chain takes while it is in memory, for each of its bytes: itself, its index, what its maker keeps, the
/// layout.
constexpr double memory_of_byte = 1.5;

/// Waits until whoever started the program closes its standard input.
void wait_for_end_of_input() {
    std::array<char, 64> buffer{};
    while (::read(STDIN_FILENO, buffer.data(), buffer.size()) > 0) {
    }
}

class Snapshots {
public:
    explicit Snapshots(Bench& bench)
        : m_bench(bench),
          m_engine(engine_options(), m_random, bench.clock),
          m_threads(std::max(1U, bench.cpus - 1)),
          m_writers(1) {}

    Result<void> run() {
        FILFIL_CHECK(fill());
        if (m_bench.options.hold) {
            report::Results::say("snapshot: the store is ready, measured once standard input ends");
            wait_for_end_of_input();
        }
        FILFIL_CHECK(lay_out());
        FILFIL_CHECK(emit(1));
        if (m_bench.cpus > 1) FILFIL_CHECK(emit(m_bench.cpus));
        InlineExecutor where_submitted;
        FILFIL_TRY(const auto cpu, commp::make_cpu_backend("", where_submitted, m_bench.clock));
        FILFIL_CHECK(take(*cpu, 1, {"memcpy", m_copying}));
        if (!m_bench.has_card()) return {};
        FILFIL_TRY(const auto card, m_bench.open_card());
        // What bounds it is the copy; or emission, where that is slower.
        HostBound bound{"copy", 0};
        FILFIL_TRY(bound.rate, copy_bound(m_bench));
        if (m_emission < bound.rate) bound = {"emission", m_emission};
        return take(*card, m_bench.pick(2U, 4U), bound);
    }

private:
    Result<void> fill() {
        std::uint64_t bytes = m_bench.options.snapshot_bytes;
        if (bytes == 0) bytes = m_bench.pick(std::uint64_t{16'000'000}, whole_chain);
        const auto room = static_cast<std::uint64_t>(static_cast<double>(m_bench.memory_left()) / memory_of_byte);
        // As much as there is time for, by the pace of a small one.
        const std::uint64_t small = std::min<std::uint64_t>(bytes, m_bench.pick<std::uint64_t>(2'000'000, 256'000'000));
        double begin = m_bench.now();
        {
            SeededRandom random(1);
            snapshot::Engine engine(engine_options(), random, m_bench.clock);
            FILFIL_TRY([[maybe_unused]] const std::uint64_t made, fill_from_generator(engine, small));
        }
        const double pace = static_cast<double>(small) / std::max(m_bench.now() - begin, 1e-3);
        const auto in_time = static_cast<std::uint64_t>(pace * m_bench.options.time_limit);
        const std::uint64_t fitting = std::max(small, std::min({bytes, room, in_time}));
        if (fitting < bytes)
            m_bench.results.fact("cut down",
                                 "the generated chain from " + format_size(bytes) + " to " + format_size(fitting) +
                                     (room < in_time ? ", which memory has room for" : ", which there is time for"));
        touch_memory(static_cast<std::uint64_t>(static_cast<double>(fitting) * memory_of_byte));
        begin = m_bench.now();
        FILFIL_TRY(const std::uint64_t made, fill_from_generator(m_engine, fitting));
        m_bench.results.row({"snapshot/making a chain and loading it, one thread each",
                             "GB/s",
                             {gigabytes(static_cast<double>(made) / (m_bench.now() - begin))}});
        const snapshot::StoreStats store = m_engine.stats().store;
        m_bench.results.row({"snapshot/store, bytes", "GB", {static_cast<double>(store.live_bytes) / 1e9}});
        m_bench.results.row({"snapshot/store, blocks", "M", {static_cast<double>(store.live_blocks) / 1e6}});
        return {};
    }

    /// Has all memory that will be taken touched by all CPUs. A virtual machine's host gives memory when it is touched
    /// for the first time, and one thread alone would spend most of a load waiting for that.
    void touch_memory(std::uint64_t bytes) {
        std::byte* const start = snapshot::map_pages(bytes, true);
        if (start == nullptr) return;
        constexpr std::uint64_t run = 64 * MiB;
        std::atomic<std::uint64_t> next{0};
        const double begin = m_bench.now();
        side_by_side(m_bench.cpus, [&](unsigned) {
            for (std::uint64_t at = 0; (at = next.fetch_add(run)) < bytes;)
                for (std::uint64_t page = at; page < std::min(at + run, bytes); page += 4096)
                    start[page] = std::byte{1};
        });
        m_bench.results.row({"ceiling/first touch of memory, threads:" + std::to_string(m_bench.cpus),
                             "GB/s",
                             {gigabytes(static_cast<double>(bytes) / (m_bench.now() - begin))}});
        snapshot::unmap_pages(start, bytes);
    }

    Result<void> lay_out() {
        snapshot::LayoutOptions options;
        options.recent_stateroots = all_epochs;
        report::Row a_block{"snapshot/layout", "ns/block", {}};
        for (unsigned round = 0; round < m_bench.pick(1U, 2U); ++round) {
            m_layout.reset();
            const double begin = m_bench.now();
            FILFIL_TRY(m_layout, m_engine.layout({}, options));
            m_layout_seconds.push_back(m_bench.now() - begin);
            a_block.samples.push_back(m_layout_seconds.back() / static_cast<double>(m_layout->sections()) * 1e9);
        }
        m_bench.results.row(a_block);
        m_bench.results.row({"snapshot/layout, whole", "s", m_layout_seconds});
        return {};
    }

    /// The bytes of the layout, and nothing done with them.
    Result<void> emit(unsigned threads) {
        constexpr std::size_t run = 4 * MiB;
        {
            const RandomMemory from(uncached_bytes(m_bench), m_bench.cpus, 6);
            FILFIL_TRY(const std::vector<double> copies, memcpy_rates(m_bench, from.bytes(), threads, run, 3));
            m_copying = report::median(copies);
        }
        // One thread alone takes long, and the first gigabytes are like the others.
        const std::uint64_t size =
            threads == 1 ? std::min<std::uint64_t>(m_layout->body_size(), 4 * GiB) : m_layout->body_size();
        report::Row row{
            "snapshot/emission alone, threads:" + std::to_string(threads), "GB/s", {}, "memcpy", gigabytes(m_copying)};
        std::vector<Bytes> to(threads, Bytes(run));
        for (unsigned round = 0; round < m_bench.pick(1U, 3U); ++round) {
            std::atomic<std::uint64_t> next{0};
            std::mutex mutex;
            std::optional<Error> failure;
            const double begin = m_bench.now();
            side_by_side(threads, [&](unsigned i) {
                for (std::uint64_t at = 0; (at = next.fetch_add(run)) < size;) {
                    auto done = m_layout->read(at, ByteSpan(to[i]).first(std::min<std::uint64_t>(run, size - at)));
                    if (done.ok()) continue;
                    const std::scoped_lock lock(mutex);
                    failure = std::move(done).error();
                    return;
                }
            });
            if (failure) return *failure;
            row.samples.push_back(gigabytes(static_cast<double>(size) / (m_bench.now() - begin)));
        }
        m_emission = 1e9 * report::median(row.samples);
        m_bench.results.row(row);
        return {};
    }

    /// Emission and commP, as `fil-fil snapshot export --no-file`.
    Result<void> take(commp::Backend& backend, unsigned rounds, const HostBound& bound) {
        snapshot::ExportOptions options;
        options.piece_size = 32 * GiB;
        options.readers = m_bench.cpus;
        const snapshot::ExportTools tools{m_files, m_bench.clock, backend, m_threads, m_writers};
        const std::string on = ", " + backend.name();
        report::Row rate{"snapshot/emission and commP" + on, "GB/s", {}, bound.name, gigabytes(bound.rate)};
        report::Row whole{"snapshot/layout, emission and commP" + on, "s", {}};
        report::Row together{"snapshot/layout, emission and commP, rate" + on, "GB/s", {}};
        for (unsigned round = 0; round < rounds; ++round) {
            FILFIL_TRY(const snapshot::ExportReport report, snapshot::export_snapshot(*m_layout, tools, options));
            std::vector<commp::Piece> pieces;
            for (const snapshot::ExportedPiece& piece : report.pieces) pieces.push_back(piece.piece);
            if (m_pieces.empty()) m_pieces = pieces;
            if (pieces != m_pieces)
                return Error(ErrorCode::mismatch, "a snapshot has other pieces on " + backend.name());
            // Of several the first makes the buffers.
            if (round == 0 && rounds > 1) continue;
            const double seconds = report::median(m_layout_seconds) + report.emit_seconds;
            rate.samples.push_back(gigabytes(static_cast<double>(report.car_bytes) / report.emit_seconds));
            whole.samples.push_back(seconds);
            together.samples.push_back(gigabytes(static_cast<double>(report.car_bytes) / seconds));
        }
        rate.note = std::to_string(m_pieces.size()) + (m_pieces.size() == 1 ? " piece" : " pieces");
        m_bench.results.row(rate);
        m_bench.results.row(whole);
        m_bench.results.row(together);
        return {};
    }

    Bench& m_bench;
    SystemFiles m_files;
    SeededRandom m_random{1};
    snapshot::Engine m_engine;
    std::unique_ptr<snapshot::Layout> m_layout;    ///< goes before the engine
    std::vector<double> m_layout_seconds;
    std::vector<commp::Piece> m_pieces;
    double m_copying = 0;     ///< bytes a second of memcpy on all CPUs
    double m_emission = 0;    ///< bytes a second of emission alone, likewise
    ThreadPool m_threads;
    ThreadPool m_writers;
};

}    // namespace

Result<void> measure_snapshots(Bench& bench) { return Snapshots(bench).run(); }

}    // namespace filfil::bench
