// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "machine.hpp"

#include "base/executor.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/cpu_features.hpp"

#include <array>
#include <cstdlib>
#include <fstream>

#include <sys/utsname.h>
#include <unistd.h>

namespace filfil::bench {
namespace {

/// The value of `key` in /proc/cpuinfo, "" where it is not there.
std::string cpuinfo(const std::string& key) {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key + '\t') || line.starts_with(key + ' '))
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return "";
}

}    // namespace

Json describe_machine() {
    // Under a hypervisor the name may say little; family and model tell the core.
    std::string cpu = commp::cpu_brand();
    if (const std::string family = cpuinfo("cpu family"); !family.empty())
        cpu += " (family " + family + " model " + cpuinfo("model") + ')';
    utsname system{};
    ::uname(&system);
    std::array<double, 1> load{};
    if (::getloadavg(load.data(), 1) != 1) load[0] = -1;
    const double memory =
        static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1ULL << 30);
#ifdef __clang__
    const char* const compiler = "clang " __clang_version__;
#else
    const char* const compiler = "gcc " __VERSION__;
#endif
    return {{"cpu", cpu},
            {"isas", commp::usable_isas()},
            {"cpus", usable_cpus()},
            {"memory_gib", memory},
            {"kernel", std::string(system.sysname) + ' ' + system.release},
            {"compiler", compiler},
            {"load_average", load[0]}};
}

}    // namespace filfil::bench
