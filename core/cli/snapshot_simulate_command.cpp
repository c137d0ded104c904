// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/head_events.hpp"
#include "cli/add_command.hpp"
#include "cli/hash_path.hpp"
#include "cli/memory_option.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"
#include "cli/snapshot_commands.hpp"
#include "snapshot/car_blocks.hpp"
#include "snapshot/engine.hpp"

#include <limits>

namespace filfil::cli {
namespace {

struct SnapshotSimulateOptions {
    std::string store;
    std::string events;
    std::string recent_stateroots = "2000";
    std::string slack = std::to_string(snapshot::chain_finality);
    std::string memory_limit;
    bool all_messages = false;
    bool audit = false;
};

/// Lines of an events file may be long, but not without end.
constexpr std::uint64_t max_events_bytes = GiB;

Result<std::int64_t> epochs(std::string_view option, const std::string& text) {
    FILFIL_TRY(const std::uint64_t count, parse_count(option, text, 0, std::numeric_limits<std::int64_t>::max() / 4));
    return static_cast<std::int64_t>(count);
}

Json keys_of(const chain::TipsetKey& key) {
    Json out = Json::array();
    for (const ipld::Cid& cid : key) out.push_back(cid.text());
    return out;
}

class Simulation {
public:
    Simulation(Context& context, const SnapshotSimulateOptions& options) : m_context(context), m_options(options) {}

    Result<int> run() {
        snapshot::EngineOptions engine_options;
        FILFIL_TRY(engine_options.recent_stateroots, epochs("--recent-stateroots", m_options.recent_stateroots));
        FILFIL_TRY(engine_options.slack, epochs("--slack", m_options.slack));
        engine_options.keep_all_messages = m_options.all_messages;
        FILFIL_TRY(engine_options.store.memory_limit, read_memory_option(m_context, m_options.memory_limit));
        FILFIL_TRY(const auto events_file, open_input(m_context, m_options.events));
        FILFIL_TRY(const Bytes events, read_all(*events_file, max_events_bytes));
        FILFIL_TRY(const auto source, load());
        snapshot::Engine engine(engine_options, m_random, m_context.clock);

        std::string_view left = chars_of(events);
        for (std::size_t line = 1; !left.empty(); ++line) {
            const std::size_t end = std::min(left.find('\n'), left.size());
            const std::string_view text = left.substr(0, end);
            left.remove_prefix(std::min(end + 1, left.size()));
            if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
            const std::string where = shown_path(m_options.events) + ", line " + std::to_string(line);
            auto done = step(engine, *source, text, where);
            if (!done.ok()) return std::move(done).error().in(where);
            if (!*done) return exit_no;
            if (m_context.stop.stop_requested()) return Error(ErrorCode::cancelled, where + ": stopped");
        }
        return exit_ok;
    }

private:
    Result<std::unique_ptr<snapshot::CarBlocks>> load() {
        FILFIL_TRY(const FileInfo info, m_context.files.info(m_options.store));
        ProgressMeter meter(m_context.console, m_context.clock, "loading " + m_options.store, info.size);
        car::ReaderOptions reading;
        reading.progress = &meter;
        FILFIL_TRY(car::Reader reader, car::Reader::open(m_context.files, m_options.store, reading));
        ThreadPool threads(std::max(1U, usable_cpus() - 1));
        return snapshot::CarBlocks::load(reader, threads, m_random, m_context.stop);
    }

    /// @return false if the counts were found wrong
    Result<bool> step(snapshot::Engine& engine, snapshot::CarBlocks& source, std::string_view text,
                      const std::string& where) {
        FILFIL_TRY(const chain::HeadChanges changes, chain::parse_head_changes(text));
        const Clock::Duration start = m_context.clock.steady();
        FILFIL_CHECK(engine.apply(changes, source));
        FILFIL_CHECK(engine.settle());
        const double seconds = seconds_between(start, m_context.clock.steady());
        const snapshot::EngineStats stats = engine.stats();
        bool good = true;
        Json line = {{"head", keys_of(stats.head)},
                     {"epoch", stats.epoch.value},
                     {"live_blocks", stats.store.live_blocks},
                     {"live_bytes", stats.store.live_bytes},
                     {"pins", stats.store.pins},
                     {"tipsets", stats.tipsets},
                     {"seconds", rounded(seconds, 6)}};
        if (m_options.audit) {
            const auto report = engine.audit(false);
            good = report.good();
            line["wrong_counts"] = report.wrong_counts;
            line["orphans"] = report.orphans;
        }
        if (m_context.json)
            emit(m_context, line);
        else
            print(m_context, "epoch " + std::to_string(stats.epoch.value) + ": " + grouped(stats.store.live_blocks) +
                                 " blocks, " + bytes_for_people(stats.store.live_bytes) + ", " +
                                 grouped(stats.store.pins) + " roots pinned" + (good ? "" : ", COUNTS WRONG") + "\n");
        if (!good) hint(m_context, where + ": counts are not what the links say; please report this");
        return good;
    }

    Context& m_context;
    const SnapshotSimulateOptions& m_options;
    SystemRandom m_random;
};

int run_simulate(Context& context, const SnapshotSimulateOptions& options) {
    const auto code = Simulation(context, options).run();
    return code.ok() ? *code : fail(context, code.error(), {{"path", options.store}});
}

}    // namespace

void add_snapshot_simulate_command(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<SnapshotSimulateOptions>();
    CLI::App* command = add_command(
        snapshot, context,
        {"simulate", "Follow a list of head changes, with blocks from a CAR, and tell what is kept after each",
         "The engine of the daemon without a node: blocks come from STORE.car, in which they may stand in any order,\n"
         "head changes from the events, one JSON array a line, the first of them the current head. After each line\n"
         "it says how many blocks are kept, of how many bytes, below how many pinned roots.",
         "  fil-fil snapshot simulate --store store.car --events events.jsonl --recent-stateroots 60 --slack 20\n"
         "  fil-fil snapshot simulate --store store.car --events - --json --audit < events.jsonl\n"},
        [&context, options] { return run_simulate(context, *options); });
    add_text(command, "--store", options->store, "STORE.car", "All blocks that the events need")->required();
    add_text(command, "--events", options->events, "FILE", "Head changes, one JSON array a line; - for standard input")
        ->required();
    add_text(command, "--recent-stateroots", options->recent_stateroots, "N",
             "Epochs whose state and messages are kept [2000]");
    add_text(command, "--slack", options->slack, "N", "Epochs more, for heads that go back [900]");
    add_memory_option(command, options->memory_limit);
    command->add_flag("--keep-all-messages", options->all_messages, "Keep the messages of all epochs");
    command->add_flag("--audit", options->audit,
                      "Count all links anew after each line; exits with 1 if a count is wrong");
}

}    // namespace filfil::cli
