// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/incentive_text.hpp"
#include "cli/job_watch.hpp"

namespace filfil::cli {
namespace {

struct OwnerOptions {
    DaemonOptions daemon;
    std::string what;    ///< an amount, a storage provider
    std::string memo;
    std::string policy;
    std::vector<std::string> settings;
    bool dry_run = false;
};

Result<Json> look(Context& context, const OwnerOptions& options, const std::string& method,
                  Json params = Json::object()) {
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
    return daemon->call(method, std::move(params));
}

Result<Json> spend(Context& context, const OwnerOptions& options, const std::string& method, Json params) {
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
    return run_job(context, *daemon, method, std::move(params), "transaction");
}

using Rows = std::vector<std::pair<std::string, std::string>>;

int run_fund(Context& context, const OwnerOptions& options) {
    Json params = {{"amount", options.what}};
    if (!options.memo.empty()) params["memo"] = options.memo;
    return show_answer(context, "fund", spend(context, options, "FilFil.Fund", std::move(params)),
                       [](const Json& done) {
                           return table(money_at(done, "amount") + " given to the contract", transaction_rows(done));
                       });
}

// ------------------------------------------------------------------------------------------------------- parameters

bool is_amount(std::string_view name) { return name == "bond" || name == "reward_cap"; }

/// A parameter's value for people.
std::string value_text(const std::string& name, const Json& object, const char* field) {
    return is_amount(name) ? money_at(object, field) : field_text(object, field);
}

/// "a change applies from round 9 on"
std::string applies_text(const Json& from_round) {
    return from_round.is_null() ? "when the next round opens" : "from round " + from_round.dump() + " on";
}

std::string params_text(const Json& terms) {
    const auto now = terms.find("now");
    if (now == terms.end() || !now->is_object()) return "the daemon answered no parameters\n";
    const auto queued = terms.find("queued");
    const bool waits = queued != terms.end() && queued->is_object();
    Rows rows;
    for (const auto& [name, value] : now->items()) {
        std::string text = value_text(name, *now, name.c_str());
        if (waits && queued->contains(name) && (*queued)[name] != value)
            text += "  ->  " + value_text(name, *queued, name.c_str());
        rows.emplace_back(name, std::move(text));
    }
    const std::string round = field_text(terms, "round");
    std::string out = table(round.empty() ? "no round is open yet" : "round " + round, rows);
    if (waits) out += "\nwhat stands behind -> applies from round " + field_text(terms, "queued_from_round") + " on\n";
    const auto next = terms.find("change_from_round");
    if (next != terms.end()) out += "a change that is made now applies " + applies_text(*next) + "\n";
    return out;
}

int run_params(Context& context, const OwnerOptions& options) {
    return show_answer(context, "operator params", look(context, options, "FilFil.Parameters"), params_text);
}

Result<Json> params_given(const OwnerOptions& options) {
    Json out = Json::object();
    for (const std::string& setting : options.settings) {
        const std::size_t equal = setting.find('=');
        if (equal == std::string::npos || equal == 0)
            return Error(ErrorCode::invalid_argument, setting + " has no name and value",
                         "write it as KEY=VALUE, e.g. slot_epochs=2880");
        const std::string name = setting.substr(0, equal);
        const std::string value = setting.substr(equal + 1);
        if (is_amount(name) || name == "min_power" || name == "recipe") {
            out[name] = value;
        } else {
            FILFIL_TRY(out[name], parse_count(name, value, 0, std::uint64_t{1} << 62));
        }
    }
    return out;
}

std::string change_text(const Json& done) {
    std::string out;
    const auto changes = done.find("changes");
    if (changes != done.end() && changes->is_array())
        for (const Json& one : *changes) {
            const std::string name = field_text(one, "name");
            out += "  " + name + ": " + value_text(name, one, "now") + " -> " + value_text(name, one, "next") + "\n";
        }
    if (field_text(done, "already_so") == "true") return "nothing is sent: they are so already, or will be\n" + out;
    const auto from = done.find("from_round");
    const std::string when = applies_text(from == done.end() ? Json(nullptr) : *from);
    const std::string replaced =
        field_text(done, "replaces_queued") == "true" ? "  in place of what was queued before\n" : "";
    if (field_text(done, "dry_run") == "true")
        return "would be queued, to apply " + when + "; nothing was sent\n" + out + replaced + "  gas " +
               field_text(done, "gas") + " for " + money_at(done, "cost") + "\n";
    return out + replaced + table("queued, to apply " + when, transaction_rows(done));
}

int run_set_params(Context& context, const OwnerOptions& options) {
    const auto done = [&]() -> Result<Json> {
        FILFIL_TRY(Json params, params_given(options));
        params["dry_run"] = options.dry_run;
        return spend(context, options, "FilFil.SetParameters", std::move(params));
    }();
    return show_answer(context, "operator params set", done, change_text);
}

int run_pause(Context& context, const OwnerOptions& options, bool on) {
    return show_answer(context, on ? "operator pause" : "operator resume",
                       spend(context, options, "FilFil.SetPaused", {{"paused", on}}), [on](const Json& done) {
                           const std::string title = on ? "staging is paused" : "staging goes on";
                           if (field_text(done, "already_so") == "true") return title + " already; nothing was sent\n";
                           return table(title, transaction_rows(done));
                       });
}

// ------------------------------------------------------------------------------------------------------- slot policy

int run_policy(Context& context, const OwnerOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        if (options.policy.empty()) {
            FILFIL_TRY(const Json told, look(context, options, "FilFil.NextWindow", {{"miner", options.what}}));
            FILFIL_TRY(const Json* windows, rpc::field(told, "windows"));
            if (!windows->is_array() || windows->empty())
                return Error(ErrorCode::corrupt, "the daemon answered no policy");
            return Json{{"miner", windows->front()["miner"]}, {"policy", windows->front()["policy"]}};
        }
        Json params = {{"miner", options.what}};
        if (options.policy != "default") params["policy"] = options.policy;
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return daemon->call("FilFil.SetSlotPolicy", std::move(params));
    }();
    return show_answer(context, "slots policy", answer, [](const Json& told) {
        const std::string policy = field_text(told, "policy");
        const std::string means = policy == "automatic" ? "its slots' snapshots are taken by themselves"
                                  : policy == "skip"    ? "nothing is done for its slots"
                                                        : "its slots' state is held, and somebody is asked";
        return field_text(told, "miner") + ": " + policy + ": " + means + "\n";
    });
}

std::shared_ptr<OwnerOptions> options_of(CLI::App* command, const std::shared_ptr<OwnerOptions>& options) {
    add_daemon_options(command, options->daemon);
    return options;
}

}    // namespace

void add_fund_command(CLI::App& app, Context& context) {
    const auto options = std::make_shared<OwnerOptions>();
    CLI::App* command = add_command(
        app, context,
        {"fund", "Give FIL to the contract's pool",
         "Sent from the daemon's wallet; rewards are staged out of the pool. It cannot be taken back. The same amount\n"
         "and memo, while the first is under way, is the first.",
         "  fil-fil fund '100 FIL' --memo 'for the archive, Alice'\n"},
        [&context, options] { return run_fund(context, *options); });
    add_text(command, "AMOUNT", options->what, "AMOUNT", "\"2.5 FIL\"; attoFIL without a unit")->required();
    add_text(command, "--memo", options->memo, "TEXT", "Who gives and what for, for everybody to read; 128 bytes");
    options_of(command, options);
}

void add_policy_command(CLI::App& app, Context& context) {
    CLI::App* group = add_command_group(app, {"slots", "What is done by itself for own slots", "By provider.",
                                              "  fil-fil slots policy f01000 automatic\n"});
    const auto options = std::make_shared<OwnerOptions>();
    CLI::App* command = add_command(
        *group, context,
        {"policy", "Show or set what the daemon does by itself when a window comes near",
         "ask: the snapshot's state is held within reach, and an alert asks for somebody; automatic: the snapshot is\n"
         "taken as soon as its target is final; skip: nothing; default: as incentive.policy says. Remembered for good.",
         "  fil-fil slots policy f01000\n"
         "  fil-fil slots policy f01000 automatic\n"},
        [&context, options] { return run_policy(context, *options); });
    add_text(command, "MINER", options->what, "MINER", "The provider's actor, as f01000")->required();
    add_text(command, "POLICY", options->policy, "POLICY", "ask, automatic, skip or default; shown if it is not given");
    options_of(command, options);
}

void add_owner_commands(CLI::App& operators, Context& context) {
    const auto shown = std::make_shared<OwnerOptions>();
    CLI::App* params = add_command(
        operators, context,
        {"params", "The contract's parameters, and those that are queued",
         "What holds in the round that is open, what is queued, and from which round on a change would apply.",
         "  fil-fil operator params\n"
         "  fil-fil operator params set replicas=3 bond='12 FIL' --dry-run\n"},
        [&context, shown] { return run_params(context, *shown); });
    options_of(params, shown);

    const auto changed = std::make_shared<OwnerOptions>();
    CLI::App* set = add_command(
        *params, context,
        {"set", "Queue other parameters",
         "By the contract's owner, from the daemon's wallet. What is not named stays as it is, or as it is queued.\n"
         "Keys: slot_epochs, window_epochs, lead_epochs, replicas, max_providers, max_misses, dispute_at,\n"
         "min_term_epochs, upfront_per_10000, slash_per_10000, bounty_per_10000, bond_step, bond, min_power,\n"
         "reward_cap, recipe (a hash, or 'settings' for that of the daemon's settings).",
         "  fil-fil operator params set replicas=3 --dry-run\n"
         "  fil-fil operator params set bond='12 FIL' reward_cap='20 FIL'\n"},
        [&context, changed] { return run_set_params(context, *changed); });
    add_texts(set, "KEY=VALUE", changed->settings, "What shall be another")->required();
    set->add_flag("--dry-run", changed->dry_run, "Show the change, from when it applies and its gas; send nothing");
    options_of(set, changed);

    for (const bool on : {true, false}) {
        const auto options = std::make_shared<OwnerOptions>();
        CLI::App* command =
            add_command(operators, context,
                        {on ? "pause" : "resume", on ? "Stop staging" : "Let staging go on after a pause",
                         on ? "By the contract's guardian or owner. What is staged stays so, and is stored and paid."
                            : "By the contract's owner alone.",
                         on ? "  fil-fil operator pause\n" : "  fil-fil operator resume\n"},
                        [&context, options, on] { return run_pause(context, *options, on); });
        options_of(command, options);
    }
}

}    // namespace filfil::cli
