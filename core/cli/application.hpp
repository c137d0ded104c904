// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"

#include <span>
#include <string>
#include <vector>

namespace filfil::cli {

/// Reads the arguments (without the program's name), runs the command they name and gives the exit code. Every failure
/// has been told on `context.console`. Does not throw.
int run(std::span<const std::string> arguments, Context& context) noexcept;

/// `--batch X …` in front of any command means `batch X …`; everything else stays as it is.
std::vector<std::string> with_batch_as_command(std::span<const std::string> arguments,
                                               const std::vector<std::string>& command_names);

}    // namespace filfil::cli
