// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow.hpp"

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/cpu_backend.hpp"

#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using filfil::sim::FlowOutcome;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

struct Asked {
    std::uint64_t from = 1;
    std::uint64_t to = 100;
    bool trace = false;
    bool again = false;    ///< each seed twice
};

std::optional<Asked> read(const std::vector<std::string_view>& arguments) {
    Asked out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view name = arguments[i];
        if (name == "--trace") {
            out.trace = true;
        } else if (name == "--again") {
            out.again = true;
        } else if ((name == "--seed" || name == "--seeds") && i + 1 < arguments.size()) {
            const std::string_view value = arguments[++i];
            const std::size_t dots = value.find("..");
            const auto from = number(value.substr(0, dots));
            const auto to = dots == std::string_view::npos ? from : number(value.substr(dots + 2));
            if (!from || !to) return std::nullopt;
            out.from = *from;
            out.to = *to;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

int run(const Asked& asked) {
    filfil::InlineExecutor at_once;
    const filfil::SystemClock clock;
    const auto hasher = filfil::commp::make_cpu_backend("", at_once, clock);
    if (!hasher.ok()) {
        (void)std::fprintf(stderr, "flow_sim: %s\n", hasher.error().text().c_str());
        return 2;
    }
    std::uint64_t failed = 0;
    FlowOutcome all;
    for (std::uint64_t seed = asked.from; seed <= asked.to; ++seed) {
        FlowOutcome outcome = filfil::sim::run_flow(seed, **hasher, asked.trace);
        if (asked.again && filfil::sim::run_flow(seed, **hasher, asked.trace).trace_hash != outcome.trace_hash)
            outcome.wrong.emplace_back("it ran another way the second time");
        for (const auto field : {&FlowOutcome::crashes, &FlowOutcome::kills, &FlowOutcome::reorged, &FlowOutcome::slots,
                                 &FlowOutcome::staged, &FlowOutcome::deals, &FlowOutcome::paid, &FlowOutcome::missed,
                                 &FlowOutcome::failed, &FlowOutcome::cancelled, &FlowOutcome::owed})
            all.*field += outcome.*field;
        if (outcome.wrong.empty()) continue;
        ++failed;
        for (const std::string& what : outcome.wrong)
            std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what.c_str());
        (void)std::fflush(stdout);
    }
    const auto n = [](std::uint64_t number) { return std::to_string(number); };
    std::printf("%s\n",
                ("seeds " + n(asked.from) + ".." + n(asked.to) + ": " + n(failed) + " failed; " + n(all.crashes) +
                 " power losses, " + n(all.kills) + " kills, " + n(all.reorged) + " blocks taken back; " +
                 n(all.slots) + " windows, " + n(all.staged) + " staged; " + n(all.deals) + " deals: " + n(all.paid) +
                 " paid, " + n(all.missed) + " missed, " + n(all.failed) + " failed, " + n(all.cancelled) +
                 " cancelled; " + n(all.owed) + " had to be paid")
                    .c_str());
    // A simulator in which hardly anything comes to its end would find nothing.
    const std::uint64_t seeds = asked.to - asked.from + 1;
    if (seeds >= 50 && (all.paid < seeds * 2 || all.owed < seeds / 2)) {
        (void)std::fputs("flow_sim: too few deals were paid\n", stderr);
        return 1;
    }
    return failed == 0 ? 0 : 1;
}

}    // namespace

int main(int argc, char** argv) {
    try {
        const auto asked = read({argv + 1, argv + argc});
        if (!asked) {
            (void)std::fputs("usage: flow_sim [--seeds FROM..TO | --seed S] [--trace] [--again]\n", stderr);
            return 2;
        }
        return run(*asked);
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "flow_sim: %s\n", error.what());
        return 2;
    }
}
