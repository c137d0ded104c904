// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "simulation.hpp"

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

using filfil::sim::Outcome;

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
        (void)std::fprintf(stderr, "sim: %s\n", hasher.error().text().c_str());
        return 2;
    }
    std::uint64_t failed = 0;
    std::uint64_t crashes = 0;
    std::uint64_t kills = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t scheduled = 0;
    std::uint64_t staged = 0;
    std::uint64_t reorged = 0;
    for (std::uint64_t seed = asked.from; seed <= asked.to; ++seed) {
        Outcome outcome = filfil::sim::run_seed(seed, **hasher, asked.trace);
        if (asked.again && filfil::sim::run_seed(seed, **hasher, asked.trace).trace_hash != outcome.trace_hash)
            outcome.wrong.emplace_back("it ran another way the second time");
        crashes += outcome.crashes;
        kills += outcome.kills;
        snapshots += outcome.snapshots;
        scheduled += outcome.scheduled;
        staged += outcome.staged;
        reorged += outcome.reorged;
        if (outcome.wrong.empty()) continue;
        ++failed;
        for (const std::string& what : outcome.wrong)
            std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what.c_str());
        (void)std::fflush(stdout);
    }
    std::printf(
        "seeds %llu..%llu: %llu failed; %llu power losses, %llu kills, %llu snapshots, %llu of them by schedules; %llu "
        "slots "
        "staged, %llu blocks of their chain taken back\n",
        static_cast<unsigned long long>(asked.from), static_cast<unsigned long long>(asked.to),
        static_cast<unsigned long long>(failed), static_cast<unsigned long long>(crashes),
        static_cast<unsigned long long>(kills), static_cast<unsigned long long>(snapshots),
        static_cast<unsigned long long>(scheduled), static_cast<unsigned long long>(staged),
        static_cast<unsigned long long>(reorged));
    // Where the slot's snapshot could not be had in time there was nothing to stage; that is not so in most seeds.
    const std::uint64_t seeds = asked.to - asked.from + 1;
    if (seeds >= 50 && staged * 2 < seeds) {
        (void)std::fputs("sim: in too few seeds was a slot staged\n", stderr);
        return 1;
    }
    return failed == 0 ? 0 : 1;
}

}    // namespace

int main(int argc, char** argv) {
    try {
        const auto asked = read({argv + 1, argv + argc});
        if (!asked) {
            (void)std::fputs("usage: sim [--seeds FROM..TO | --seed S] [--trace] [--again]\n", stderr);
            return 2;
        }
        return run(*asked);
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "sim: %s\n", error.what());
        return 2;
    }
}
