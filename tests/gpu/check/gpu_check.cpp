// SPDX-License-Identifier: Apache-2.0 OR MIT
// gpu_check [--quick | --small] [--card N] [--only NAME]… [--seed N] [--out FOLDER]: whether a card hashes rightly, by
// the vectors in tests/vectors and by the CPU. --small is for compute-sanitizer. Ends with 0 if all is right, with 1 if
// not, with 2 for a wrong call, and with 3, saying why, where there is no card.
#include "check/check.hpp"
#include "commp/cpu_backend.hpp"
#include "gpu/card.hpp"
#include "gpu/cuda_runtime.hpp"
#include "gpu/provider.hpp"
#include "report/results.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace filfil::check {
namespace {

constexpr int all_right = 0;
constexpr int something_wrong = 1;
constexpr int wrong_call = 2;
constexpr int no_card = 3;

constexpr const char* usage = "gpu_check [--quick | --small] [--card N] [--only NAME]… [--seed N] [--out FOLDER]\n";

struct Check {
    std::string_view name;
    Outcome (*run)(const Context&);
};

constexpr std::array checks{
    Check{"self-tests", self_tests},
    Check{"every byte", runs_at_every_byte},
    Check{"many jobs", many_jobs},
    Check{"vectors", published_vectors},
    Check{"lengths", lengths},
    Check{"batch", packed_files},
    Check{"two backends", two_backends_at_once},
    Check{"checked", every_submission_checked},
    Check{"zeros", zeros},
};

struct Options {
    Extent extent = Extent::full;
    unsigned card = 0;
    std::uint64_t seed = 1;
    std::string out;
    std::vector<std::string> only;
};

Result<Options> parse(std::span<char* const> arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string argument = arguments[i];
        const bool has_value = i + 1 < arguments.size();
        if (argument == "--quick")
            options.extent = Extent::quick;
        else if (argument == "--small")
            options.extent = Extent::small;
        else if (argument == "--card" && has_value)
            options.card = static_cast<unsigned>(std::strtoul(arguments[++i], nullptr, 10));
        else if (argument == "--seed" && has_value)
            options.seed = std::strtoull(arguments[++i], nullptr, 10);
        else if (argument == "--only" && has_value)
            options.only.emplace_back(arguments[++i]);
        else if (argument == "--out" && has_value)
            options.out = arguments[++i];
        else
            return Error(ErrorCode::invalid_argument, "do not know what to do with '" + argument + "'", usage);
    }
    for (const std::string& name : options.only)
        if (std::ranges::find(checks, name, &Check::name) == checks.end())
            return Error(ErrorCode::invalid_argument, "there is no check '" + name + "'", usage);
    return options;
}

/// All checks, whatever comes out of each. @return whether all were right
Result<bool> run_checks(const Options& options, gpu::Runtime& runtime, commp::GpuProvider& provider,
                        const gpu::CardFacts& card) {
    const SystemClock clock;
    FILFIL_TRY(const commp::ChosenKernel cpu, commp::choose_kernel("", clock));
    InlineExecutor where_submitted;
    FILFIL_TRY(const auto cpu_backend, commp::make_cpu_backend(cpu.kernel->name, where_submitted, clock));
    const unsigned threads = options.extent == Extent::small ? 2 : usable_cpus();
    const Context context{runtime,      provider, card.number,    clock,       *cpu.kernel,
                          *cpu_backend, threads,  options.extent, options.seed};
    report::Results results(options.out);
    report::Results::say(gpu::card_name(card.number) + ": " + gpu::description_of(card) + "; held against " +
                         cpu_backend->name() + " on " + std::to_string(threads) + " threads");
    bool right = true;
    for (const Check& check : checks) {
        if (!options.only.empty() && std::ranges::find(options.only, check.name) == options.only.end()) continue;
        const Clock::Duration begin = clock.steady();
        const Outcome outcome = check.run(context);
        results.check(check.name, outcome.ok(), seconds_between(begin, clock.steady()),
                      outcome.ok() ? *outcome : outcome.error().text());
        right = right && outcome.ok();
    }
    return right;
}

int run(std::span<char* const> arguments) {
    const auto options = parse(arguments);
    if (!options.ok()) {
        std::fprintf(stderr, "gpu_check: %s\n", options.error().text().c_str());
        return wrong_call;
    }
    // Asked on one's own first: that there is no card is no failure of a check.
    auto runtime = gpu::make_cuda_runtime();
    const auto cards = runtime->cards();
    if (!cards.ok() || options->card >= cards->size()) {
        std::printf("no card: %s\n",
                    cards.ok() ? "there are fewer cards than --card asks for" : cards.error().text().c_str());
        return no_card;
    }
    const SystemClock clock;
    gpu::Runtime& cuda = *runtime;
    const auto provider = gpu::make_gpu_provider(
        std::move(runtime), clock, [](unsigned threads) { return std::make_unique<ThreadPool>(threads); });
    const auto right = run_checks(*options, cuda, *provider, (*cards)[options->card]);
    if (right.ok()) return *right ? all_right : something_wrong;
    std::fprintf(stderr, "gpu_check: %s\n", right.error().text().c_str());
    return something_wrong;
}

}    // namespace
}    // namespace filfil::check

int main(int count, char** arguments) {
    return filfil::check::run(std::span(arguments + 1, static_cast<std::size_t>(count - 1)));
}
