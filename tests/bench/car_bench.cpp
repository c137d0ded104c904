// SPDX-License-Identifier: Apache-2.0 OR MIT

// Checking every block of a CAR that lies in memory.
#include "benches.hpp"

#ifdef FILFIL_BENCH_CAR
#include "base/units.hpp"
#include "car/verify.hpp"
#include "chain_car.hpp"

#include <benchmark/benchmark.h>

namespace filfil::bench {
namespace {

using benchmark::Counter;

void verify(benchmark::State& state, unsigned threads) {
    constexpr std::size_t blocks = 32 * KiB;
    car::MemorySink car;
    if (!write_chain_car(car, blocks).ok()) return state.SkipWithError("the CAR could not be made");
    const Bytes& bytes = car.bytes();
    std::unique_ptr<Executor> executor;
    if (threads > 1)
        executor = std::make_unique<ThreadPool>(threads);
    else
        executor = std::make_unique<InlineExecutor>();
    for (auto _ : state) {
        const auto report = car::verify(memory_file("chain.car", bytes), *executor);
        if (!report.ok() || !report->good() || report->blocks != blocks)
            state.SkipWithError("the CAR was not found whole");
    }
    state.counters["bytes_per_s"] = Counter(static_cast<double>(bytes.size()), Counter::kIsIterationInvariantRate);
    state.counters["blocks_per_s"] = Counter(static_cast<double>(blocks), Counter::kIsIterationInvariantRate);
}

}    // namespace

void register_car_benches() {
    const unsigned all = usable_cpus();
    benchmark::RegisterBenchmark("car/verify/threads:1", [](benchmark::State& state) {
        verify(state, 1);
    })->UseRealTime();
    if (all > 1)
        benchmark::RegisterBenchmark(("car/verify/threads:" + std::to_string(all)).c_str(),
                                     [all](benchmark::State& state) { verify(state, all); })
            ->UseRealTime();
}

}    // namespace filfil::bench
#else
namespace filfil::bench {
void register_car_benches() {}
}    // namespace filfil::bench
#endif
