// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "cli/context.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::cli {

/// What a command's --help shows around its options.
struct CommandText {
    std::string name;
    std::string summary;        ///< one line, for the list of commands
    std::string description;    ///< what it does, how it ends; lines of at most 100 characters
    std::string examples;       ///< at least one line a user can paste
};

/// Adds a command with --json and --help. `run` is called once all options were read; it gives the exit code.
CLI::App* add_command(CLI::App& parent, Context& context, const CommandText& text, std::function<int()> run);

/// Adds a command that only holds others ("car").
CLI::App* add_command_group(CLI::App& parent, const CommandText& text);

/// Adds a positional argument that takes one or more texts exactly as they were typed.
CLI::Option* add_texts(CLI::App* command, const std::string& name, std::vector<std::string>& target,
                       const std::string& description);

/// Adds an option (or, without leading dashes, a positional argument) that takes one text.
/// @param value_name what --help shows for the value, "SIZE"
CLI::Option* add_text(CLI::App* command, const std::string& names, std::string& target, const std::string& value_name,
                      const std::string& description);

/// Marks the words that CLI11 would misread, which add_text() and add_texts() undo: it takes "[a,b]" for a list of two,
/// and what follows "--" for options once a command has its first argument. Both are lawful file names.
std::vector<std::string> shielded(std::vector<std::string> words);

/// The word as it was typed.
std::string unshielded(const std::string& word);

/// Reads a whole number. @return Error::invalid_argument naming `option`, the text and the range
Result<std::uint64_t> parse_count(std::string_view option, std::string_view text, std::uint64_t least,
                                  std::uint64_t most);

}    // namespace filfil::cli
