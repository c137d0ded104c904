// SPDX-License-Identifier: Apache-2.0 OR MIT

// Checking every block of a CAR that lies in memory.
#include "benches.hpp"

#ifdef FILFIL_BENCH_CAR
#include "base/units.hpp"
#include "car/header.hpp"
#include "car/verify.hpp"
#include "car/writer.hpp"
#include "chain_blocks.hpp"

#include <benchmark/benchmark.h>

namespace filfil::bench {
namespace {

using benchmark::Counter;

Bytes chain_car(std::size_t blocks) {
    car::MemorySink sink;
    car::Writer writer(sink);
    bool first = true;
    for (const Bytes& block : chain_blocks(blocks, 6)) {
        const ipld::Cid cid = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
        if (first && !writer.header({&cid, 1}).ok()) return {};
        first = false;
        if (!writer.block(cid.bytes(), block).ok()) return {};
    }
    if (!writer.finish().ok()) return {};
    return sink.bytes();
}

void verify(benchmark::State& state, unsigned threads) {
    constexpr std::size_t blocks = 32 * KiB;
    const Bytes bytes = chain_car(blocks);
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
