// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"

#include <charconv>
#include <utility>

namespace filfil::cli {
namespace {

CLI::App* add_described(CLI::App& parent, const CommandText& text) {
    CLI::App* command = parent.add_subcommand(text.name, text.summary);
    command->group("Commands");
    command->footer(text.description + "\n\nExamples:\n" + text.examples);
    command->get_formatter()->column_width(28);
    return command;
}

}    // namespace

CLI::App* add_command(CLI::App& parent, Context& context, const CommandText& text, std::function<int()> run) {
    CLI::App* command = add_described(parent, text);
    command->add_flag("--json", context.json, "Results as JSON on standard output, one object a line");
    context.runs[command] = std::move(run);
    return command;
}

CLI::App* add_command_group(CLI::App& parent, const CommandText& text) {
    CLI::App* group = add_described(parent, text);
    group->require_subcommand(0, 1);
    return group;
}

CLI::Option* add_texts(CLI::App* command, const std::string& name, std::vector<std::string>& target,
                       const std::string& description) {
    // Without this CLI11 takes a file called "[a,b]" for a list of two.
    return command->add_option(name, target, description)->allow_extra_args(false)->option_text("...");
}

CLI::Option* add_text(CLI::App* command, const std::string& names, std::string& target, const std::string& value_name,
                      const std::string& description) {
    CLI::Option* option = command->add_option(names, target, description);
    return option->option_text(option->get_positional() ? std::string(" ") : value_name);
}

Result<std::uint64_t> parse_count(std::string_view option, std::string_view text, std::uint64_t least,
                                  std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return Error(ErrorCode::invalid_argument,
                     std::string(option) + ": '" + std::string(text) + "' is not a whole number from " +
                         std::to_string(least) + " to " + std::to_string(most),
                     "give a number in this range");
    return value;
}

}    // namespace filfil::cli
