// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/incentive_text.hpp"
#include "cli/job_watch.hpp"
#include "cli/reputation_text.hpp"

#include <charconv>

namespace filfil::cli {
namespace {

struct ReputationOptions {
    DaemonOptions daemon;
    std::string epoch;
    std::string miner;
    bool alive = false;
    bool sectors = false;
    std::string expires_after;
    std::string success_rate;
    std::string region;
    std::string url;
    bool dry_run = false;
};

/// "0.9", "90%".
Result<double> parse_share(std::string_view option, std::string_view text) {
    std::string_view digits = text;
    const bool percent = digits.ends_with('%');
    if (percent) digits.remove_suffix(1);
    while (digits.ends_with(' ')) digits.remove_suffix(1);
    double out = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out, std::chars_format::fixed);
    if (percent) out /= 100;
    if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
        !(out >= 0 && out <= 1))
        return Error(ErrorCode::invalid_argument,
                     std::string(option) + ": '" + std::string(text) + "' is no share from 0 to 1", "as 0.9, or 90%");
    return out;
}

Result<Json> holders_wanted(const ReputationOptions& options) {
    constexpr std::uint64_t most = std::uint64_t{1} << 62;
    Json out = Json::object();
    FILFIL_TRY(out["epoch"], parse_count("EPOCH", options.epoch, 0, most));
    if (options.alive) out["alive"] = true;
    if (options.sectors) out["sectors"] = true;
    if (!options.expires_after.empty()) {
        FILFIL_TRY(const std::uint64_t after, parse_count("--expires-after", options.expires_after, 0, most));
        out["min_expiration"] = after + 1;
    }
    if (!options.success_rate.empty()) {
        FILFIL_TRY(out["min_success_rate"], parse_share("--success-rate", options.success_rate));
    }
    if (!options.region.empty()) out["region"] = options.region;
    return out;
}

/// All pages in one answer.
Result<Json> all_holders(DaemonLink& daemon, Json wanted) {
    wanted["limit"] = 256;
    FILFIL_TRY(Json out, daemon.call("FilFil.Holders", wanted));
    for (auto next = out.find("next"); next != out.end() && next->is_number_unsigned(); next = out.find("next")) {
        wanted["from"] = *next;
        FILFIL_TRY(const Json more, daemon.call("FilFil.Holders", wanted));
        FILFIL_TRY(const Json* holders, rpc::field(more, "holders"));
        for (const Json& one : *holders) out["holders"].push_back(one);
        out["next"] = more.contains("next") ? more["next"] : Json(nullptr);
        if (out["trouble"].is_null() && more.contains("trouble")) out["trouble"] = more["trouble"];
    }
    out.erase("next");
    return out;
}

int run_holders(Context& context, const ReputationOptions& options) {
    bool filtered = false;
    const auto answer = [&]() -> Result<Json> {
        FILFIL_TRY(Json wanted, holders_wanted(options));
        filtered = wanted.size() > (options.sectors ? 2U : 1U);
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
        return all_holders(*daemon, std::move(wanted));
    }();
    return show_answer(context, "holders", answer, [filtered](const Json& found) {
        Json shown = found;
        shown["filtered"] = filtered;
        return holders_text(shown);
    });
}

Json miner_wanted(const ReputationOptions& options) {
    Json out = Json::object();
    if (!options.miner.empty()) out["miner"] = options.miner;
    return out;
}

Result<Json> look(Context& context, const ReputationOptions& options, const std::string& method) {
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
    return daemon->call(method, miner_wanted(options));
}

int run_reputation(Context& context, const ReputationOptions& options) {
    return show_answer(context, "reputation", look(context, options, "FilFil.Reputation"), reputation_text);
}

int run_endpoint(Context& context, const ReputationOptions& options) {
    return show_answer(context, "endpoint", look(context, options, "FilFil.Endpoints"), endpoints_text);
}

int run_set_endpoint(Context& context, const ReputationOptions& options) {
    const auto done = [&]() -> Result<Json> {
        Json params = miner_wanted(options);
        params["url"] = options.url;
        if (!options.region.empty()) params["region"] = options.region;
        params["dry_run"] = options.dry_run;
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return run_job(context, *daemon, "FilFil.SetEndpoint", std::move(params), "transaction");
    }();
    return show_answer(context, "endpoint set", done, announced_text);
}

int run_test_retrieval(Context& context, const ReputationOptions& options) {
    const auto result = [&]() -> Result<Json> {
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return run_job(context, *daemon, "FilFil.TestRetrieval", miner_wanted(options), "retrieval test");
    }();
    const int shown = show_answer(context, "test-retrieval", result, retrieval_test_text);
    if (shown != exit_ok) return shown;
    return field_text(*result, "failed") == "0" ? exit_ok : exit_no;
}

void add_holders_command(CLI::App& app, Context& context) {
    const auto options = std::make_shared<ReputationOptions>();
    CLI::App* command = add_command(
        app, context,
        {"holders", "Who stores the snapshot of an epoch, and where it can be had",
         "Its pieces, and each holder's sector, until when it is kept, the endpoint that it announces, and how often\n"
         "it stored what it was to store. The options leave out the others.",
         "  fil-fil holders 5000000\n"
         "  fil-fil holders 5000000 --alive --success-rate 90% --region eu-west --json\n"},
        [&context, options] { return run_holders(context, *options); });
    add_text(command, "EPOCH", options->epoch, "EPOCH", "The snapshot's epoch")->required();
    command->add_flag("--alive", options->alive, "Only what is in a sector that lives");
    add_text(command, "--expires-after", options->expires_after, "EPOCH",
             "Only sectors that end later; asks the miners' actors, as --sectors");
    add_text(command, "--success-rate", options->success_rate, "P",
             "Only providers that stored at least this share of their windows: 0.9, or 90%");
    add_text(command, "--region", options->region, "NAME", "Only providers that announce this region");
    command->add_flag("--sectors", options->sectors,
                      "Also ask the miners' actors how each sector is and when it ends, which takes a while");
    add_daemon_options(command, options->daemon);
}

void add_endpoint_commands(CLI::App& app, Context& context) {
    // One set of options: it is the same wish on either side of "set".
    const auto options = std::make_shared<ReputationOptions>();
    const auto add_common = [&options](CLI::App* command) {
        add_text(command, "--miner", options->miner, "F0", "One storage provider alone, in place of incentive.miners");
        add_daemon_options(command, options->daemon);
    };
    CLI::App* endpoint = add_command(app, context,
                                     {"endpoint", "Where own providers serve their snapshots, for others to find",
                                      "The base URL of the daemon's retrieval server, as the contract's events "
                                      "announce it. `set` announces another.",
                                      "  fil-fil endpoint\n"
                                      "  fil-fil endpoint set https://sp.example:5347 --region eu-west\n"},
                                     [&context, options] { return run_endpoint(context, *options); });
    add_common(endpoint);
    endpoint->require_subcommand(0, 1);

    CLI::App* command = add_command(
        *endpoint, context,
        {"set", "Announce it",
         "Sends one transaction from the daemon's wallet, which has to be the provider's owner, worker or control\n"
         "address. What is announced already is not sent again.",
         "  fil-fil endpoint set https://sp.example:5347 --region eu-west --dry-run\n"
         "  fil-fil endpoint set http://198.51.100.7:5347 --miner f01000\n"},
        [&context, options] { return run_set_endpoint(context, *options); });
    add_text(command, "URL", options->url, "URL", "http or https, 128 bytes at most with the region")->required();
    add_text(command, "--region", options->region, "NAME", "Where that is: letters, digits and hyphens, 32 at most");
    command->add_flag("--dry-run", options->dry_run, "Try it and show what it would cost; send nothing");
    add_common(command);
}

}    // namespace

void add_reputation_commands(CLI::App& app, Context& context) {
    add_holders_command(app, context);
    auto options = std::make_shared<ReputationOptions>();
    CLI::App* command = add_command(
        app, context,
        {"reputation", "How well storage providers kept their word",
         "Windows stored and missed, how long it took from staging to the last proof, what they keep now, lost, "
         "earned and\nwere slashed for: all of it out of the contract's events, which anybody can check.",
         "  fil-fil reputation\n"
         "  fil-fil reputation f01000 --json\n"},
        [&context, options] { return run_reputation(context, *options); });
    add_text(command, "MINER", options->miner, "F0", "One storage provider alone");
    add_daemon_options(command, options->daemon);
    add_endpoint_commands(app, context);
    options = std::make_shared<ReputationOptions>();
    command = add_command(
        app, context,
        {"test-retrieval", "Whether what own providers hold can be had where they announce it",
         "The daemon asks each announced endpoint, over the network, for the size of every piece that is held and for "
         "three\nparts of it, and compares them with its own bytes where it has them. Ends with 1 where one failed.",
         "  fil-fil test-retrieval\n"
         "  fil-fil test-retrieval --miner f01000 --json\n"},
        [&context, options] { return run_test_retrieval(context, *options); });
    add_text(command, "--miner", options->miner, "F0", "One storage provider alone, in place of incentive.miners");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
