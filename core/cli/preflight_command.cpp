// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/incentive_text.hpp"
#include "cli/job_watch.hpp"
#include "cli/preflight_text.hpp"

namespace filfil::cli {
namespace {

struct PreflightOptions {
    DaemonOptions daemon;
    std::string epoch;
    std::string miner;
    std::string from;
    bool compare = false;
};

Result<Json> wanted(const PreflightOptions& options) {
    constexpr std::uint64_t most = std::uint64_t{1} << 62;
    Json out = Json::object();
    if (!options.epoch.empty()) {
        FILFIL_TRY(out["epoch"], parse_count("EPOCH", options.epoch, 0, most));
    }
    if (!options.from.empty() && !options.compare)
        return Error(ErrorCode::invalid_argument, "--from goes with --compare only",
                     "fil-fil preflight --compare EPOCH --from URL");
    if (!options.miner.empty() && options.compare)
        return Error(ErrorCode::invalid_argument, "--miner does not go with --compare",
                     "name the snapshot's epoch: fil-fil preflight --compare EPOCH");
    if (!options.miner.empty()) out["miner"] = options.miner;
    if (!options.from.empty()) out["from"] = options.from;
    return out;
}

int run_compare(Context& context, const PreflightOptions& options) {
    const auto result = [&]() -> Result<Json> {
        FILFIL_TRY(Json params, wanted(options));
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return run_job(context, *daemon, "FilFil.ComparePieces", std::move(params), "comparison");
    }();
    const int shown = show_answer(context, "preflight", result, comparison_text);
    if (shown != exit_ok) return shown;
    return field_text(*result, "same") == "true" ? exit_ok : exit_no;
}

int run(Context& context, const PreflightOptions& options) {
    if (options.compare) return run_compare(context, options);
    const auto answer = [&]() -> Result<Json> {
        FILFIL_TRY(Json params, wanted(options));
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
        return daemon->call("FilFil.Preflight", std::move(params));
    }();
    const int shown = show_answer(context, "preflight", answer, preflight_text);
    if (shown != exit_ok) return shown;
    return field_text(*answer, "ready") == "true" ? exit_ok : exit_no;
}

}    // namespace

void add_preflight_command(CLI::App& app, Context& context) {
    const auto options = std::make_shared<PreflightOptions>();
    CLI::App* command = add_command(
        app, context,
        {"preflight", "Whether all is ready for the next window",
         "For each own provider's open or next window: what the contract, the staged snapshot, the market, the node "
         "and\nthis daemon's own retrieval say, each with why it matters and how to put it right. Ends with 0 where "
         "nothing is\nbad, else with 1; what is unknown or a warning does not count.\n"
         "With --compare: where the own pieces part from the staged ones, to the first byte and block that differ, "
         "by\nreading the staged piece from who serves it. Ends with 0 where they are the same, else with 1.",
         "  fil-fil preflight\n"
         "  fil-fil preflight 5000000 --miner f01000 --json\n"
         "  fil-fil preflight --compare 5000000 --from http://sp.example:5347\n"},
        [&context, options] { return run(context, *options); });
    add_text(command, "EPOCH", options->epoch, "EPOCH",
             "The snapshot that a window wants; without it the next window's");
    add_text(command, "--miner", options->miner, "F0", "One storage provider alone, in place of incentive.miners");
    command->add_flag("--compare", options->compare, "Find where the own pieces part from the staged ones");
    add_text(command, "--from", options->from, "URL",
             "With --compare: who serves the staged piece; without it who holds it, as they announce");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
