// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "seed_runner.hpp"
#include "simulation.hpp"

#include <string>

int main(int argc, char** argv) {
    using filfil::sim::Outcome;
    Outcome all;
    const auto n = [](std::uint64_t number) { return std::to_string(number); };
    const filfil::sim::SeedProgram program{
        .name = "sim",
        .run = [&all](std::uint64_t seed, filfil::commp::Backend& hasher, bool trace,
                      bool counts) -> filfil::sim::SeedResult {
            const Outcome outcome = filfil::sim::run_seed(seed, hasher, trace);
            if (counts)
                for (const auto field : {&Outcome::crashes, &Outcome::kills, &Outcome::snapshots, &Outcome::scheduled,
                                         &Outcome::staged, &Outcome::reorged})
                    all.*field += outcome.*field;
            return {outcome.wrong, outcome.trace_hash};
        },
        .summary =
            [&] {
                return n(all.crashes) + " power losses, " + n(all.kills) + " kills, " + n(all.snapshots) +
                       " snapshots, " + n(all.scheduled) + " of them by schedules; " + n(all.staged) +
                       " slots staged, " + n(all.reorged) + " blocks of their chain taken back";
            },
        // Where the slot's snapshot could not be had in time there was nothing to stage; that is not so in most seeds.
        .too_little =
            [&all](std::uint64_t seeds) {
                return std::string(seeds >= 50 && all.staged * 2 < seeds ? "in too few seeds was a slot staged" : "");
            }};
    return filfil::sim::run_program(program, argc, argv);
}
