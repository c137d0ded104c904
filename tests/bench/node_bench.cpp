// SPDX-License-Identifier: Apache-2.0 OR MIT

// Tree nodes from payload in the cache, for every instruction set that this CPU has.
#include "benches.hpp"
#include "commp/fr32.hpp"
#include "commp/kernel.hpp"

#include <benchmark/benchmark.h>

namespace filfil::bench {
namespace {

using namespace commp;
using benchmark::Counter;

// What the CPU backend hashes at a time (core/commp/cpu_backend.cpp).
constexpr std::size_t staging_quads = 3072;
constexpr unsigned job_level = 12;
constexpr std::size_t slack = 64;

void hash_staging(benchmark::State& state, const Kernel& kernel) {
    const Bytes payload = random_bytes(staging_quads * quad_payload + slack, 1);
    std::vector<Node> nodes;
    for (auto _ : state) {
        hash_quads(kernel, payload.data(), staging_quads, job_level, nodes);
        benchmark::DoNotOptimize(nodes.data());
    }
    // A binary tree over n leaves has n - 1 inner nodes; here one tree for each node that comes out.
    const std::size_t trees = staging_quads >> (job_level - quad_level);
    state.counters["nodes_per_s"] =
        Counter(static_cast<double>(4 * staging_quads - trees), Counter::kIsIterationInvariantRate);
    state.counters["payload_per_s"] =
        Counter(static_cast<double>(staging_quads * quad_payload), Counter::kIsIterationInvariantRate);
}

void hash_parents(benchmark::State& state, const Kernel& kernel) {
    constexpr std::size_t count = 512;
    const Bytes bytes = random_bytes(2 * count * sizeof(Node), 2);
    std::vector<Node> children(2 * count);
    std::memcpy(children.data(), bytes.data(), bytes.size());
    std::vector<Node> parents(count);
    for (auto _ : state) {
        kernel.parents(children.data(), parents.data(), count);
        benchmark::DoNotOptimize(parents.data());
    }
    state.counters["nodes_per_s"] = Counter(static_cast<double>(count), Counter::kIsIterationInvariantRate);
}

void pad_quads(benchmark::State& state) {
    constexpr std::size_t quads = 64;
    const Bytes payload = random_bytes(quads * quad_payload, 3);
    std::uint64_t padded[quads][16];
    for (auto _ : state) {
        for (std::size_t i = 0; i < quads; ++i) pad_quad(payload.data() + i * quad_payload, padded[i]);
        benchmark::DoNotOptimize(padded);
    }
    state.counters["payload_per_s"] = Counter(static_cast<double>(payload.size()), Counter::kIsIterationInvariantRate);
}

}    // namespace

void register_node_benches() {
    for (const Kernel* kernel : all_kernels()) {
        if (!kernel->supported()) continue;
        const std::string name(kernel->name);
        benchmark::RegisterBenchmark(("hash_quads/" + name).c_str(),
                                     [kernel](benchmark::State& state) { hash_staging(state, *kernel); });
        benchmark::RegisterBenchmark(("parents/" + name).c_str(),
                                     [kernel](benchmark::State& state) { hash_parents(state, *kernel); });
    }
    benchmark::RegisterBenchmark("fr32/portable", pad_quads);
}

}    // namespace filfil::bench
