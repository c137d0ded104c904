// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "report/sass_text.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::report {

/// Which unit of a multiprocessor an instruction goes to.
enum class Pipe {
    alu,           ///< shifts, logic, adds, comparisons
    fma,           ///< multiply-adds, and what the compiler makes of them to spare the ALU
    load_store,    ///< memory of any kind
    uniform,       ///< once a warp
    control,       ///< branches, barriers
    other,
};

/// @param opcode with or without its suffixes
Pipe pipe_of(std::string_view opcode) noexcept;

/// Instructions by unit.
struct PipeCounts {
    double alu = 0;
    double fma = 0;
    double load_store = 0;
    double uniform = 0;
    double control = 0;
    double other = 0;

    [[nodiscard]] double all() const noexcept { return alu + fma + load_store + uniform + control + other; }
    void add(Pipe pipe, double times) noexcept;
    void add(const PipeCounts& more) noexcept;
};

/// How often each opcode stands in the code, without its suffixes and the filling at the end.
std::map<std::string, unsigned> count_opcodes(const KernelCode& kernel);

/// The same by unit.
PipeCounts count_pipes(const KernelCode& kernel);

/// What one node takes at least in a kernel that hashes its nodes in a loop, found in the code alone: the innermost
/// loop that holds (nearly) all shifts of the kernel is that loop, one turn a node. Of the ways to load a node's
/// children, of which a turn takes one, the shortest is counted: that of a node over two that the thread has just made.
/// Loops inside it are SHA-256's rolled up, four turns of sixteen rounds; what stands behind such a loop's exit runs in
/// all but the last of them.
/// @return nothing for a kernel without such a loop, where the hash may stand several times
std::optional<PipeCounts> count_node(const KernelCode& kernel);

/// Cycles of a multiprocessor that a node takes at least: of the ALU, the FMA pipe (64 threads a cycle each) or issuing
/// (128), whichever takes longest.
/// @return nothing for architectures other than 75 to 90: the table of throughputs in NVIDIA's CUDA C++ programming
/// guide has these figures for those
std::optional<double> node_cycles(const PipeCounts& node, unsigned architecture) noexcept;

}    // namespace filfil::report
