// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/output.hpp"

#include <chrono>

namespace filfil::cli {
namespace {

struct WindowsOptions {
    DaemonOptions daemon;
    std::string miner;
    std::string days = "14";
};

std::optional<std::int64_t> seconds_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number()) return std::nullopt;
    return static_cast<std::int64_t>(found->get<double>());
}

/// The one line that a provider wants to read.
std::string line_of(const Json& window, std::int64_t now) {
    const std::string miner = field_text(window, "miner");
    const std::string state = field_text(window, "state");
    if (state == "none") {
        const std::string standing = field_text(window, "standing");
        return miner + ": no window: " +
               (standing == "none" ? "it is not registered; `fil-fil register` does that"
                                   : "its standing is '" + standing + "'") +
               "\n";
    }
    const bool open = state == "open";
    const auto at = seconds_at(window, open ? "close_time" : "open_time");
    std::string out = miner + ": " + slot_text(window) + (open ? " is open, closes " : " opens ");
    if (at) out += from_now_text(*at, now) + ", ";
    out += open ? "at epoch " + epoch_at(window, "close_epoch", "close_time")
                : "at epoch " + epoch_at(window, "open_epoch", "open_time") + ", closes at " +
                      epoch_at(window, "close_epoch", "close_time");
    if (const std::string target = epoch_at(window, "target_epoch", "target_time"); !target.empty())
        out += "; it wants the snapshot of epoch " + target;
    if (const std::string misses = field_text(window, "misses"); !misses.empty() && misses != "0")
        out += "; missed in a row so far: " + misses;
    return out + "\n";
}

std::int64_t now_of(const Context& context) {
    return std::chrono::duration_cast<std::chrono::seconds>(context.clock.wall()).count();
}

Result<Json> ask(Context& context, const WindowsOptions& options, const std::string& method, Json params) {
    if (!options.miner.empty()) params["miner"] = options.miner;
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
    return daemon->call(method, std::move(params));
}

/// Each of the answer's windows as an object a line, or as text.
int show(Context& context, const Result<Json>& answer, const char* command,
         const std::function<std::string(const Json&)>& text) {
    if (!answer.ok()) {
        Error error = answer.error();
        return fail(context, std::move(error).in(command));
    }
    const auto windows = answer->find("windows");
    if (windows == answer->end() || !windows->is_array())
        return fail(context, Error(ErrorCode::corrupt, std::string(command) + ": the daemon answered no windows"));
    for (const Json& window : *windows) {
        if (context.json)
            emit(context, window);
        else
            print(context, text(window));
    }
    return exit_ok;
}

int run_next_window(Context& context, const WindowsOptions& options) {
    const auto answer = ask(context, options, "FilFil.NextWindow", Json::object());
    return show(context, answer, "next-window",
                [now = now_of(context)](const Json& window) { return line_of(window, now); });
}

int run_windows(Context& context, const WindowsOptions& options) {
    const auto days = parse_count("--days", options.days, 1, 366);
    if (!days.ok()) return fail(context, days.error());
    const auto answer = ask(context, options, "FilFil.Windows", {{"days", *days}});
    if (answer.ok() && !context.json && answer->contains("windows") && (*answer)["windows"].empty()) {
        print(context, "no windows in the next " + options.days + " days\n");
        return exit_ok;
    }
    return show(context, answer, "windows", [](const Json& window) {
        return field_text(window, "miner") + "  " + slot_text(window) + "  " + field_text(window, "state") +
               "\n    opens   " + epoch_at(window, "open_epoch", "open_time") + "\n    closes  " +
               epoch_at(window, "close_epoch", "close_time") + "\n    wants   the snapshot of epoch " +
               epoch_at(window, "target_epoch", "target_time") + "\n    staged  " + field_text(window, "staged") + "\n";
    });
}

void add_miner(CLI::App* command, WindowsOptions& options) {
    add_text(command, "--miner", options.miner, "F0", "One storage provider alone, in place of incentive.miners");
    add_daemon_options(command, options.daemon);
}

}    // namespace

void add_windows_commands(CLI::App& app, Context& context) {
    auto next = std::make_shared<WindowsOptions>();
    CLI::App* command = add_command(
        app, context,
        {"next-window", "When it is this provider's turn",
         "A line a provider: the window that is open now, or the next to open, and the epoch whose snapshot it\n"
         "wants. The contract is read anew; two of its storage slots are looked at.",
         "  fil-fil next-window\n"
         "  fil-fil next-window --miner f01000 --json\n"},
        [&context, next] { return run_next_window(context, *next); });
    add_miner(command, *next);

    auto all = std::make_shared<WindowsOptions>();
    command = add_command(app, context,
                          {"windows", "The windows of the days to come",
                           "All windows of own providers that open within so many days, soonest first. Those of this "
                           "round and of the\nnext are certain; later ones move if the roster does.",
                           "  fil-fil windows --days 30\n"
                           "  fil-fil windows --days 14 --json\n"},
                          [&context, all] { return run_windows(context, *all); });
    add_text(command, "--days", all->days, "N", "So many days ahead, 14 if it is not given");
    add_miner(command, *all);
}

}    // namespace filfil::cli
