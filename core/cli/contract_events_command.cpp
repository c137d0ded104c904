// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace filfil::cli {
namespace {

struct ContractEventsOptions {
    DaemonOptions daemon;
    std::string name;
    std::string miner;
    std::string slot;
    std::string limit;
};

Result<Json> params_of(const ContractEventsOptions& options) {
    Json out = Json::object();
    if (!options.name.empty()) out["name"] = options.name;
    if (!options.miner.empty()) out["miner"] = options.miner;
    if (!options.slot.empty()) {
        FILFIL_TRY(out["slot"], parse_count("--slot", options.slot, 0, std::numeric_limits<std::uint32_t>::max()));
    }
    if (!options.limit.empty()) {
        FILFIL_TRY(out["limit"], parse_count("--limit", options.limit, 1, 1000));
    }
    return out;
}

bool is_money(std::string_view name) {
    constexpr std::array<std::string_view, 6> names = {"amount", "bond", "bounty", "returned", "reward", "upfront"};
    return std::ranges::find(names, name) != names.end();
}

/// "amount 12 FIL, to 5003310": an event's parameters but for slot and miner, which have lines of their own.
std::string fields_text(const Json& event) {
    std::string out;
    const auto fields = event.find("fields");
    if (fields == event.end() || !fields->is_object()) return out;
    for (const auto& [name, value] : fields->items()) {
        const std::string text = is_money(name) ? money_at(*fields, name.c_str()) : field_text(*fields, name.c_str());
        if (name == "slot" || name == "miner" || text.empty()) continue;
        out += (out.empty() ? "" : ", ") + name + " " + text;
    }
    return out;
}

std::string contract_events_text(const Json& answer) {
    std::string out;
    const auto events = answer.find("events");
    if (events != answer.end() && events->is_array())
        for (const Json& event : *events) {
            std::vector<std::pair<std::string, std::string>> rows = {{"when", epoch_at(event, "epoch", "time")}};
            if (!field_text(event, "slot").empty()) rows.emplace_back("slot", field_text(event, "slot"));
            if (!field_text(event, "miner").empty()) rows.emplace_back("provider", field_text(event, "miner"));
            if (const std::string fields = fields_text(event); !fields.empty()) rows.emplace_back("says", fields);
            out += table(field_text(event, "name"), rows) + "\n";
        }
    if (out.empty()) out = "No such event is known.\n";
    if (field_text(answer, "read_to_epoch").empty())
        out += "The daemon has not read the contract's events yet.\n";
    else if (field_text(answer, "caught_up") != "true")
        out += "The daemon has read them to epoch " + field_text(answer, "read_to_epoch") + ", and reads on.\n";
    if (const std::string trouble = field_text(answer, "trouble"); !trouble.empty())
        out += "Trouble: " + trouble + "\n";
    return out;
}

int run_events(Context& context, const ContractEventsOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        FILFIL_TRY(Json params, params_of(options));
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
        return daemon->call("FilFil.ContractEvents", std::move(params));
    }();
    return show_answer(context, "contract events", answer, contract_events_text);
}

}    // namespace

void add_contract_events_command(CLI::App& group, Context& context) {
    auto options = std::make_shared<ContractEventsOptions>();
    CLI::App* command =
        add_command(group, context,
                    {"events", "What the contract told: who registered, staged, stored, was paid",
                     "Newest first. The daemon reads the contract's events and keeps them, through reorganisations.",
                     "  fil-fil contract events --miner f01000\n"
                     "  fil-fil contract events --name Settled --limit 20 --json\n"},
                    [&context, options] { return run_events(context, *options); });
    add_text(command, "--name", options->name, "EVENT", "Only these, e.g. SnapshotStaged, PieceActivated, Settled");
    add_text(command, "--miner", options->miner, "F0", "Only those about one storage provider");
    add_text(command, "--slot", options->slot, "N", "Only those about one slot (round * 65536 + its place)");
    add_text(command, "--limit", options->limit, "N", "So many at most, 100 if it is not given");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
