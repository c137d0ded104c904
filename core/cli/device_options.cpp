// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/device_options.hpp"

#include "cli/add_command.hpp"
#include "commp/cpu_backend.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace filfil::cli {
namespace {

constexpr unsigned most_threads = 1024;
constexpr unsigned most_cards = 64;

Error no_cuda() {
    return {ErrorCode::unsupported, "--device: this fil-fil was built without CUDA, so it cannot use a GPU",
            "use --device cpu, or build fil-fil where nvcc is installed; `fil-fil devices` lists what there is"};
}

Result<std::unique_ptr<commp::Backend>> open_gpu(const DeviceChoice& choice, Context& context) {
    if (context.gpu == nullptr) return no_cuda();
    return context.gpu->open(choice.cards, context.clock);
}

/// Whether "auto" may take the GPU: one card that works is enough.
bool gpu_is_usable(Context& context) {
    if (context.gpu == nullptr) return false;
    const std::vector<GpuReport> cards = context.gpu->probe(context.clock);
    return std::ranges::any_of(cards, [](const GpuReport& card) { return card.supported && card.self_test; });
}

}    // namespace

void add_device_options(CLI::App* command, DeviceOptions& options) {
    add_text(command, "--device", options.device, "WHAT",
             "What hashes: auto (the default), cpu, cuda (all cards) or cuda:N (one card)");
    add_text(command, "--isa", options.isa, "NAME",
             "Use this instruction set instead of the fastest, with the CPU; `fil-fil devices` lists them");
    add_text(command, "--threads", options.threads, "N", "Threads that hash; by default one for each CPU");
}

Result<DeviceChoice> parse_device(const std::string& text) {
    if (text == "auto") return DeviceChoice{DeviceChoice::Kind::automatic};
    if (text == "cpu") return DeviceChoice{DeviceChoice::Kind::cpu};
    if (text == "cuda") return DeviceChoice{DeviceChoice::Kind::gpu};
    constexpr std::string_view prefix = "cuda:";
    if (!text.starts_with(prefix))
        return Error(ErrorCode::invalid_argument, "--device: '" + text + "' is none of auto, cpu, cuda, cuda:N",
                     "leave --device out to let fil-fil choose; `fil-fil devices` lists what there is");
    DeviceChoice choice{DeviceChoice::Kind::gpu};
    for (std::size_t from = prefix.size(); from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        FILFIL_TRY(const std::uint64_t card,
                   parse_count("--device", text.substr(from, comma - from), 0, most_cards - 1));
        if (std::ranges::find(choice.cards, card) == choice.cards.end())
            choice.cards.push_back(static_cast<unsigned>(card));
        from = comma + 1;
    }
    return choice;
}

Result<unsigned> parse_threads(const std::string& text) {
    if (text.empty()) return std::min(usable_cpus(), most_threads);
    FILFIL_TRY(const std::uint64_t threads, parse_count("--threads", text, 1, most_threads));
    return static_cast<unsigned>(threads);
}

Result<Engine> open_engine(const DeviceOptions& options, Context& context) {
    FILFIL_TRY(const DeviceChoice choice, parse_device(options.device));
    Engine engine;
    FILFIL_TRY(engine.readers, parse_threads(options.threads));
    const bool forced_isa = !options.isa.empty();
    if (forced_isa && choice.kind == DeviceChoice::Kind::gpu)
        return Error(ErrorCode::invalid_argument,
                     "--isa " + options.isa + " goes with the CPU, and --device " + options.device + " was given",
                     "leave out one of the two");
    engine.jobs = std::make_unique<InlineExecutor>();
    if (engine.readers > 1)
        engine.threads = std::make_unique<ThreadPool>(engine.readers - 1);
    else
        engine.threads = std::make_unique<InlineExecutor>();
    const bool on_gpu = choice.kind == DeviceChoice::Kind::gpu ||
                        (choice.kind == DeviceChoice::Kind::automatic && !forced_isa && gpu_is_usable(context));
    FILFIL_TRY(engine.backend,
               on_gpu ? open_gpu(choice, context) : commp::make_cpu_backend(options.isa, *engine.jobs, context.clock));
    return engine;
}

}    // namespace filfil::cli
