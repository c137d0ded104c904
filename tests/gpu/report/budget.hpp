// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "report/ptxas_messages.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::report {

/// What one kernel may take on one architecture.
using Budget = KernelResources;

/// Reads lines of `kernel architectures registers shared stack spills`, architectures as "80,90"; '#' begins a comment.
/// @return Error::corrupt names the line that is otherwise
Result<std::vector<Budget>> parse_budgets(std::string_view text);

/// Holds kernels against their budgets.
/// @param only an architecture that was built for alone; 0: all that the budgets name have to be there
/// @return one sentence each for what is over its budget, missing, or has none
std::vector<std::string> over_budget(std::span<const KernelResources> kernels, std::span<const Budget> budgets,
                                     unsigned only);

}    // namespace filfil::report
