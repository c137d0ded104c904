// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::report {

/// One machine instruction.
struct Instruction {
    std::uint64_t address = 0;              ///< bytes from the kernel's start
    std::string opcode;                     ///< "IMAD.MOV.U32"
    bool conditional = false;               ///< under a predicate, "@!P0"
    std::optional<std::uint64_t> target;    ///< where a branch goes
};

/// The code of one kernel for one architecture.
struct KernelCode {
    std::string symbol;           ///< mangled
    std::string kernel;           ///< see kernel_name()
    unsigned architecture = 0;    ///< 90 for sm_90
    std::vector<Instruction> code;

    /// Bytes up to the last instruction that is no filling.
    [[nodiscard]] std::uint64_t bytes() const noexcept;
};

/// Reads what `cuobjdump --dump-sass` prints, for the kernels that kernel_name() knows.
/// @return Error::corrupt if there is no instruction at all in it, as of a file that is something else
Result<std::vector<KernelCode>> parse_sass(std::string_view text);

}    // namespace filfil::report
