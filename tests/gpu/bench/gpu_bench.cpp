// SPDX-License-Identifier: Apache-2.0 OR MIT
// gpu_bench: how fast a card hashes, each figure beside what bounds it. Ends with 0, with 1 if a part failed, with 2
// for a wrong call, and with 3, saying why, where there is no card. See `usage` for the options.
#include "base/units.hpp"
#include "bench/bench.hpp"
#include "bench/scratch.hpp"
#include "gpu/cuda_runtime.hpp"
#include "gpu/provider.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>

namespace filfil::bench {
namespace {

constexpr int measured = 0;
constexpr int part_failed = 1;
constexpr int wrong_call = 2;
constexpr int no_card = 3;

constexpr const char* usage = R"(gpu_bench [OPTION…]
  --part NAME             measure this part; may be given several times (all but 'sweep', unless it is)
  --list                  print the parts' names
  --out FOLDER            keep what comes out in FOLDER, line by line
  --scratch FOLDER        where files are made (/dev/shm, or /tmp where that has more room)
  --sass FILE             what `cuobjdump --dump-sass` says of the kernels: bounds come from it
  --card N                which card (0)
  --quick                 small inputs, a few seconds a part
  --without-card          only what needs no card
  --hold                  the snapshot part makes its chain, and measures once standard input ends
  --memory SIZE           how much memory may be taken (what the system says is available)
  --snapshot-bytes SIZE   of the generated chain (34 GB, or what fits)
  --time-limit SECONDS    for making a chain (150), a fifth of them for a file; what takes longer is made smaller
)";

struct Part {
    std::string_view name;
    Result<void> (*measure)(Bench&);
    bool needs_card;
    bool by_name_only = false;    ///< for whoever tunes
};

constexpr std::array parts{
    Part{"machine", measure_machine, false},    Part{"copies", measure_copies, false},
    Part{"kernels", measure_kernels, true},     Part{"pinned", measure_pinned, true},
    Part{"files", measure_files, false},        Part{"batch", measure_many_files, false},
    Part{"snapshot", measure_snapshots, false}, Part{"sweep", measure_sweep, true, true},
};

struct Call {
    Options options;
    bool list = false;
};

Result<Call> parse(std::span<char* const> arguments) {
    Call call;
    Options& options = call.options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string name = arguments[i];
        if (name == "--list" || name == "--quick" || name == "--without-card" || name == "--hold") {
            (name == "--list"    ? call.list
             : name == "--quick" ? options.quick
             : name == "--hold"  ? options.hold
                                 : options.without_card) = true;
            continue;
        }
        if (i + 1 == arguments.size())
            return Error(ErrorCode::invalid_argument, "'" + name + "' is unknown or has no value", usage);
        const std::string value = arguments[++i];
        if (name == "--part") {
            if (std::ranges::find(parts, value, &Part::name) == parts.end())
                return Error(ErrorCode::invalid_argument, "there is no part '" + value + "'", "see gpu_bench --list");
            options.parts.push_back(value);
        } else if (name == "--out") {
            options.out = value;
        } else if (name == "--scratch") {
            options.scratch = value;
        } else if (name == "--sass") {
            options.sass = value;
        } else if (name == "--card") {
            options.card = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
        } else if (name == "--memory") {
            FILFIL_TRY(options.memory, parse_size(value));
        } else if (name == "--snapshot-bytes") {
            FILFIL_TRY(options.snapshot_bytes, parse_size(value));
        } else if (name == "--time-limit") {
            options.time_limit = std::strtod(value.c_str(), nullptr);
        } else {
            return Error(ErrorCode::invalid_argument, "there is no option '" + name + "'", usage);
        }
    }
    if (options.scratch.empty()) options.scratch = usual_scratch();
    return call;
}

/// All parts that were asked for, whatever becomes of each. @return whether all of them could be measured
bool run_parts(Bench& bench) {
    bool all = true;
    for (const Part& part : parts) {
        const auto& asked = bench.options.parts;
        if (asked.empty() ? part.by_name_only : std::ranges::find(asked, part.name) == asked.end()) continue;
        if (part.needs_card && !bench.has_card()) continue;
        const double begin = bench.now();
        if (auto done = part.measure(bench); !done.ok()) {
            bench.results.failure(part.name, done.error());
            all = false;
        }
        report::Results::say("(" + std::string(part.name) + ": " + format_duration(bench.now() - begin) + ")");
    }
    return all;
}

int run(std::span<char* const> arguments) {
    const auto call = parse(arguments);
    if (!call.ok()) {
        std::fprintf(stderr, "gpu_bench: %s\n", call.error().text().c_str());
        return wrong_call;
    }
    if (call->list) {
        for (const Part& part : parts) std::printf("%s\n", std::string(part.name).c_str());
        return measured;
    }
    const Options& options = call->options;
    const SystemClock clock;
    report::Results results(options.out);
    Bench bench{.options = options, .clock = clock, .results = results, .cpus = usable_cpus()};
    if (options.without_card) return run_parts(bench) ? measured : part_failed;

    auto runtime = gpu::make_cuda_runtime();
    const auto cards = runtime->cards();
    if (!cards.ok() || options.card >= cards->size()) {
        results.fact("no card", cards.ok() ? "there are fewer cards than --card asks for" : cards.error().text());
        return no_card;
    }
    bench.card = &(*cards)[options.card];
    const auto trial = gpu::try_card(*runtime, *bench.card, clock);
    if (!trial.ok()) {
        results.failure("trial of the card", trial.error());
        return part_failed;
    }
    bench.trial = &*trial;
    bench.runtime = runtime.get();
    const auto provider = gpu::make_gpu_provider(
        std::move(runtime), clock, [](unsigned threads) { return std::make_unique<ThreadPool>(threads); });
    bench.provider = provider.get();
    return run_parts(bench) ? measured : part_failed;
}

}    // namespace
}    // namespace filfil::bench

int main(int count, char** arguments) {
    return filfil::bench::run(std::span(arguments + 1, static_cast<std::size_t>(count - 1)));
}
