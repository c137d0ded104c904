// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/sass_counts.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace filfil::report {
namespace {

constexpr double rolled_turns = 4;

std::string_view base_of(std::string_view opcode) noexcept { return opcode.substr(0, opcode.find('.')); }

bool is_one_of(std::string_view word, std::span<const std::string_view> list) noexcept {
    return std::ranges::find(list, word) != list.end();
}

/// The instructions, without the trap and the filling behind the last exit.
std::span<const Instruction> body_of(const KernelCode& kernel) noexcept {
    const auto last = std::ranges::find_if(kernel.code.rbegin(), kernel.code.rend(), [](const Instruction& i) {
        return i.opcode != "NOP" && !(i.target && *i.target == i.address);
    });
    return std::span(kernel.code).first(static_cast<std::size_t>(kernel.code.rend() - last));
}

/// Instructions from a branch's target to the branch that goes back there.
struct Loop {
    std::uint64_t first = 0;
    std::uint64_t last = 0;    ///< the branch

    [[nodiscard]] bool holds(std::uint64_t address) const noexcept { return first <= address && address <= last; }
    [[nodiscard]] bool holds(const Loop& other) const noexcept {
        return holds(other.first) && holds(other.last) && (first != other.first || last != other.last);
    }
};

std::vector<Loop> loops_of(std::span<const Instruction> code) {
    std::vector<Loop> out;
    for (const Instruction& instruction : code) {
        if (!instruction.target || *instruction.target >= instruction.address) continue;
        // A loop may go back to its start from several places.
        const auto same = std::ranges::find(out, *instruction.target, &Loop::first);
        if (same == out.end())
            out.push_back({*instruction.target, instruction.address});
        else
            same->last = instruction.address;
    }
    return out;
}

double shifts_in(std::span<const Instruction> code, const Loop& loop) {
    return static_cast<double>(std::ranges::count_if(
        code, [&](const Instruction& i) { return base_of(i.opcode) == "SHF" && loop.holds(i.address); }));
}

/// The last place inside the loop, before its end, from which a branch leaves it; its end where there is none.
std::uint64_t exit_of(std::span<const Instruction> code, const Loop& loop) {
    std::uint64_t exit = loop.last;
    for (const Instruction& instruction : code)
        if (loop.holds(instruction.address) && instruction.address != loop.last && instruction.target &&
            !loop.holds(*instruction.target))
            exit = instruction.address;
    return exit;
}

/// An instruction, or a whole loop that the code comes through.
struct Step {
    PipeCounts takes;
    std::size_t next = 0;                 ///< number of the instruction that follows
    std::optional<std::size_t> branch;    ///< or this one
    bool falls_through = true;
};

/// The first place at or behind an address.
std::size_t index_of(std::span<const Instruction> code, std::uint64_t address) {
    return static_cast<std::size_t>(std::ranges::lower_bound(code, address, {}, &Instruction::address) - code.begin());
}

Step step_at(std::span<const Instruction> code, std::span<const Loop> inner, std::size_t at) {
    Step step;
    const auto loop = std::ranges::find(inner, code[at].address, &Loop::first);
    if (loop != inner.end()) {
        step.next = index_of(code, loop->last) + 1;
        for (std::size_t i = at; i < step.next; ++i) {
            double times = 1;
            for (const Loop& one : inner)
                if (one.holds(code[i].address))
                    times *= code[i].address > exit_of(code, one) ? rolled_turns - 1 : rolled_turns;
            step.takes.add(pipe_of(code[i].opcode), times);
        }
        return step;
    }
    step.next = at + 1;
    step.takes.add(pipe_of(code[at].opcode), 1);
    if (code[at].target) {
        step.branch = index_of(code, *code[at].target);
        step.falls_through = code[at].conditional;
    }
    return step;
}

/// The fewest instructions from a loop's start to the branch that goes back there.
PipeCounts shortest_way(std::span<const Instruction> code, std::span<const Loop> loops, const Loop& node) {
    std::vector<Loop> inner;
    for (const Loop& loop : loops)
        if (node.holds(loop)) inner.push_back(loop);
    const std::size_t begin = index_of(code, node.first);
    const std::size_t end = index_of(code, node.last);
    std::vector<std::optional<PipeCounts>> before(code.size() + 1);
    before[begin] = PipeCounts();
    for (std::size_t at = begin; at < end; ++at) {
        if (!before[at]) continue;
        const Step step = step_at(code, inner, at);
        PipeCounts with = *before[at];
        with.add(step.takes);
        const auto reach = [&](std::size_t next) {
            if (next > at && next <= end && (!before[next] || before[next]->all() > with.all())) before[next] = with;
        };
        if (step.falls_through) reach(step.next);
        if (step.branch) reach(*step.branch);
    }
    PipeCounts out = before[end].value_or(PipeCounts());
    out.add(pipe_of(code[end].opcode), 1);
    return out;
}

}    // namespace

Pipe pipe_of(std::string_view opcode) noexcept {
    constexpr std::array<std::string_view, 24> alu{
        "SHF",   "LOP3",   "LOP", "IADD3", "IADD", "VIADD", "ISETP", "PRMT", "LEA", "SEL",       "PLOP3", "IABS",
        "IMNMX", "VIMNMX", "MOV", "SGXT",  "BMSK", "SHL",   "SHR",   "P2R",  "R2P", "VIADDMNMX", "FLO",   "VIMNMX3"};
    constexpr std::array<std::string_view, 2> fma{"IMAD", "FFMA"};
    constexpr std::array<std::string_view, 16> memory{"LDG", "STG", "LDS",  "STS",   "LDC",   "LDL",  "STL",    "LD",
                                                      "ST",  "RED", "ATOM", "ATOMS", "ATOMG", "LDSM", "LDGSTS", "SHFL"};
    constexpr std::array<std::string_view, 18> control{"BRA",  "EXIT", "BSSY",   "BSYNC",  "BAR",    "NOP",
                                                       "RET",  "CALL", "BREAK",  "BRX",    "YIELD",  "WARPSYNC",
                                                       "BMOV", "JMP",  "ERRBAR", "MEMBAR", "DEPBAR", "NANOSLEEP"};
    const std::string_view base = base_of(opcode);
    if (is_one_of(base, alu)) return Pipe::alu;
    if (is_one_of(base, fma)) return Pipe::fma;
    if (is_one_of(base, memory)) return Pipe::load_store;
    if (is_one_of(base, control)) return Pipe::control;
    if (base.starts_with('U') || base == "R2UR" || base == "S2UR") return Pipe::uniform;
    return Pipe::other;
}

void PipeCounts::add(Pipe pipe, double times) noexcept {
    switch (pipe) {
        case Pipe::alu: alu += times; break;
        case Pipe::fma: fma += times; break;
        case Pipe::load_store: load_store += times; break;
        case Pipe::uniform: uniform += times; break;
        case Pipe::control: control += times; break;
        case Pipe::other: other += times; break;
    }
}

void PipeCounts::add(const PipeCounts& more) noexcept {
    alu += more.alu;
    fma += more.fma;
    load_store += more.load_store;
    uniform += more.uniform;
    control += more.control;
    other += more.other;
}

std::map<std::string, unsigned> count_opcodes(const KernelCode& kernel) {
    std::map<std::string, unsigned> out;
    for (const Instruction& instruction : body_of(kernel)) ++out[std::string(base_of(instruction.opcode))];
    return out;
}

PipeCounts count_pipes(const KernelCode& kernel) {
    PipeCounts out;
    for (const Instruction& instruction : body_of(kernel)) out.add(pipe_of(instruction.opcode), 1);
    return out;
}

std::optional<PipeCounts> count_node(const KernelCode& kernel) {
    const std::span<const Instruction> code = body_of(kernel);
    const std::vector<Loop> loops = loops_of(code);
    const double shifts = shifts_in(code, {0, ~std::uint64_t{0}});
    // Addresses of the children take a few shifts outside the loop.
    constexpr double nearly_all = 0.95;
    const Loop* node = nullptr;
    for (const Loop& loop : loops)
        if (shifts_in(code, loop) >= nearly_all * shifts && (node == nullptr || node->holds(loop))) node = &loop;
    if (node == nullptr || shifts == 0) return std::nullopt;

    return shortest_way(code, loops, *node);
}

std::optional<double> node_cycles(const PipeCounts& node, unsigned architecture) noexcept {
    if (architecture < 75 || architecture > 90) return std::nullopt;
    constexpr double threads_a_cycle = 64;
    constexpr double issued_a_cycle = 128;
    return std::max({node.alu / threads_a_cycle, node.fma / threads_a_cycle, node.all() / issued_a_cycle});
}

}    // namespace filfil::report
