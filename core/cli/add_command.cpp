// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace filfil::cli {
namespace {

/// No argument that a person types starts with it.
constexpr char shield = '\x1f';

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

std::vector<std::string> shielded(std::vector<std::string> words) {
    const auto marker = std::ranges::find(words, "--");
    for (auto word = words.begin(); word != words.end(); ++word)
        if ((word->starts_with('[') && word->ends_with(']')) || (word > marker && word->starts_with('-')))
            word->insert(word->begin(), shield);
    if (marker != words.end()) words.erase(marker);
    return words;
}

std::string unshielded(const std::string& word) { return word.starts_with(shield) ? word.substr(1) : word; }

CLI::Option* add_texts(CLI::App* command, const std::string& name, std::vector<std::string>& target,
                       const std::string& description) {
    const auto take = [&target](const std::vector<std::string>& words) {
        target.clear();
        for (const std::string& word : words) target.push_back(unshielded(word));
    };
    return command->add_option_function<std::vector<std::string>>(name, take, description)->option_text("...");
}

CLI::Option* add_text(CLI::App* command, const std::string& names, std::string& target, const std::string& value_name,
                      const std::string& description) {
    const auto take = [&target](const std::string& word) { target = unshielded(word); };
    CLI::Option* option = command->add_option_function<std::string>(names, take, description);
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
