// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "seed_runner.hpp"

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/cpu_backend.hpp"

#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>

namespace filfil::sim {
namespace {

struct Asked {
    std::uint64_t from = 1;
    std::uint64_t to = 100;
    bool trace = false;
    bool again = false;    ///< each seed twice
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

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

void say(const SeedProgram& program, const std::string& what) {
    (void)std::fputs((program.name + ": " + what + "\n").c_str(), stderr);
}

int run_all(const SeedProgram& program, const Asked& asked) {
    InlineExecutor at_once;
    const SystemClock clock;
    const auto hasher = commp::make_cpu_backend("", at_once, clock);
    if (!hasher.ok()) {
        say(program, hasher.error().text());
        return 2;
    }
    std::uint64_t failed = 0;
    for (std::uint64_t seed = asked.from; seed <= asked.to; ++seed) {
        SeedResult result = program.run(seed, **hasher, asked.trace, true);
        if (asked.again && program.run(seed, **hasher, asked.trace, false).trace_hash != result.trace_hash)
            result.wrong.emplace_back("it ran another way the second time");
        if (result.wrong.empty()) continue;
        ++failed;
        for (const std::string& what : result.wrong)
            std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what.c_str());
        (void)std::fflush(stdout);
    }
    std::printf("seeds %llu..%llu: %llu failed; %s\n", static_cast<unsigned long long>(asked.from),
                static_cast<unsigned long long>(asked.to), static_cast<unsigned long long>(failed),
                program.summary().c_str());
    if (const std::string why = program.too_little(asked.to - asked.from + 1); !why.empty()) {
        say(program, why);
        return 1;
    }
    return failed == 0 ? 0 : 1;
}

}    // namespace

int run_program(const SeedProgram& program, int argc, char** argv) {
    try {
        const auto asked = read({argv + 1, argv + argc});
        if (!asked) {
            (void)std::fputs(
                ("usage: " + program.name + " [--seeds FROM..TO | --seed S] [--trace] [--again]\n").c_str(), stderr);
            return 2;
        }
        return run_all(program, *asked);
    } catch (const std::exception& error) {
        say(program, error.what());
        return 2;
    }
}

}    // namespace filfil::sim
