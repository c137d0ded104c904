// SPDX-License-Identifier: Apache-2.0 OR MIT

// Rates of the inner loops on one core, with the instruction rates that bound them. `--help` lists Google Benchmark's
// options; the ones set here come first, so that the command line overrides them.
#include "base/random.hpp"
#include "benches.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace filfil::bench {

Bytes random_bytes(std::size_t size, std::uint64_t seed) {
    Bytes bytes(size);
    SeededRandom(seed).fill(bytes);
    return bytes;
}

}    // namespace filfil::bench

int main(int argc, char** argv) {
    // A machine is disturbed for longer than one repetition lasts, so the repetitions of all benchmarks are mixed.
    char interleaving[] = "--benchmark_enable_random_interleaving=true";
    char repetitions[] = "--benchmark_repetitions=9";
    char min_time[] = "--benchmark_min_time=0.05";
    char aggregates[] = "--benchmark_display_aggregates_only=true";
    std::vector<char*> arguments{argv[0], interleaving, repetitions, min_time, aggregates};
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    arguments.push_back(nullptr);
    int count = static_cast<int>(arguments.size()) - 1;
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;

    filfil::bench::register_instruction_benches();
    filfil::bench::register_node_benches();
    filfil::bench::register_digest_benches();
    filfil::bench::register_car_benches();
    filfil::bench::register_chaingen_benches();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
