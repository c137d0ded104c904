// SPDX-License-Identifier: Apache-2.0 OR MIT
// sass_count [--json FILE] [SASS-TEXT]: what the kernels consist of, from what `cuobjdump --dump-sass OBJECT` prints
// (on standard input where no file is named): bytes of code, instructions by unit, and for the tile kernels what one
// node takes. --json keeps the same, and each opcode's count, one JSON object a line. Ends with 2 where it finds no
// kernel.
#include "base/files.hpp"
#include "report/json_line.hpp"
#include "report/sass_counts.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>

namespace filfil::report {
namespace {

/// A disassembly of all kernels for all cards is 20 MiB.
constexpr std::uint64_t most_text = std::uint64_t{1} << 30;

std::string json_of(const PipeCounts& counts) {
    return JsonLine()
        .number("alu", counts.alu)
        .number("fma", counts.fma)
        .number("load_store", counts.load_store)
        .number("uniform", counts.uniform)
        .number("control", counts.control)
        .number("other", counts.other)
        .str();
}

std::string json_of(const KernelCode& kernel) {
    JsonLine opcodes;
    for (const auto& [opcode, count] : count_opcodes(kernel)) opcodes.count(opcode, count);
    JsonLine out;
    out.text("kernel", kernel.kernel)
        .count("architecture", kernel.architecture)
        .count("bytes", kernel.bytes())
        .raw("code", json_of(count_pipes(kernel)))
        .raw("opcodes", opcodes.str());
    if (const auto node = count_node(kernel)) {
        out.raw("node", json_of(*node));
        if (const auto cycles = node_cycles(*node, kernel.architecture)) out.number("node_cycles_at_least", *cycles);
    }
    return out.str();
}

void print(const KernelCode& kernel) {
    const PipeCounts code = count_pipes(kernel);
    std::printf("%-20s %5u %8llu %7.0f %7.0f %7.0f %7.0f %7.0f", kernel.kernel.c_str(), kernel.architecture,
                static_cast<unsigned long long>(kernel.bytes()), code.alu, code.fma, code.load_store, code.uniform,
                code.control + code.other);
    if (const auto node = count_node(kernel)) {
        std::printf("  %6.0f %6.0f %6.0f", node->alu, node->fma, node->all());
        if (const auto cycles = node_cycles(*node, kernel.architecture)) std::printf(" %6.2f", *cycles);
    }
    std::printf("\n");
}

Result<void> run(std::span<char* const> arguments) {
    std::string json;
    std::string path;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string argument = arguments[i];
        if (argument == "--json" && i + 1 < arguments.size())
            json = arguments[++i];
        else if (path.empty() && !argument.starts_with("-"))
            path = argument;
        else
            return Error(ErrorCode::invalid_argument, "do not know what to do with '" + argument + "'",
                         "sass_count [--json FILE] [SASS-TEXT]");
    }
    SystemFiles files;
    FILFIL_TRY(const auto file, path.empty() ? files.open_standard_input() : files.open(path));
    FILFIL_TRY(const Bytes text, read_all(*file, most_text));
    auto kernels = parse_sass(chars_of(text));
    if (!kernels.ok()) return std::move(kernels).error().in(file->name());
    if (kernels->empty())
        return Error(ErrorCode::not_found, file->name() + ": none of fil-fil's kernels is in it",
                     "give the code of launch_tiles.cu.o and launch_levels.cu.o");

    std::printf("%-20s %5s %8s %7s %7s %7s %7s %7s  %s\n", "kernel", "sm_", "bytes", "ALU", "FMA", "memory", "uniform",
                "control", "a node:  ALU    FMA    all cycles at least");
    for (const KernelCode& kernel : *kernels) print(kernel);
    if (json.empty()) return {};
    std::ofstream out(json, std::ios::binary | std::ios::trunc);
    for (const KernelCode& kernel : *kernels) out << json_of(kernel) << '\n';
    out.close();
    if (!out) return Error(ErrorCode::io, json + ": cannot write it");
    return {};
}

}    // namespace
}    // namespace filfil::report

int main(int count, char** arguments) {
    const auto done = filfil::report::run(std::span(arguments + 1, static_cast<std::size_t>(count - 1)));
    if (done.ok()) return EXIT_SUCCESS;
    std::fprintf(stderr, "sass_count: %s\n", done.error().text().c_str());
    return 2;
}
