// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/earnings.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"

#include <algorithm>

namespace filfil::cli {
namespace {

struct PayoutsOptions {
    DaemonOptions daemon;
    std::string miner;
    bool follow = false;
};

Json params_of(const PayoutsOptions& options) {
    Json out = Json::object();
    if (!options.miner.empty()) out["miner"] = options.miner;
    return out;
}

void show(Context& context, const Json& one) {
    if (context.json) return emit(context, one);
    print(context, table(field_text(one, "miner"), {{"standing", field_text(one, "standing")},
                                                    {"bond", money_at(one, "bond")},
                                                    {"earned, not taken yet", money_at(one, "credit")}}));
    const auto holdings = one.find("holdings");
    if (holdings == one.end() || !holdings->is_array()) return;
    for (const Json& held : *holdings)
        print(context, "  " + slot_text(held) + ", piece " + field_text(held, "piece") + ": " +
                           field_text(held, "state") + ", " + money_at(held, "paid") + " of " +
                           money_at(held, "share") + " credited, until " + epoch_at(held, "until_epoch", "until_time") +
                           "\n");
}

Result<void> show_now(Context& context, const PayoutsOptions& options) {
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
    FILFIL_TRY(const Json answer, daemon->call("FilFil.Payouts", params_of(options)));
    const auto payouts = answer.find("payouts");
    if (payouts == answer.end() || !payouts->is_array())
        return Error(ErrorCode::corrupt, "the daemon answered no payouts");
    for (const Json& one : *payouts) show(context, one);
    return {};
}

/// Tells of what is earned from now on, as the daemon hears of it.
class Follow {
public:
    Follow(Context& context, const PayoutsOptions& options) : m_context(context), m_options(options) {}

    /// Ends with a stop.
    Result<void> run() {
        FILFIL_TRY(const auto daemon, DaemonLink::open(m_context, m_options.daemon, false));
        FILFIL_TRY(const Json own, daemon->call("FilFil.Endpoints", params_of(m_options)));
        FILFIL_TRY(const Json* list, rpc::field(own, "endpoints"));
        std::set<std::string> miners;
        for (const Json& one : *list) miners.insert(field_text(one, "miner"));
        FILFIL_TRY([[maybe_unused]] const Json subscribed,
                   daemon->call("FilFil.Subscribe", {{"types", Json::array({"contract"})}}));
        FILFIL_TRY(const Json newest, page(*daemon, {}, 1));
        Earnings earnings(std::move(miners), newest.empty() ? Earnings::Place{} : Earnings::place_of(newest.front()));
        if (!m_context.json) hint(m_context, "waiting for what is earned from now on; Ctrl-C ends it");
        for (;;) {
            const auto told = daemon->next_notification();
            if (!told.ok()) return told.error();
            const auto data = rpc::field(told->second, "data");
            if (data.ok()) FILFIL_CHECK(take(*daemon, earnings, **data));
        }
    }

private:
    Result<void> take(DaemonLink& daemon, Earnings& earnings, const Json& data) {
        if (const auto from = data.find("removed_from_epoch"); from != data.end() && from->is_number_unsigned())
            tell(earnings.take_back(from->get<std::uint64_t>()));
        if (field_text(data, "more") == "true") {
            FILFIL_TRY(const Json events, events_after(daemon, earnings.seen()));
            tell(earnings.take(events));
            return {};
        }
        if (const auto added = data.find("added"); added != data.end()) tell(earnings.take(*added));
        return {};
    }

    /// Oldest first. There were too many for one word of the daemon.
    static Result<Json> events_after(DaemonLink& daemon, Earnings::Place seen) {
        constexpr std::size_t most = 1000;
        std::vector<Json> found;
        std::optional<Earnings::Place> before;
        for (bool more = true; more;) {
            FILFIL_TRY(const Json some, page(daemon, before, most));
            more = some.size() == most;
            for (const Json& event : some) {
                before = Earnings::place_of(event);
                if (*before <= seen) {
                    more = false;
                    break;
                }
                found.push_back(event);
            }
        }
        std::ranges::reverse(found);
        return Json(found);
    }

    static Result<Json> page(DaemonLink& daemon, std::optional<Earnings::Place> before, std::size_t limit) {
        Json params = {{"limit", limit}};
        if (before) {
            params["before_epoch"] = before->epoch;
            params["before_index"] = before->index;
        }
        FILFIL_TRY(const Json answer, daemon.call("FilFil.ContractEvents", std::move(params)));
        FILFIL_TRY(const Json* events, rpc::field(answer, "events"));
        if (!events->is_array()) return Error(ErrorCode::corrupt, "the daemon answered no events");
        return *events;
    }

    void tell(const std::vector<Json>& lines) {
        for (const Json& line : lines) {
            if (m_context.json)
                emit(m_context, line);
            else
                print(m_context, earning_text(line));
        }
    }

    Context& m_context;
    const PayoutsOptions& m_options;
};

int run_payouts(Context& context, const PayoutsOptions& options) {
    auto done = options.follow ? Follow(context, options).run() : show_now(context, options);
    if (done.ok() || (options.follow && context.stop.stop_requested())) return exit_ok;
    return fail(context, std::move(done).error().in("payouts"));
}

}    // namespace

void add_payouts_command(CLI::App& app, Context& context) {
    const auto options = std::make_shared<PayoutsOptions>();
    CLI::App* command = add_command(
        app, context,
        {"payouts", "What own providers earned, and what they hold for it",
         "Bond, credit, and every piece that they stored in the last five years. With --follow: a line for each\n"
         "amount that is earned, withdrawn or slashed from now on, until Ctrl-C; and one where a reorganisation of\n"
         "the chain takes back what was told.",
         "  fil-fil payouts\n"
         "  fil-fil payouts --miner f01000 --json\n"
         "  fil-fil payouts --follow\n"},
        [&context, options] { return run_payouts(context, *options); });
    add_text(command, "--miner", options->miner, "F0", "One storage provider alone, in place of incentive.miners");
    command->add_flag("--follow,-f", options->follow, "Tell what is earned from now on, until Ctrl-C");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
