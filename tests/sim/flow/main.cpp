// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow.hpp"
#include "seed_runner.hpp"

#include <string>

int main(int argc, char** argv) {
    using filfil::sim::FlowOutcome;
    FlowOutcome all;
    const auto n = [](std::uint64_t number) { return std::to_string(number); };
    const filfil::sim::SeedProgram program{
        .name = "flow_sim",
        .run = [&all](std::uint64_t seed, filfil::commp::Backend& hasher, bool trace,
                      bool counts) -> filfil::sim::SeedResult {
            const FlowOutcome outcome = filfil::sim::run_flow(seed, hasher, trace);
            if (counts)
                for (const auto field :
                     {&FlowOutcome::crashes, &FlowOutcome::kills, &FlowOutcome::reorged, &FlowOutcome::slots,
                      &FlowOutcome::staged, &FlowOutcome::deals, &FlowOutcome::paid, &FlowOutcome::missed,
                      &FlowOutcome::failed, &FlowOutcome::cancelled, &FlowOutcome::owed, &FlowOutcome::reasons,
                      &FlowOutcome::went_back})
                    all.*field += outcome.*field;
            return {outcome.wrong, outcome.trace_hash};
        },
        .summary =
            [&] {
                return n(all.crashes) + " power losses, " + n(all.kills) + " kills, " + n(all.reorged) +
                       " blocks taken back; " + n(all.slots) + " windows, " + n(all.staged) + " staged; " +
                       n(all.deals) + " deals: " + n(all.paid) + " paid, " + n(all.missed) + " missed, " +
                       n(all.failed) + " failed, " + n(all.cancelled) + " cancelled; " + n(all.owed) +
                       " had to be paid; " + n(all.reasons) + " reasons held against what was done, " +
                       n(all.went_back) + " deals went back";
            },
        // A simulator in which hardly anything comes to its end would find nothing.
        .too_little =
            [&all](std::uint64_t seeds) {
                return std::string(
                    seeds >= 50 && (all.paid < seeds * 2 || all.owed < seeds / 2) ? "too few deals were paid" : "");
            }};
    return filfil::sim::run_program(program, argc, argv);
}
