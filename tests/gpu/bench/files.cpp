// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "base/units.hpp"
#include "bench/ceilings.hpp"
#include "bench/scratch.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/hash_source.hpp"
#include "report/row.hpp"

#include <algorithm>
#include <array>

namespace filfil::bench {
namespace {

/// What `fil-fil commp` does with one file.
class Hashing {
public:
    explicit Hashing(Bench& bench) : m_bench(bench), m_threads(std::max(1U, bench.cpus - 1)) {}

    struct Timed {
        commp::Piece piece;
        double seconds = 0;
    };
    Result<Timed> hash(commp::Backend& backend, const std::string& path) {
        FILFIL_TRY(const auto file, m_files.open(path));
        commp::HashOptions options;
        options.readers = m_bench.cpus;
        const double begin = m_bench.now();
        FILFIL_TRY(const commp::HashOutcome outcome, commp::hash_source(*file, backend, m_threads, options));
        return Timed{outcome.piece, m_bench.now() - begin};
    }

private:
    Bench& m_bench;
    SystemFiles m_files;
    ThreadPool m_threads;
};

}    // namespace

Result<void> measure_files(Bench& bench) {
    constexpr std::array<std::uint64_t, 5> pieces{32 * GiB, 16 * GiB, 4 * GiB, GiB, 128 * MiB};
    FILFIL_TRY(const HostBound bound, host_bound(bench));
    FILFIL_TRY(const auto folder, ScratchFolder::make(bench));
    const std::string path = folder->path() + "/payload";
    const std::uint64_t wanted = bench.pick(128 * MiB, 32 * GiB);
    const std::uint64_t asked = payload_of(std::min(wanted, scratch_room(bench)));
    const double begin = bench.now();
    FILFIL_TRY(const std::uint64_t made, make_random_file(bench, path, asked));
    report::Results::say("made a file of " + format_size(made) + " in " + format_duration(bench.now() - begin));

    Hashing hashing(bench);
    InlineExecutor where_submitted;
    FILFIL_TRY(const auto cpu, commp::make_cpu_backend("", where_submitted, bench.clock));
    std::unique_ptr<commp::Backend> card;
    if (bench.has_card()) {
        FILFIL_TRY(card, bench.open_card());
    }
    // Downwards: each is the beginning of the one before.
    for (const std::uint64_t padded : pieces) {
        if (payload_of(padded) > made) {
            if (padded <= wanted)
                bench.results.fact("left out", "a file for a piece of " + format_size(padded) + ": there was " +
                                                   (made < asked ? "time" : "room") + " for " + format_size(made) +
                                                   " in " + bench.options.scratch);
            continue;
        }
        const std::uint64_t payload = payload_of(padded);
        FILFIL_CHECK(shorten(path, payload));
        const std::string name = "files/one for a piece of " + format_size(padded);
        FILFIL_TRY(const std::vector<double> reads,
                   read_rates(bench, path, payload, bench.cpus,
                              bench.has_card() ? bench.trial->quads * commp::quad_payload : 4 * MiB, 1));
        const double reading = report::median(reads);
        bench.results.row({name + ", reading alone", "GB/s", {gigabytes(reading)}});
        FILFIL_TRY(const Hashing::Timed on_cpu, hashing.hash(*cpu, path));
        const double cpu_rate = static_cast<double>(payload) / on_cpu.seconds;
        bench.results.row({name + ", " + cpu->name() + " on " + std::to_string(bench.cpus) + " threads",
                           "GB/s",
                           {gigabytes(cpu_rate)},
                           "reading",
                           gigabytes(reading)});
        if (!card) continue;
        report::Row row{name + ", " + card->name(), "GB/s", {}, bound.name, gigabytes(bound.rate)};
        report::Row against{name + ", " + card->name() + " : cpu", "x", {}};
        for (unsigned round = 0; round < bench.pick(2U, 4U); ++round) {
            FILFIL_TRY(const Hashing::Timed on_card, hashing.hash(*card, path));
            if (on_card.piece != on_cpu.piece)
                return Error(ErrorCode::mismatch, name + ": the card gives another piece than the CPU");
            // The first makes the buffers.
            if (round == 0) continue;
            row.samples.push_back(gigabytes(static_cast<double>(payload) / on_card.seconds));
            against.samples.push_back(on_cpu.seconds / on_card.seconds);
        }
        bench.results.row(row);
        bench.results.row(against);
    }
    return {};
}

}    // namespace filfil::bench
