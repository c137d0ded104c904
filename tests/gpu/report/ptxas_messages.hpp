// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace filfil::report {

/// What ptxas says with -v of one kernel for one architecture.
struct KernelResources {
    std::string kernel;           ///< see kernel_name()
    unsigned architecture = 0;    ///< 90 for sm_90
    unsigned registers = 0;       ///< of a thread
    unsigned shared = 0;          ///< bytes of a block
    unsigned stack = 0;           ///< bytes of a thread's frame
    unsigned spills = 0;          ///< bytes, stores and loads together
};

/// Reads a compiler's messages (cmake/keep_messages) for the kernels that kernel_name() knows, in their order.
/// @return Error::truncated names the kernel of which ptxas does not say everything, Error::corrupt the line that is
/// otherwise than it writes them
Result<std::vector<KernelResources>> parse_ptxas(std::string_view messages);

}    // namespace filfil::report
