// SPDX-License-Identifier: Apache-2.0 OR MIT
// ptxas_report --budgets FILE [--only ARCHITECTURE] [--json FILE] OBJECT…: the registers, shared memory, stack and
// spills of our kernels, from OBJECT.messages beside each object (cmake/keep_messages), held against their budgets.
// Objects without kernels have no messages. Exit status 1 if a kernel is over its budget, 2 if that could not be told.
#include "base/files.hpp"
#include "report/budget.hpp"
#include "report/json_line.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>

namespace filfil::report {
namespace {

constexpr std::uint64_t most_text = std::uint64_t{1} << 26;

struct Options {
    std::string budgets;
    std::string json;
    unsigned only = 0;
    std::vector<std::string> objects;
};

Result<std::string> text_of(Files& files, const std::string& path) {
    FILFIL_TRY(const auto file, files.open(path));
    FILFIL_TRY(const Bytes bytes, read_all(*file, most_text));
    return std::string(chars_of(bytes));
}

Result<Options> parse(std::span<char* const> arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string argument = arguments[i];
        const bool has_value = i + 1 < arguments.size();
        if (argument == "--budgets" && has_value)
            options.budgets = arguments[++i];
        else if (argument == "--json" && has_value)
            options.json = arguments[++i];
        else if (argument == "--only" && has_value)
            options.only = static_cast<unsigned>(std::strtoul(arguments[++i], nullptr, 10));
        else if (!argument.starts_with("-"))
            options.objects.push_back(argument);
        else
            return Error(ErrorCode::invalid_argument, "do not know what to do with '" + argument + "'");
    }
    if (options.budgets.empty() || options.objects.empty())
        return Error(ErrorCode::invalid_argument, "the budgets and at least one object are needed",
                     "ptxas_report --budgets FILE [--only ARCHITECTURE] [--json FILE] OBJECT…");
    return options;
}

/// Threads that a multiprocessor has registers for: it has 65,536, given to warps in eights a thread. Source: the table
/// of technical specifications in NVIDIA's CUDA C++ programming guide.
unsigned threads_by_registers(unsigned registers) noexcept {
    const unsigned given = (std::max(registers, 1U) + 7) / 8 * 8;
    return 65536 / given / 32 * 32;
}

/// @return whether all kernels keep within their budgets
Result<bool> run(std::span<char* const> arguments) {
    FILFIL_TRY(const Options options, parse(arguments));
    SystemFiles files;
    FILFIL_TRY(const std::string budget_text, text_of(files, options.budgets));
    auto budgets = parse_budgets(budget_text);
    if (!budgets.ok()) return std::move(budgets).error().in(options.budgets);

    std::vector<KernelResources> kernels;
    for (const std::string& object : options.objects) {
        const std::string path = object + ".messages";
        const auto text = text_of(files, path);
        if (!text.ok() && text.error().code == ErrorCode::not_found) continue;
        if (!text.ok()) return text.error();
        auto found = parse_ptxas(*text);
        if (!found.ok()) return std::move(found).error().in(path);
        kernels.insert(kernels.end(), found->begin(), found->end());
    }
    std::ranges::sort(kernels, [](const KernelResources& a, const KernelResources& b) {
        return a.kernel != b.kernel ? a.kernel < b.kernel : a.architecture < b.architecture;
    });

    std::printf("%-20s %5s %9s %7s %6s %7s %21s\n", "kernel", "sm_", "registers", "shared", "stack", "spills",
                "threads by registers");
    std::string json;
    for (const KernelResources& kernel : kernels) {
        std::printf("%-20s %5u %9u %7u %6u %7u %21u\n", kernel.kernel.c_str(), kernel.architecture, kernel.registers,
                    kernel.shared, kernel.stack, kernel.spills, threads_by_registers(kernel.registers));
        json += JsonLine()
                    .text("kernel", kernel.kernel)
                    .count("architecture", kernel.architecture)
                    .count("registers", kernel.registers)
                    .count("shared_bytes", kernel.shared)
                    .count("stack_bytes", kernel.stack)
                    .count("spill_bytes", kernel.spills)
                    .str() +
                '\n';
    }
    if (!options.json.empty()) {
        std::ofstream out(options.json, std::ios::binary | std::ios::trunc);
        out << json;
        out.close();
        if (!out) return Error(ErrorCode::io, options.json + ": cannot write it");
    }
    const std::vector<std::string> faults = over_budget(kernels, *budgets, options.only);
    for (const std::string& fault : faults) std::printf("over budget: %s\n", fault.c_str());
    return faults.empty();
}

}    // namespace
}    // namespace filfil::report

int main(int count, char** arguments) {
    const auto done = filfil::report::run(std::span(arguments + 1, static_cast<std::size_t>(count - 1)));
    if (done.ok()) return *done ? EXIT_SUCCESS : 1;
    std::fprintf(stderr, "ptxas_report: %s\n", done.error().text().c_str());
    return 2;
}
