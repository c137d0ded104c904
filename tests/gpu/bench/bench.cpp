// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/bench.hpp"

#include "base/units.hpp"

#include <fstream>
#include <string>

namespace filfil::bench {

std::uint64_t Bench::memory_left() const {
    if (options.memory != 0) return options.memory;
    std::ifstream file("/proc/meminfo");
    constexpr std::string_view name = "MemAvailable:";
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name)) return std::stoull(line.substr(name.size())) * KiB;
    return 0;
}

Result<std::unique_ptr<commp::Backend>> Bench::open_card() const { return provider->open({.cards = {card->number}}); }

}    // namespace filfil::bench
