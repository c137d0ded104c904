// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/job_watch.hpp"

#include <algorithm>

namespace filfil::cli {
namespace {

struct ContractOptions {
    DaemonOptions daemon;
    std::string owner;
    std::string operator_address;
    std::string guardian;
    std::vector<std::string> settings;
};

/// What FilFil.DeployContract takes as numbers; the others are amounts and sizes.
bool is_number(std::string_view name) { return name != "bond" && name != "reward_cap" && name != "min_power"; }

Result<Json> params_of(const ContractOptions& options) {
    Json out = Json::object();
    if (!options.owner.empty()) out["owner"] = options.owner;
    if (!options.operator_address.empty()) out["operator"] = options.operator_address;
    if (!options.guardian.empty()) out["guardian"] = options.guardian;
    for (const std::string& setting : options.settings) {
        const std::size_t equal = setting.find('=');
        if (equal == std::string::npos || equal == 0)
            return Error(ErrorCode::invalid_argument, "--set " + setting + " has no name and value",
                         "write it as NAME=VALUE, e.g. --set slot_epochs=2880");
        const std::string name = setting.substr(0, equal);
        const std::string value = setting.substr(equal + 1);
        if (is_number(name)) {
            FILFIL_TRY(out[name], parse_count("--set " + name, value, 0, std::uint64_t{1} << 62));
        } else {
            out[name] = value;
        }
    }
    return out;
}

std::string contract_text(const Json& contract) {
    const Json none = Json::object();
    const auto part = [&](const char* name) -> const Json& {
        const auto found = contract.find(name);
        return found != contract.end() && found->is_object() ? *found : none;
    };
    const Json& round = part("round");
    const Json& params = part("params");
    const Json& totals = part("totals");
    std::string out =
        table(field_text(contract, "contract") + " on " + field_text(contract, "network"),
              {{"owner", field_text(contract, "owner")},
               {"operator", field_text(contract, "operator")},
               {"guardian", field_text(contract, "guardian")},
               {"staging", field_text(contract, "paused") == "true" ? "paused" : "open"},
               {"providers", field_text(contract, "providers") + " of " + field_text(params, "max_providers")},
               {"bond now", money_at(contract, "bond_now")},
               {"reward cap", money_at(params, "reward_cap")},
               {"recipe", field_text(params, "recipe")}});
    std::vector<std::pair<std::string, std::string>> rows = {
        {"a slot", field_text(round, "slot_epochs") + " epochs, open for " + field_text(round, "window_epochs")},
        {"wants", "the snapshot of " + field_text(round, "lead_epochs") + " epochs before it opens"}};
    const bool open = field_text(round, "number") != "0";
    if (open)
        rows.insert(rows.begin(),
                    {{"began", epoch_at(round, "start_epoch", "start_time")},
                     {"positions", field_text(round, "positions") + ", " + field_text(round, "replicas") + " a slot"}});
    else
        rows.insert(rows.begin(), {"replicas", field_text(round, "replicas") + " a slot"});
    out += "\n" + table(open ? "round " + field_text(round, "number")
                             : std::string("no round is open: the first provider to register opens one"),
                        rows);
    out += "\n" + table("money", {{"pool", money_at(totals, "pool")},
                                  {"staged", money_at(totals, "locked")},
                                  {"owed", money_at(totals, "owed")},
                                  {"earned", money_at(totals, "credit")},
                                  {"bonds", money_at(totals, "bonds")}});
    return out;
}

int run_info(Context& context, const ContractOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
        return daemon->call("FilFil.Contract");
    }();
    return show_answer(context, "contract info", answer, contract_text);
}

int run_deploy(Context& context, const ContractOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        FILFIL_TRY(Json params, params_of(options));
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return run_job(context, *daemon, "FilFil.DeployContract", std::move(params), "deployment");
    }();
    return show_answer(context, "contract deploy", answer, [](const Json& deployed) {
        return table("deployed", {{"contract", field_text(deployed, "contract")},
                                  {"owner", field_text(deployed, "owner")},
                                  {"operator", field_text(deployed, "operator")},
                                  {"guardian", field_text(deployed, "guardian")},
                                  {"transaction", field_text(deployed, "hash")},
                                  {"block", field_text(deployed, "block")},
                                  {"cost", money_at(deployed, "cost")}}) +
               "\nNow set it: fil-fil config set incentive.contract " + field_text(deployed, "contract") + "\n";
    });
}

}    // namespace

void add_contract_commands(CLI::App& app, Context& context) {
    CLI::App* group =
        add_command_group(app, {"contract", "The contract that pays for snapshots",
                                "Its roles, parameters, round and money; and a new one.", "  fil-fil contract info\n"});
    auto info = std::make_shared<ContractOptions>();
    CLI::App* command = add_command(
        *group, context,
        {"info", "Roles, parameters, the round and the money of the contract",
         "What the contract says now, read by the daemon through its node.", "  fil-fil contract info --json\n"},
        [&context, info] { return run_info(context, *info); });
    add_daemon_options(command, info->daemon);

    add_contract_events_command(*group, context);

    auto deploy = std::make_shared<ContractOptions>();
    command = add_command(
        *group, context,
        {"deploy", "Put a new contract on the chain",
         "Sent from the daemon's wallet (incentive.wallet or incentive.key_file), which has every role that is not "
         "given\n"
         "to somebody else. Ends when the contract is there for certain; the same roles and parameters once more are\n"
         "the same contract, not a second one. Names and meanings of parameters: docs/contract.md.",
         "  fil-fil contract deploy --owner f410f… --operator f410f… --guardian f410f…\n"
         "  fil-fil contract deploy --set slot_epochs=2880 --set replicas=2 --set bond='10 FIL'\n"},
        [&context, deploy] { return run_deploy(context, *deploy); });
    add_text(command, "--owner", deploy->owner, "ADDRESS", "Changes parameters and roles; best a multisig");
    add_text(command, "--operator", deploy->operator_address, "ADDRESS", "Stages snapshots");
    add_text(command, "--guardian", deploy->guardian, "ADDRESS", "May pause staging");
    add_texts(command, "--set", deploy->settings, "NAME=VALUE, a parameter; may be given several times");
    add_daemon_options(command, deploy->daemon);
}

}    // namespace filfil::cli
