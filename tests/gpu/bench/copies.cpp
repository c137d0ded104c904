// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "bench/ceilings.hpp"

#include <algorithm>

namespace filfil::bench {
namespace {

Result<void> add(Bench& bench, std::string name, Result<std::vector<double>> rates) {
    if (!rates.ok()) return std::move(rates).error();
    report::Row row{std::move(name), "GB/s", {}};
    for (const double rate : *rates) row.samples.push_back(gigabytes(rate));
    bench.results.row(row);
    return {};
}

}    // namespace

Result<void> measure_copies(Bench& bench) {
    const unsigned rounds = bench.pick(2U, 5U);
    if (bench.has_card()) {
        for (const std::size_t bytes : {MiB, 4 * MiB, 16 * MiB, 64 * MiB, 256 * MiB})
            FILFIL_CHECK(add(bench, "ceiling/copy to the card, pinned, " + format_size(bytes),
                             copy_rates(bench, Direction::to_card, bytes, 1, rounds)));
        for (const unsigned queues : {2U, 4U})
            FILFIL_CHECK(add(bench, "ceiling/copy to the card, pinned, 16MiB, " + std::to_string(queues) + " queues",
                             copy_rates(bench, Direction::to_card, 16 * MiB, queues, rounds)));
        for (const std::size_t bytes : {MiB, 64 * MiB})
            FILFIL_CHECK(add(bench, "ceiling/copy from the card, pinned, " + format_size(bytes),
                             copy_rates(bench, Direction::from_card, bytes, 1, rounds)));
    }
    const RandomMemory from(uncached_bytes(bench), bench.cpus, 2);
    for (unsigned threads = 1;; threads = std::min(2 * threads, bench.cpus)) {
        FILFIL_CHECK(add(bench, "ceiling/memcpy, threads:" + std::to_string(threads),
                         memcpy_rates(bench, from.bytes(), threads, 16 * MiB, rounds)));
        if (threads == bench.cpus) return {};
    }
}

}    // namespace filfil::bench
