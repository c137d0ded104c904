// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/device_options.hpp"

#include "base/units.hpp"
#include "cli/add_command.hpp"
#include "cli/gpu_reports.hpp"
#include "cli/output.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/kernel.hpp"

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

/// Of a GPU's submissions one in so many is hashed again with --paranoid: on a card that takes 50 GiB/s the CPU has 3
/// of them to check.
constexpr unsigned paranoid_every = 16;

/// Below this the CPU is done before a card has been started.
constexpr double worth_a_card_seconds = 1;

/// Shows what core reports as lines of advice on standard error.
class HintLog final : public LogSink {
public:
    explicit HintLog(Context& context) : m_context(context) {}
    void write(LogLevel, std::string_view, std::string_view message) noexcept override { hint(m_context, message); }

private:
    Context& m_context;
};

Result<std::unique_ptr<commp::Backend>> open_gpu(const DeviceOptions& options, const DeviceChoice& choice,
                                                 Context& context, LogSink& log) {
    if (context.gpu == nullptr) return no_cuda();
    return context.gpu->open({choice.cards, options.paranoid ? paranoid_every : 0, &log});
}

/// Whether "auto" takes the GPUs.
bool gpu_is_faster(Context& context, double cpu_gib_per_s, unsigned threads) {
    const std::vector<commp::GpuReport> cards = context.gpu->probe();
    for (const commp::GpuReport& card : cards)
        if (!is_usable(card) && card.name != "cuda") hint(context, card.reason + "; it is not used");
    const std::string names = names_of_usable(cards);
    if (names.empty()) return false;
    const double rate = rate_of_usable(cards);
    const bool faster = rate > cpu_gib_per_s;
    hint(context, "hashing on " + (faster ? names : "the CPU") + ": " + rate_for_people(faster ? rate : cpu_gib_per_s) +
                      " measured, against " + rate_for_people(faster ? cpu_gib_per_s : rate) + " on " +
                      (faster ? std::to_string(threads) + (threads == 1 ? " CPU thread" : " CPU threads") : names));
    return faster;
}

}    // namespace

void add_device_options(CLI::App* command, DeviceOptions& options) {
    add_text(command, "--device", options.device, "WHAT",
             "What hashes: auto (the default), cpu, cuda (all cards) or cuda:N,M (those)");
    add_text(command, "--isa", options.isa, "NAME",
             "Use this instruction set instead of the fastest, with the CPU; `fil-fil devices` lists them");
    add_text(command, "--threads", options.threads, "N", "Threads that hash; by default one for each CPU");
    command->add_flag("--paranoid", options.paranoid,
                      "Hash a part of a GPU's work again on the CPU; a card that errs is not used any more");
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

Error in_doubt(std::string_view results) {
    return {ErrorCode::device, "a GPU computed wrongly during this run: " + std::string(results) + " may be wrong",
            "do them again without that card (--device), and look for memory errors with `nvidia-smi -q`"};
}

Result<Engine> open_engine(const DeviceOptions& options, Context& context, std::optional<std::uint64_t> payload) {
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
    engine.log = std::make_unique<HintLog>(context);
    const auto on_cpu = [&](std::string_view isa) -> Result<Engine> {
        FILFIL_TRY(engine.backend, commp::make_cpu_backend(isa, *engine.jobs, context.clock));
        return std::move(engine);
    };
    if (choice.kind == DeviceChoice::Kind::gpu) {
        FILFIL_TRY(engine.backend, open_gpu(options, choice, context, *engine.log));
        return engine;
    }
    if (choice.kind == DeviceChoice::Kind::cpu || forced_isa || context.gpu == nullptr) return on_cpu(options.isa);

    FILFIL_TRY(const commp::ChosenKernel cpu, commp::choose_kernel("", context.clock));
    const double cpu_gib_per_s = cpu.gib_per_s * engine.readers;
    const double worth_a_card = cpu_gib_per_s * static_cast<double>(GiB) * worth_a_card_seconds;
    if ((payload && static_cast<double>(*payload) < worth_a_card) ||
        !gpu_is_faster(context, cpu_gib_per_s, engine.readers))
        return on_cpu(cpu.kernel->name);
    // What worked a moment ago may be taken now; who did not ask for it is served without it.
    auto on_gpu = open_gpu(options, choice, context, *engine.log);
    if (!on_gpu.ok()) {
        hint(context, on_gpu.error().message + "; hashing on the CPU instead");
        return on_cpu(cpu.kernel->name);
    }
    engine.backend = std::move(*on_gpu);
    return engine;
}

}    // namespace filfil::cli
