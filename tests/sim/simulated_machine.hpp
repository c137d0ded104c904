// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "memory_transport.hpp"
#include "virtual_clock.hpp"

#include <string>

namespace filfil::sim {

/// A machine's part of a world: what is gone when its process is killed.
struct Machine {
    Machine(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
            const std::string& address)
        : loop(clock),
          workers(clock),
          transport(network, address),
          random(seed),
          world{clock, loop, workers, files, transport, random, log} {}
    ~Machine() {
        while (loop.clear() + workers.clear() > 0) {
        }
    }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    ManualExecutor loop;
    ManualExecutor workers;
    MemoryTransport transport;
    SeededRandom random;
    World world;
};

}    // namespace filfil::sim
