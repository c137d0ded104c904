// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "bench/bench.hpp"
#include "bench/smi.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/cpu_features.hpp"

#include <cstdio>
#include <fstream>

#include <sys/utsname.h>

namespace filfil::bench {
namespace {

std::string rate(double bytes_per_s) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f GB/s", gigabytes(bytes_per_s));
    return text;
}

/// The value of `name` in /proc/cpuinfo, "" where it is not there: under a hypervisor a CPU's name may say little.
std::string cpuinfo(std::string_view name) {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name))
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return "";
}

}    // namespace

Result<void> measure_machine(Bench& bench) {
    report::Results& results = bench.results;
    utsname system{};
    ::uname(&system);
    results.fact("cpu", commp::cpu_brand() + " (family " + cpuinfo("cpu family") + " model " + cpuinfo("model\t") +
                            "), " + std::to_string(bench.cpus) + " usable");
    std::string isas;
    for (const std::string& isa : commp::usable_isas()) isas += (isas.empty() ? "" : ", ") + isa;
    results.fact("instruction sets", isas);
    results.fact("memory available", format_size(bench.memory_left() / GiB * GiB));
    results.fact("kernel", std::string(system.sysname) + " " + system.release);
#ifdef __clang__
    results.fact("compiler", "clang " __clang_version__);
#else
    results.fact("compiler", "gcc " __VERSION__);
#endif
    if (!bench.has_card()) return {};
    results.fact("card", gpu::description_of(*bench.card));
    for (const auto& [name, value] : ask_smi(bench.card->number)) results.fact("nvidia-smi " + name, value);
    const gpu::CardTrial& trial = *bench.trial;
    results.fact("trial: kernel", name_of(trial.variant));
    results.fact("trial: submission",
                 format_size(trial.quads * commp::quad_padded) + " padded, " + std::to_string(trial.lanes) + " lanes");
    char nodes[32];
    std::snprintf(nodes, sizeof nodes, "%.2f G nodes/s", trial.nodes_per_s / 1e9);
    results.fact("trial: tiles", nodes);
    results.fact("trial: copy", rate(trial.copy_bytes_per_s));
    results.fact("trial: payload", rate(trial.payload_bytes_per_s));
    return {};
}

}    // namespace filfil::bench
