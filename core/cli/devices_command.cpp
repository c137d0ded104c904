// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/executor.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/device_report.hpp"
#include "cli/gpu_reports.hpp"
#include "cli/output.hpp"
#include "commp/cpu_backend.hpp"

#include <algorithm>

namespace filfil::cli {
namespace {

/// One line of the list: an instruction set of the CPU, or a GPU.
struct Device {
    std::string name;
    std::string description;
    bool supported = false;
    std::string reason;
    bool selected = false;
    bool self_test = false;
    double gib_per_s = 0;
};

std::vector<Device> cpu_devices(Context& context) {
    std::vector<Device> devices;
    for (const commp::IsaReport& isa : commp::probe_isas(context.clock))
        devices.push_back({"cpu:" + isa.name, isa.description, isa.supported, isa.reason, isa.selected, isa.self_test,
                           isa.gib_per_s});
    return devices;
}

std::vector<commp::GpuReport> gpu_reports(Context& context) {
    if (context.gpu != nullptr) return context.gpu->probe();
    return {{.name = "cuda", .description = "NVIDIA GPUs", .reason = "this fil-fil was built without CUDA"}};
}

std::vector<Device> probe(Context& context) {
    std::vector<Device> devices = cpu_devices(context);
    const auto cpu = std::ranges::find_if(devices, [](const Device& device) { return device.selected; });
    const double cpu_rate = cpu == devices.end() ? 0 : cpu->gib_per_s * usable_cpus();
    const std::vector<commp::GpuReport> cards = gpu_reports(context);
    const double gpu_rate = rate_of_usable(cards);
    const bool on_gpu = gpu_rate > cpu_rate;
    const std::string against = rate_for_people(gpu_rate) + " of all cards together against " +
                                rate_for_people(cpu_rate) + " of all CPU threads";
    if (cpu != devices.end() && on_gpu) {
        cpu->selected = false;
        cpu->reason = "the fastest on this CPU; the GPU is faster: " + against;
    }
    for (const commp::GpuReport& card : cards) {
        const bool selected = on_gpu && is_usable(card);
        const std::string reason = !is_usable(card) ? card.reason
                                   : selected       ? "faster than the CPU: " + against
                                                    : "slower than the CPU: " + against;
        devices.push_back(
            {card.name, card.description, card.supported, reason, selected, card.self_test, card.gib_per_s});
    }
    return devices;
}

Json json_of(const Device& device) {
    return {{"name", device.name},
            {"description", device.description},
            {"supported", device.supported},
            {"reason", device.reason},
            {"selected", device.selected},
            {"self_test", device.self_test},
            {"gib_per_s", rounded(device.gib_per_s, 3)}};
}

std::string text_of(const std::vector<Device>& devices) {
    std::size_t width = 0;
    for (const Device& device : devices) width = std::max(width, device.name.size());
    std::string out;
    for (const Device& device : devices) {
        const std::string rate = rate_for_people(device.gib_per_s);
        const std::string state = !device.supported   ? "not here"
                                  : !device.self_test ? "FAILED its self-test"
                                  : rate.empty()      ? "works"
                                                      : rate;
        out += (device.selected ? "* " : "  ") + device.name + std::string(width - device.name.size() + 2, ' ') +
               state + std::string(state.size() < 12 ? 12 - state.size() : 2, ' ') + device.description;
        if (!device.reason.empty()) out += "\n" + std::string(width + 16, ' ') + device.reason;
        out += '\n';
    }
    return out +
           "\n* is used unless --device or --isa says otherwise. Rates are of payload, measured just now: of one CPU "
           "thread, or of\na whole GPU from host memory; by default " +
           std::to_string(usable_cpus()) + (usable_cpus() == 1 ? " thread works.\n" : " threads work at once.\n");
}

}    // namespace

Json device_report(Context& context) {
    Json out = Json::array();
    for (const Device& device : probe(context)) out.push_back(json_of(device));
    return out;
}

namespace {

int run_devices(Context& context) {
    const std::vector<Device> devices = probe(context);
    if (context.json) {
        for (const Device& device : devices) emit(context, json_of(device));
    } else {
        print(context, text_of(devices));
    }
    // A kernel that computes wrongly means broken hardware or a broken build: nobody should have to read a table for
    // it.
    for (const Device& device : devices)
        if (device.supported && !device.self_test)
            return fail(context, {ErrorCode::device, device.name + ": failed its self-test, its results would be wrong",
                                  "it is not used; check the machine's memory and processor, and report it"});
    return exit_ok;
}

}    // namespace

void add_devices_command(CLI::App& app, Context& context) {
    add_command(app, context,
                {"devices", "What can hash on this machine, how fast, and which is chosen",
                 "Lists the CPU's instruction sets and the GPUs, tests each against fixed vectors, and times it\n"
                 "for a moment.",
                 "  fil-fil devices\n"
                 "  fil-fil devices --json\n"},
                [&context] { return run_devices(context); });
}

}    // namespace filfil::cli
