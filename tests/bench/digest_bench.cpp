// SPDX-License-Identifier: Apache-2.0 OR MIT

// What a block of a chain costs to check and to open for links.
#include "benches.hpp"
#include "chain_blocks.hpp"
#include "ipld/digest.hpp"
#include "ipld/link_scan.hpp"

#include <benchmark/benchmark.h>

namespace filfil::bench {
namespace {

using benchmark::Counter;
using DigestFunction = ipld::Digest256 (*)(ByteView) noexcept;

void digest(benchmark::State& state, DigestFunction function, std::size_t size) {
    const Bytes block = random_bytes(size, 4);
    for (auto _ : state) benchmark::DoNotOptimize(function(block));
    state.counters["bytes_per_s"] = Counter(static_cast<double>(size), Counter::kIsIterationInvariantRate);
    state.counters["blocks_per_s"] = Counter(1, Counter::kIsIterationInvariantRate);
}

/// Blocks of a chain by the thousand, as checking a CAR hashes them.
void digest_many(benchmark::State& state) {
    const std::vector<Bytes> blocks = chain_blocks(1024, 7);
    const std::vector<ByteView> views(blocks.begin(), blocks.end());
    std::vector<ipld::Digest256> digests(blocks.size());
    std::size_t bytes = 0;
    for (const Bytes& block : blocks) bytes += block.size();
    for (auto _ : state) {
        ipld::blake2b_256_many(views, digests);
        benchmark::DoNotOptimize(digests.data());
    }
    state.counters["bytes_per_s"] = Counter(static_cast<double>(bytes), Counter::kIsIterationInvariantRate);
    state.counters["blocks_per_s"] = Counter(static_cast<double>(blocks.size()), Counter::kIsIterationInvariantRate);
}

void scan(benchmark::State& state) {
    const std::vector<Bytes> blocks = chain_blocks(1024, 5);
    std::size_t links = 0;
    std::size_t bytes = 0;
    for (const Bytes& block : blocks) bytes += block.size();
    for (auto _ : state) {
        links = 0;
        for (const Bytes& block : blocks)
            if (!ipld::scan_links(block, [&links](ByteView) { ++links; }).ok())
                state.SkipWithError("a block was refused");
        benchmark::DoNotOptimize(links);
    }
    state.counters["bytes_per_s"] = Counter(static_cast<double>(bytes), Counter::kIsIterationInvariantRate);
    state.counters["blocks_per_s"] = Counter(static_cast<double>(blocks.size()), Counter::kIsIterationInvariantRate);
    state.counters["links_per_s"] = Counter(static_cast<double>(links), Counter::kIsIterationInvariantRate);
}

void register_digest(const std::string& name, DigestFunction function) {
    for (const std::size_t size : {std::size_t{128}, std::size_t{1024}, std::size_t{16384}})
        benchmark::RegisterBenchmark(("digest/" + name + "/" + std::to_string(size)).c_str(),
                                     [=](benchmark::State& state) { digest(state, function, size); });
}

}    // namespace

void register_digest_benches() {
    register_digest("blake2b_256", ipld::blake2b_256);
    register_digest("blake2b_256_portable", ipld::blake2b_256_portable);
    register_digest("sha2_256", ipld::sha2_256);
    register_digest("sha2_256_portable", ipld::sha2_256_portable);
    benchmark::RegisterBenchmark("digest/blake2b_256_many/1024_blocks", digest_many);
    benchmark::RegisterBenchmark("links/scan", scan);
}

}    // namespace filfil::bench
