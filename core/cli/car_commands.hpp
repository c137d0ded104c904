// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"

namespace filfil::cli {

// The commands under `fil-fil car`, each added to that group by add_car_commands().

void add_car_inspect_command(CLI::App& car, Context& context);
void add_car_verify_command(CLI::App& car, Context& context);
void add_car_split_command(CLI::App& car, Context& context);
void add_car_join_command(CLI::App& car, Context& context);
void add_car_index_command(CLI::App& car, Context& context);

}    // namespace filfil::cli
