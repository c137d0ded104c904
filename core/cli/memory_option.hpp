// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/add_command.hpp"
#include "cli/context.hpp"

#include <string>
#include <string_view>

namespace filfil::cli {

/// Adds --memory-limit. `target` must live as long as `command`.
void add_memory_option(CLI::App* command, std::string& target);

/// How much memory the blocks of a chain may take: what --memory-limit says or, where it was not given, what the system
/// says is available now, less a little for all else. A chain that does not fit is refused then, before the system has
/// to stop programs.
/// @return bytes; Error::invalid_argument for a text that is no size
Result<std::uint64_t> read_memory_option(Context& context, const std::string& text);

/// The bytes that are available, as /proc/meminfo says; nothing where it does not.
std::optional<std::uint64_t> available_memory(std::string_view meminfo);

}    // namespace filfil::cli
