// SPDX-License-Identifier: Apache-2.0 OR MIT

// What it costs to make a chain: the price of every benchmark and test that runs on one.
#include "benches.hpp"
#include "chaingen/generator.hpp"

#include <benchmark/benchmark.h>

namespace filfil::bench {
namespace {

class Discard final : public chaingen::BlockSink {
public:
    Result<void> block(ByteView, ByteView data) override {
        benchmark::DoNotOptimize(data.data());
        return {};
    }
};

/// The genesis state, or with `steps` also what follows it.
void generate(benchmark::State& state, bool steps) {
    Discard sink;
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    for (auto _ : state) {
        auto generator = chaingen::Generator::make(chaingen::Config::of_size(32 * MiB, 1), sink);
        if (!generator.ok()) return state.SkipWithError("the chain was refused");
        for (;;) {
            const auto changes = generator->next();
            if (!changes.ok()) return state.SkipWithError("a step failed");
            if (changes->empty() || !steps) break;
        }
        bytes = generator->section_bytes();
        blocks = generator->blocks();
    }
    using benchmark::Counter;
    state.counters["bytes_per_s"] = Counter(static_cast<double>(bytes), Counter::kIsIterationInvariantRate);
    state.counters["blocks_per_s"] = Counter(static_cast<double>(blocks), Counter::kIsIterationInvariantRate);
}

}    // namespace

void register_chaingen_benches() {
    benchmark::RegisterBenchmark("chaingen/genesis_state", generate, false);
    benchmark::RegisterBenchmark("chaingen/chain", generate, true);
}

}    // namespace filfil::bench
