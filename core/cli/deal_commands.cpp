// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/deal_text.hpp"
#include "cli/incentive_text.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace filfil::cli {
namespace {

constexpr auto look_every = std::chrono::milliseconds(500);
constexpr std::uint64_t most_id = std::numeric_limits<std::int64_t>::max();

struct DealOptions {
    DaemonOptions daemon;
    std::string what;    ///< an epoch, a deal
    std::string miner;
    std::string limit;
    std::string output;
    bool follow = false;
    bool open = false;
};

Result<Json> deal_call(Context& context, const DealOptions& options, const std::string& method, bool admin) {
    FILFIL_TRY(const std::uint64_t id, parse_count("DEAL", options.what, 1, most_id));
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, admin));
    return daemon->call(method, {{"id", id}});
}

// ------------------------------------------------------------------------------------------------------- store

/// Tells of each change of a deal, until all of them have ended.
class Follow {
public:
    Follow(Context& context, DaemonLink& daemon, const std::vector<std::int64_t>& ids)
        : m_context(context), m_daemon(daemon), m_ids(ids) {}

    /// @return exit_ok where all are paid
    Result<int> run() {
        for (;;) {
            FILFIL_TRY(const bool over, look());
            if (over) return m_paid ? exit_ok : exit_no;
            if (!m_daemon.wait(look_every)) {
                if (m_context.stop.stop_requested()) return exit_no;
                return Error(ErrorCode::io, m_daemon.name() + ": the connection broke",
                             "the daemon goes on with it; `fil-fil deals` shows how far it is");
            }
        }
    }

private:
    Result<bool> look() {
        bool over = true;
        std::map<std::string, bool> paid_of_slot;
        std::vector<std::int64_t> more;
        std::vector<Json> ended;
        for (const std::int64_t id : m_ids) {
            FILFIL_TRY(const Json deal, m_daemon.call("FilFil.Deal", {{"id", id}}));
            over = over && field_text(deal, "open") == "false";
            tell(id, deal);
            const std::string slot = field_text(deal, "miner") + "/" + field_text(deal, "slot");
            const auto [place, first] = paid_of_slot.try_emplace(slot, false);
            place->second = place->second || field_text(deal, "stage") == "paid";
            if (first) {
                // Pieces that were found out later belong to it too.
                FILFIL_TRY(const auto pieces, pieces_of(deal));
                more.insert(more.end(), pieces.begin(), pieces.end());
            }
            ended.push_back(deal);
        }
        // Of the two that may be staged one is stored, and the deal of the other is cancelled.
        m_paid = std::ranges::all_of(ended, [&](const Json& deal) {
            const std::string stage = field_text(deal, "stage");
            return stage == "paid" ||
                   (stage == "cancelled" && paid_of_slot[field_text(deal, "miner") + "/" + field_text(deal, "slot")]);
        });
        for (const std::int64_t id : more)
            if (std::ranges::find(m_ids, id) == m_ids.end()) {
                m_ids.push_back(id);
                over = false;
            }
        return over;
    }

    Result<std::vector<std::int64_t>> pieces_of(const Json& deal) {
        FILFIL_TRY(const std::int64_t slot, rpc::integer_field(deal, "slot"));
        FILFIL_TRY(const std::string miner, rpc::text_field(deal, "miner"));
        FILFIL_TRY(const Json answer,
                   m_daemon.call("FilFil.Deals", {{"slot", slot}, {"miner", miner}, {"open", true}}));
        FILFIL_TRY(const Json* deals, rpc::field(answer, "deals"));
        std::vector<std::int64_t> out;
        for (const Json& one : *deals) {
            FILFIL_TRY(const std::int64_t id, rpc::integer_field(one, "id"));
            out.push_back(id);
        }
        return out;
    }

    void tell(std::int64_t id, const Json& deal) {
        Json shown = deal;
        shown.erase("steps");
        const std::string now = field_text(deal, "stage") + field_text(deal, "error");
        std::string& before = m_told[id];
        if (now == before) return;
        before = now;
        if (m_context.json)
            emit(m_context, shown);
        else
            print(m_context, deal_line(deal));
    }

    Context& m_context;
    DaemonLink& m_daemon;
    std::vector<std::int64_t> m_ids;
    std::map<std::int64_t, std::string> m_told;
    bool m_paid = false;
};

int run_store(Context& context, const DealOptions& options) {
    const auto done = [&]() -> Result<int> {
        FILFIL_TRY(const std::uint64_t epoch, parse_count("EPOCH", options.what, 0, std::uint64_t{1} << 62));
        Json params = {{"epoch", epoch}};
        if (!options.miner.empty()) params["miner"] = options.miner;
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        FILFIL_TRY(const Json stored, daemon->call("FilFil.Store", std::move(params)));
        FILFIL_TRY(const Json* deals, rpc::field(stored, "deals"));
        const auto ids = deals->get<std::vector<std::int64_t>>();
        if (options.follow) return Follow(context, *daemon, ids).run();
        for (const std::int64_t id : ids) {
            FILFIL_TRY(Json deal, daemon->call("FilFil.Deal", {{"id", id}}));
            deal.erase("steps");
            if (context.json)
                emit(context, deal);
            else
                print(context, deal_line(deal));
        }
        hint(context, "the daemon goes on with it; `fil-fil deals` shows how far it is");
        return exit_ok;
    }();
    return done.ok() ? *done : fail(context, done.error().in("store"));
}

// ------------------------------------------------------------------------------------------------------- deals

int run_list(Context& context, const DealOptions& options) {
    const auto answer = [&]() -> Result<Json> {
        Json params = Json::object();
        if (!options.miner.empty()) params["miner"] = options.miner;
        if (options.open) params["open"] = true;
        if (!options.limit.empty()) {
            FILFIL_TRY(params["limit"], parse_count("--limit", options.limit, 1, 1000));
        }
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
        return daemon->call("FilFil.Deals", std::move(params));
    }();
    return show_answer(context, "deals", answer, deal_list);
}

int run_show(Context& context, const DealOptions& options) {
    return show_answer(context, "deals show", deal_call(context, options, "FilFil.Deal", false), deal_page);
}

int run_retry(Context& context, const DealOptions& options) {
    return show_answer(context, "deals retry", deal_call(context, options, "FilFil.RetryDeal", true),
                       [](const Json& answer) { return "deal " + field_text(answer, "deal") + " goes on\n"; });
}

int run_cancel(Context& context, const DealOptions& options) {
    return show_answer(context, "deals cancel", deal_call(context, options, "FilFil.CancelDeal", true),
                       [&](const Json&) { return "deal " + options.what + " is cancelled\n"; });
}

int run_export(Context& context, const DealOptions& options) {
    const auto bundle = deal_call(context, options, "FilFil.ExportDeal", false);
    if (!bundle.ok()) return fail(context, bundle.error().in("deals export"));
    const std::string path = options.output.empty() ? "deal-" + options.what + ".evidence.json" : options.output;
    const std::string text = bundle->dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    const auto written = [&]() -> Result<void> {
        FILFIL_TRY(const auto file, context.files.create(path));
        FILFIL_CHECK(file->write(bytes_of(text)));
        return file->commit();
    }();
    if (!written.ok()) return fail(context, written.error().in("deals export"));
    if (context.json)
        emit(context, Json{{"path", path}, {"bytes", text.size()}});
    else
        print(context, path + ", " + bytes_for_people(text.size()) + "\n");
    return exit_ok;
}

using Run = int (*)(Context&, const DealOptions&);

std::shared_ptr<DealOptions> add_one(CLI::App& group, Context& context, const CommandText& text, Run run,
                                     CLI::App** made = nullptr) {
    auto options = std::make_shared<DealOptions>();
    CLI::App* command = add_command(group, context, text, [&context, options, run] { return run(context, *options); });
    add_text(command, "DEAL", options->what, "DEAL", "Its number; `fil-fil deals` lists them")->required();
    add_daemon_options(command, options->daemon);
    if (made != nullptr) *made = command;
    return options;
}

}    // namespace

void add_store_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<DealOptions>();
    CLI::App* command = add_command(
        app, context,
        {"store", "Store the snapshot of an epoch with the own provider whose window wants it",
         "The daemon takes the snapshot when its epoch is final, compares its commitments with the staged ones, gives\n"
         "each piece to the provider's market and follows it into a sector and to its payment. What is on its way\n"
         "already goes on; what failed is tried again. With --follow it ends with 0 when all is paid, 1 where a piece\n"
         "was missed or failed.",
         "  fil-fil store 5000000\n"
         "  fil-fil store 5000000 --miner f01000 --follow --json\n"},
        [&context, options] { return run_store(context, *options); });
    add_text(command, "EPOCH", options->what, "EPOCH", "A slot's target; `fil-fil next-window` names it")->required();
    add_text(command, "--miner", options->miner, "F0", "One of incentive.miners; all if it is not given");
    command->add_flag("--follow,-f", options->follow, "Tell of each step until all pieces are paid, or over");
    add_daemon_options(command, options->daemon);
}

void add_deals_commands(CLI::App& app, Context& context) {
    auto options = std::make_shared<DealOptions>();
    CLI::App* deals = add_command(app, context,
                                  {"deals", "The pieces that own providers store, and where each is",
                                   "Newest first: planned, snapshot, commp, proposing, proposed, fetching, publishing, "
                                   "sealing, proven,\nnotified, paid; or missed, failed, cancelled. With what holds it "
                                   "up, and what to do about it.",
                                   "  fil-fil deals --open\n"
                                   "  fil-fil deals show 7\n"},
                                  [&context, options] { return run_list(context, *options); });
    add_text(deals, "--miner", options->miner, "F0", "Only those of one storage provider");
    deals->add_flag("--open", options->open, "Only those that have not ended");
    add_text(deals, "--limit", options->limit, "N", "So many at most, 100 if it is not given");
    add_daemon_options(deals, options->daemon);
    deals->require_subcommand(0, 1);

    add_one(*deals, context,
            {"show", "All of one deal", "Its stages with how long each took, and every answer of the market.",
             "  fil-fil deals show 7\n"},
            run_show);
    add_one(*deals, context,
            {"retry", "Try a deal again, now",
             "One that waits is tried at once. One that failed or was cancelled becomes a new deal of the same piece, "
             "while\nits window is open.",
             "  fil-fil deals retry 7\n"},
            run_retry);
    add_one(*deals, context,
            {"cancel", "Take a deal back",
             "From the market too, where that can do it (Boost and files; Curio cannot: remove it in its web page).",
             "  fil-fil deals cancel 7\n"},
            run_cancel);
    CLI::App* command = nullptr;
    const auto exported = add_one(*deals, context,
                                  {"export", "Write down all that shows what became of a deal",
                                   "One JSON file: the order, each answer of the market, the snapshot and its "
                                   "commitments, the transactions' and\n"
                                   "the sector's place, and what the contract says of it now.",
                                   "  fil-fil deals export 7 -o evidence.json\n"},
                                  run_export, &command);
    add_text(command, "-o,--output", exported->output, "FILE", "Where to; deal-ID.evidence.json if it is not given");
}

}    // namespace filfil::cli
