// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/output.hpp"

namespace filfil::cli {
namespace {

/// The value of a field as text; "" where there is none.
std::string text_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return {};
    if (found->is_string()) return found->get<std::string>();
    if (found->is_number_unsigned()) return grouped(found->get<std::uint64_t>());
    return found->dump();
}

std::string size_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_number_unsigned() ? bytes_for_people(found->get<std::uint64_t>()) : "";
}

std::string status_text(const Json& status) {
    std::vector<std::pair<std::string, std::string>> rows;
    const auto row = [&](const std::string& name, const std::string& value) {
        if (!value.empty()) rows.emplace_back(name, value);
    };
    row("state", text_at(status, "state"));
    row("why", text_at(status, "why"));
    row("what to do", text_at(status, "remedy"));
    row("network", text_at(status, "network"));
    row("node", text_at(status, "node"));
    row("node's head", text_at(status, "head_epoch"));
    row("in step with", text_at(status, "synced_epoch"));
    row("lag", text_at(status, "lag") + " epochs");
    row("finalized", text_at(status, "finalized_epoch"));
    row("blocks", text_at(status, "blocks"));
    row("in the CAR", size_at(status, "bytes"));
    row("memory", size_at(status, "rss"));
    row("holds", text_at(status, "holds"));
    std::string out = table("fil-fil daemon", rows);
    if (const auto alerts = status.find("alerts"); alerts != status.end() && alerts->is_array())
        for (const Json& alert : *alerts) {
            out += "\n  ! " + text_at(alert, "message") + "\n";
            if (const std::string remedy = text_at(alert, "remedy"); !remedy.empty()) out += "    -> " + remedy + "\n";
        }
    return out;
}

int run_status(Context& context, const DaemonOptions& options) {
    const auto status = [&]() -> Result<Json> {
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options, false));
        return daemon->call("FilFil.Status");
    }();
    if (!status.ok()) return fail(context, status.error());
    if (context.json)
        emit(context, *status);
    else
        print(context, status_text(*status));
    return exit_ok;
}

}    // namespace

void add_status_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<DaemonOptions>();
    CLI::App* command =
        add_command(app, context,
                    {"status", "How far the daemon is, what it holds, and what needs somebody",
                     "Asks the daemon over its API. With --json every field that docs/api.md lists under\n"
                     "FilFil.Status.",
                     "  fil-fil status\n"
                     "  fil-fil status --data /srv/fil-fil --json\n"},
                    [&context, options] { return run_status(context, *options); });
    add_daemon_options(command, *options);
}

}    // namespace filfil::cli
