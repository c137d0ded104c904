// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/application.hpp"

#include "base/suggest.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

#include <algorithm>
#include <exception>
#include <new>

namespace filfil::cli {
namespace {

constexpr const char* root_examples =
    "Examples:\n"
    "  fil-fil commp snapshot.car                              the piece CID of a file\n"
    "  fil-fil verify deal.car --piece-cid baga6ea4seaq...     does the file match its deal?\n"
    "  fil-fil devices                                         what hashes here, and how fast\n"
    "\n"
    "Exit codes: 0 done (or yes), 1 checked and the answer is no, 2 could not be done.\n";

/// The chosen command, its parents first.
std::vector<CLI::App*> chosen_commands(CLI::App& app) {
    std::vector<CLI::App*> chain{&app};
    while (!chain.back()->get_subcommands().empty()) chain.push_back(chain.back()->get_subcommands().back());
    return chain;
}

/// "fil-fil car split"
std::string full_name(const std::vector<CLI::App*>& chain) {
    std::string name = "fil-fil";
    for (std::size_t i = 1; i < chain.size(); ++i) name += ' ' + chain[i]->get_name();
    return name;
}

/// What a message about the arguments starts with: "car split: ", nothing for the program itself, which fail() names.
std::string scope_of(const std::vector<CLI::App*>& chain) {
    return chain.size() == 1 ? "" : full_name(chain).substr(std::string_view("fil-fil ").size()) + ": ";
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::vector<std::string> option_names(const std::vector<CLI::App*>& chain) {
    std::vector<std::string> names;
    for (const CLI::App* command : chain)
        for (const CLI::Option* option : std::as_const(*command).get_options())
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

/// The first argument that no command knows what to do with; "" where there is none.
std::string first_stray(const std::vector<CLI::App*>& chain) {
    for (const CLI::App* command : chain)
        if (const std::vector<std::string> words = command->remaining(false); !words.empty())
            return unshielded(words.front());
    return "";
}

Error stray_error(const std::vector<CLI::App*>& chain, const std::string& stray) {
    const std::string name = full_name(chain);
    std::string what;
    std::string suggestion;
    if (stray.starts_with('-') && stray.size() > 1) {
        const std::string option = stray.substr(0, stray.find('='));
        what = scope_of(chain) + "unknown option '" + option + "'";
        suggestion = nearest_name(option, option_names(chain));
    } else if (const std::vector<std::string> names = command_names(*chain.back()); !names.empty()) {
        what = scope_of(chain) + "unknown command '" + stray + "'";
        suggestion = nearest_name(stray, names);
    } else {
        what = scope_of(chain) + "unexpected argument '" + stray + "'";
    }
    std::string remedy = suggestion.empty() ? "" : "did you mean '" + suggestion + "'? ";
    return {ErrorCode::invalid_argument, std::move(what), remedy + "`" + name + " --help` lists what there is"};
}

/// CLI11's own sentences, as ours.
std::string reworded(std::string text) {
    const std::string name = text.substr(0, text.find(':'));
    if (text.find("required") != std::string::npos && text.find("missing") != std::string::npos)
        return name + " needs a value";
    if (text.find("At Most 1 ") != std::string::npos) return name + " was given more than once";
    return text;
}

Error missing_command_error(const std::vector<CLI::App*>& chain) {
    const std::string name = full_name(chain);
    return {ErrorCode::invalid_argument, scope_of(chain) + "no command was given",
            "name one of: " + joined(command_names(*chain.back())) + "; `" + name + " --help` explains them"};
}

int run_checked(std::span<const std::string> arguments, Context& context) {
    CLI::App app("fil-fil: Filecoin piece commitments and CAR files, fast", "fil-fil");
    app.footer(root_examples);
    app.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app.get_formatter()->label("OPTIONS", "OPTIONS");
    app.get_formatter()->column_width(28);
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", "fil-fil " FILFIL_VERSION, "Print the version and exit");
    app.add_flag("--json", context.json, "Results as JSON on standard output, one object a line");
    add_commands(app, context);

    std::vector<std::string> words = with_batch_as_command(arguments, command_names(app));
    // Known before parsing, so that an error in the options is told as JSON, too.
    const auto options_end = std::ranges::find(words, "--");
    context.json = std::find(words.begin(), options_end, "--json") != options_end;
    words = shielded(std::move(words));
    std::ranges::reverse(words);
    try {
        app.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
        context.console.out(app.help());
        return exit_ok;
    } catch (const CLI::CallForVersion& version) {
        context.console.out(version.what() + std::string("\n"));
        return exit_ok;
    } catch (const CLI::ParseError& error) {
        const std::vector<CLI::App*> chain = chosen_commands(app);
        // A misspelt option also leaves the right one missing: the misspelling is what helps.
        if (const std::string stray = first_stray(chain); !stray.empty())
            return fail(context, stray_error(chain, stray));
        return fail(context, {ErrorCode::invalid_argument, scope_of(chain) + reworded(error.what()),
                              "`" + full_name(chain) + " --help` shows how it is used"});
    }
    const std::vector<CLI::App*> chain = chosen_commands(app);
    const auto command = context.runs.find(chain.back());
    if (command == context.runs.end()) return fail(context, missing_command_error(chain));
    return command->second();
}

}    // namespace

std::vector<std::string> with_batch_as_command(std::span<const std::string> arguments,
                                               const std::vector<std::string>& command_names) {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--" || std::find(command_names.begin(), command_names.end(), words[i]) != command_names.end())
            break;
        constexpr std::string_view with_value = "--batch=";
        if (words[i] == "--batch")
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
        else if (words[i].starts_with(with_value))
            words[i].erase(0, with_value.size());
        else
            continue;
        words.insert(words.begin(), "batch");
        break;
    }
    return words;
}

int run(std::span<const std::string> arguments, Context& context) noexcept {
    int code = exit_failure;
    try {
        code = run_checked(arguments, context);
        if (const std::optional<Error> failure = context.console.out_failure()) {
            code = exit_failure;
            if (failure->code != ErrorCode::cancelled) fail(context, *failure);
        }
    } catch (const std::bad_alloc&) {
        context.console.err("fil-fil: out of memory\n  -> give it fewer --threads, or more memory\n");
    } catch (const std::exception& exception) {
        context.console.err("fil-fil: unexpected failure: ");
        context.console.err(exception.what());
        context.console.err("\n  -> this is a defect of fil-fil; please report it with the command line\n");
    }
    return code;
}

}    // namespace filfil::cli
