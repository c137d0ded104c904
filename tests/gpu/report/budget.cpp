// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/budget.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace filfil::report {
namespace {

std::string name_of(const KernelResources& kernel) {
    return "kernel '" + kernel.kernel + "' for sm_" + std::to_string(kernel.architecture);
}

/// The numbers of "80,90".
bool read_numbers(std::string_view text, std::vector<unsigned>& out) {
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        unsigned value = 0;
        const auto read = std::from_chars(text.data() + from, text.data() + comma, value);
        if (read.ec != std::errc() || read.ptr != text.data() + comma) return false;
        out.push_back(value);
        from = comma + 1;
    }
    return true;
}

const KernelResources* find(std::span<const KernelResources> all, const KernelResources& like) {
    const auto found = std::ranges::find_if(all, [&](const KernelResources& other) {
        return other.kernel == like.kernel && other.architecture == like.architecture;
    });
    return found == all.end() ? nullptr : &*found;
}

}    // namespace

Result<std::vector<Budget>> parse_budgets(std::string_view text) {
    std::vector<Budget> out;
    std::istringstream lines{std::string(text)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        std::istringstream words(line.substr(0, line.find('#')));
        Budget budget;
        std::string architectures;
        std::string rest;
        if (!(words >> budget.kernel)) continue;
        std::vector<unsigned> list;
        if (!(words >> architectures >> budget.registers >> budget.shared >> budget.stack >> budget.spills) ||
            words >> rest || !read_numbers(architectures, list))
            return Error(ErrorCode::corrupt,
                         "line " + std::to_string(number) +
                             " is not of the form `kernel architectures registers shared stack spills`: " + line);
        for (const unsigned architecture : list) {
            budget.architecture = architecture;
            out.push_back(budget);
        }
    }
    return out;
}

std::vector<std::string> over_budget(std::span<const KernelResources> kernels, std::span<const Budget> budgets,
                                     unsigned only) {
    std::vector<std::string> faults;
    for (const KernelResources& kernel : kernels) {
        const Budget* budget = find(budgets, kernel);
        if (budget == nullptr) {
            faults.push_back(name_of(kernel) + " has no budget");
            continue;
        }
        const auto hold = [&](const char* what, unsigned takes, unsigned may) {
            if (takes > may)
                faults.push_back(name_of(kernel) + " takes " + std::to_string(takes) + " " + what + ", its budget is " +
                                 std::to_string(may));
        };
        hold("registers", kernel.registers, budget->registers);
        hold("bytes of shared memory", kernel.shared, budget->shared);
        hold("bytes of stack", kernel.stack, budget->stack);
        hold("bytes of spills", kernel.spills, budget->spills);
    }
    for (const Budget& budget : budgets)
        if ((only == 0 || budget.architecture == only) && find(kernels, budget) == nullptr)
            faults.push_back(name_of(budget) + " was not compiled, or the compiler's report of it is gone");
    return faults;
}

}    // namespace filfil::report
