// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/job_watch.hpp"

namespace filfil::cli {
namespace {

struct ProviderOptions {
    DaemonOptions daemon;
    std::string what;    ///< a provider, an epoch
    std::string reward;
    bool alternative = false;
};

Result<Json> spend(Context& context, const ProviderOptions& options, const std::string& method, Json params) {
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
    return run_job(context, *daemon, method, std::move(params), "transaction");
}

int run_register(Context& context, const ProviderOptions& options) {
    return show_answer(context, "register", spend(context, options, "FilFil.Register", {{"miner", options.what}}),
                       [](const Json& done) {
                           auto rows = transaction_rows(done);
                           rows.insert(rows.begin(), {"bond", money_at(done, "bond")});
                           return table(field_text(done, "miner") + " is registered", rows);
                       });
}

int run_exit(Context& context, const ProviderOptions& options) {
    return show_answer(context, "exit", spend(context, options, "FilFil.Exit", {{"miner", options.what}}),
                       [](const Json& done) {
                           return table(field_text(done, "miner") + " leaves after this round", transaction_rows(done));
                       });
}

int run_incentivize(Context& context, const ProviderOptions& options) {
    const auto done = [&]() -> Result<Json> {
        FILFIL_TRY(const std::uint64_t epoch, parse_count("EPOCH", options.what, 0, std::uint64_t{1} << 62));
        Json params = {{"epoch", epoch}};
        if (!options.reward.empty()) params["reward"] = options.reward;
        if (options.alternative) params["alternative"] = true;
        return spend(context, options, "FilFil.Incentivize", std::move(params));
    }();
    return show_answer(context, "incentivize", done, [](const Json& staged) {
        std::vector<std::pair<std::string, std::string>> rows = {{"slot", field_text(staged, "slot")},
                                                                 {"epoch", field_text(staged, "epoch")},
                                                                 {"pieces", field_text(staged, "pieces")},
                                                                 {"reward a replica", money_at(staged, "reward")}};
        if (field_text(staged, "already_staged") == "true") return table("staged already, nothing was sent", rows);
        for (auto& row : transaction_rows(staged)) rows.push_back(std::move(row));
        return table("staged", rows);
    });
}

int run_operator_status(Context& context, const ProviderOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
        return daemon->call("FilFil.Operator");
    }();
    return show_answer(context, "operator status", answer, [](const Json& status) {
        std::string out;
        const auto slots = status.find("slots");
        if (slots == status.end() || !slots->is_array() || slots->empty())
            return std::string("no slots: no storage provider is registered\n");
        for (const Json& slot : *slots) {
            const bool staged = field_text(slot, "staged") == "true";
            out += slot_text(slot) + " (" + field_text(slot, "slot") + "), " + field_text(slot, "state") + ", " +
                   (staged ? "staged with " + money_at(slot, "reward") + " a replica" : "NOT staged") +
                   (field_text(slot, "disputed") == "true" ? ", DISPUTED" : "") +
                   "\n    wants   the snapshot of epoch " + epoch_at(slot, "target_epoch", "target_time") +
                   "\n    opens   " + epoch_at(slot, "open_epoch", "open_time") + "\n    closes  " +
                   epoch_at(slot, "close_epoch", "close_time") + "\n";
        }
        return out;
    });
}

int run_cancel(Context& context, const ProviderOptions& options) {
    const auto done = [&]() -> Result<Json> {
        FILFIL_TRY(const std::uint64_t slot, parse_count("SLOT", options.what, 0, 0xffffffffU));
        return spend(context, options, "FilFil.CancelStaging", {{"slot", slot}});
    }();
    return show_answer(context, "operator cancel", done, [](const Json& cancelled) {
        return table("slot " + field_text(cancelled, "slot") + " is not staged any more", transaction_rows(cancelled));
    });
}

using Run = int (*)(Context&, const ProviderOptions&);

std::shared_ptr<ProviderOptions> add(CLI::App& parent, Context& context, const CommandText& text, Run run,
                                     const char* argument, const char* about) {
    auto options = std::make_shared<ProviderOptions>();
    CLI::App* command = add_command(parent, context, text, [&context, options, run] { return run(context, *options); });
    if (argument != nullptr) add_text(command, argument, options->what, argument, about)->required();
    add_daemon_options(command, options->daemon);
    return options;
}

}    // namespace

void add_provider_commands(CLI::App& app, Context& context) {
    add(app, context,
        {"register", "Put a storage provider on the roster",
         "Pays the bond from the daemon's wallet, which has to be the provider's owner, worker or control address. It\n"
         "has its first window in the next round.",
         "  fil-fil register f01000\n"},
        run_register, "MINER", "The provider's actor, as f01000");
    add(app, context,
        {"exit", "Let a storage provider leave the roster",
         "Its windows of this round stay its own; the bond can be taken back after the next round has begun.",
         "  fil-fil exit f01000\n"},
        run_exit, "MINER", "The provider's actor, as f01000");
}

void add_operator_commands(CLI::App& app, Context& context) {
    const auto options = std::make_shared<ProviderOptions>();
    CLI::App* command = add_command(
        app, context,
        {"incentivize", "Commit to the snapshot of an epoch, so that storing it is paid",
         "Takes the snapshot, or uses the one that was taken, waits until its tipset is final, tries the call, and "
         "stages\n"
         "its piece CIDs for the slot that wants it. Done once, whatever crashes: what is staged already is told so.",
         "  fil-fil incentivize 5000000 --reward '2.5 FIL'\n"},
        [&context, options] { return run_incentivize(context, *options); });
    add_text(command, "EPOCH", options->what, "EPOCH", "A slot's target; `fil-fil operator status` lists them")
        ->required();
    add_text(command, "--reward", options->reward, "FIL",
             "For each replica; that of the slot staged last if it is not given");
    command->add_flag("--alternative", options->alternative, "Beside another tipset that is staged for the slot");
    add_daemon_options(command, options->daemon);

    CLI::App* group = add_command_group(app, {"operator", "What the snapshot operator and the contract's owner do",
                                              "Slots that wait to be staged, what is staged, parameters, a pause.",
                                              "  fil-fil operator status\n"
                                              "  fil-fil operator params\n"});
    add(*group, context,
        {"status", "The slots from now on, and which are staged", "Of this round and the next, ten of them.",
         "  fil-fil operator status --json\n"},
        run_operator_status, nullptr, nullptr);
    add(*group, context,
        {"cancel", "Take back what is staged for a slot", "While nobody stores a piece of it.",
         "  fil-fil operator cancel 65537\n"},
        run_cancel, "SLOT", "The slot's number, as `fil-fil operator status` shows it");
    add_owner_commands(*group, context);
}

}    // namespace filfil::cli
