// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace filfil::bench {

// Each registers the benchmarks of one file with Google Benchmark. Names are paths, "hash_quads/shani"; counters that
// end in "_per_s" are rates over the thread's CPU time, or over wall time where the name says how many threads run.

void register_instruction_benches();
void register_node_benches();
void register_digest_benches();
void register_car_benches();
void register_chaingen_benches();

/// `size` bytes of SplitMix64 from `seed`: the same on every machine.
Bytes random_bytes(std::size_t size, std::uint64_t seed);

}    // namespace filfil::bench
