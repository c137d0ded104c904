// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/commands.hpp"

namespace filfil::cli {

void add_commands(CLI::App&, Context&) {}

}    // namespace filfil::cli
