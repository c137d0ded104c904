// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/job_watch.hpp"

namespace filfil::cli {
namespace {

struct ClaimOptions {
    DaemonOptions daemon;
    std::vector<std::string> miners;
    bool all = false;
    bool dry_run = false;
};

/// What became of a step.
std::string outcome_of(const Json& item) {
    const std::string outcome = field_text(item, "outcome");
    if (outcome == "would_send") return "would be sent";
    if (outcome == "sent") return "done";
    if (outcome == "under_way") return "was under way already";
    if (outcome == "nothing_due") return "nothing is due yet";
    if (outcome == "not_worth_it") return "worth less than its gas: left for later (--all takes it)";
    if (outcome == "not_active_yet") return "its deal is not in a sector yet";
    return "FAILED";
}

std::string claim_text(const Json& item) {
    const bool withdraws = field_text(item, "kind") == "withdraw";
    std::string out = field_text(item, "miner") + "  ";
    if (withdraws) {
        out += "withdraw " + money_at(item, "amount");
        if (const std::string bond = field_text(item, "bond"); !bond.empty() && bond != "0")
            out += " and the bond of " + money_at(item, "bond");
    } else {
        out += slot_text(item) + ", piece " + field_text(item, "piece") +
               (field_text(item, "alternative") == "true" ? " of the alternative" : "") + ", epoch " +
               epoch_at(item, "target_epoch", "target_time");
        if (field_text(item, "kind") == "settle")
            out += ", sector " + field_text(item, "sector") + ": " + money_at(item, "due") + " due";
        else
            out += ": activate its deal";
    }
    out += "\n    " + outcome_of(item);
    if (const std::string gas = field_text(item, "gas"); !gas.empty())
        out += ", gas " + gas + " for " + money_at(item, "cost");
    if (const std::string hash = field_text(item, "hash"); !hash.empty())
        out += ", transaction " + hash + " in block " + field_text(item, "block");
    out += "\n";
    const auto error = item.find("error");
    if (error == item.end() || !error->is_object() || field_text(item, "outcome") != "failed") return out;
    out += "    " + field_text(*error, "message") + "\n";
    if (const std::string remedy = field_text(*error, "remedy"); !remedy.empty()) out += "      -> " + remedy + "\n";
    return out;
}

std::string text_of_all(const Json& claimed) {
    const auto items = claimed.find("items");
    std::string out;
    if (items != claimed.end() && items->is_array())
        for (const Json& item : *items) out += claim_text(item);
    const bool nothing = field_text(claimed, "due") == "0" && field_text(claimed, "withdrawn") == "0";
    const std::string held = field_text(claimed, "held") + (field_text(claimed, "held") == "1" ? " piece" : " pieces");
    if (nothing && field_text(claimed, "held") == "0")
        return out + "nothing to claim: no piece is held, and there is no credit\n";
    if (nothing)
        return out + "nothing to claim now: " + held + " held, " + money_at(claimed, "to_come") + " to come for " +
               (field_text(claimed, "held") == "1" ? "it" : "them") + "\n";
    const bool dry = field_text(claimed, "dry_run") == "true";
    return out + "\n" +
           table(dry ? "nothing was sent; a claim would" : "claimed",
                 {{dry ? "settle" : "settled", money_at(claimed, "due") + " of " + held},
                  {dry ? "withdraw" : "withdrawn", money_at(claimed, "withdrawn")},
                  {dry ? "cost about" : "cost", money_at(claimed, "cost")},
                  {dry ? "leave to come" : "to come", money_at(claimed, "to_come")}});
}

int run_claim(Context& context, const ClaimOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        Json params = {{"all", options.all}, {"dry_run", options.dry_run}};
        if (!options.miners.empty()) params["miners"] = options.miners;
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return run_job(context, *daemon, "FilFil.Claim", std::move(params), "claim");
    }();
    const int shown = show_answer(context, "claim", answer, text_of_all);
    if (shown != exit_ok) return shown;
    return field_text(*answer, "failed") == "0" ? exit_ok : exit_no;
}

}    // namespace

void add_claim_command(CLI::App& app, Context& context) {
    const auto options = std::make_shared<ClaimOptions>();
    CLI::App* command = add_command(
        app, context,
        {"claim", "Take what own providers earned",
         "Settles what is due for every piece that they hold in an active sector, activates deals that can be, and\n"
         "withdraws the credit, and a bond that is free, to each provider's owner. The gas is paid from the daemon's\n"
         "wallet, which may be anybody's. What is worth less than its gas is left for later. A claim that was cut "
         "short\n"
         "is taken up by the next one, and nothing is sent twice. Ends with 1 where a step failed; the others are "
         "done.",
         "  fil-fil claim --dry-run\n"
         "  fil-fil claim\n"
         "  fil-fil claim f01000 f01001 --all --json\n"},
        [&context, options] { return run_claim(context, *options); });
    add_texts(command, "MINER", options->miners, "Storage providers, in place of incentive.miners");
    command->add_flag("--all", options->all, "Also what is worth less than the gas that it costs");
    command->add_flag("--dry-run", options->dry_run,
                      "Try every step and show what it would bring and cost; send nothing");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
