// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/memory_option.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"
#include "cli/snapshot_commands.hpp"
#include "snapshot/engine.hpp"
#include "snapshot/frc0108.hpp"
#include "snapshot/prefixed_source.hpp"

#include <limits>

namespace filfil::cli {
namespace {

struct SnapshotAuditOptions {
    std::string store;
    std::string recent_stateroots = "2000";
    std::string memory_limit;
    bool all_messages = false;
};

struct Audited {
    snapshot::LoadReport loaded;
    snapshot::EngineStats stats;
    snapshot::BlockStore::AuditReport counts;
};

Result<Audited> audit(Context& context, const SnapshotAuditOptions& options) {
    FILFIL_TRY(const std::uint64_t recent, parse_count("--recent-stateroots", options.recent_stateroots, 0,
                                                       std::numeric_limits<std::int64_t>::max()));
    FILFIL_TRY(const FileInfo info, context.files.info(options.store));
    FILFIL_TRY(auto file, context.files.open(options.store));
    FILFIL_TRY(const snapshot::SnapshotPrefix prefix, snapshot::read_prefix(std::move(file), snapshot::F3Block::skip));

    snapshot::EngineOptions engine_options;
    engine_options.recent_stateroots = static_cast<std::int64_t>(recent);
    engine_options.keep_all_messages = options.all_messages;
    FILFIL_TRY(engine_options.store.memory_limit, read_memory_option(context, options.memory_limit));
    SystemRandom random;
    snapshot::Engine engine(engine_options, random, context.clock);
    ThreadPool threads(std::max(1U, usable_cpus() - 1));
    Audited out;
    {
        ProgressMeter meter(context.console, context.clock, "loading " + options.store, info.size);
        car::ReaderOptions reading;
        reading.progress = &meter;
        FILFIL_TRY(car::Reader reader, car::Reader::open(context.files, options.store, reading));
        snapshot::LoadOptions loading;
        if (prefix.metadata) loading.head.key = prefix.metadata->head;
        loading.stop = context.stop;
        FILFIL_TRY(out.loaded, engine.load(reader, threads, loading));
    }
    out.stats = engine.stats();
    out.counts = engine.audit(false);
    return out;
}

int run_audit(Context& context, const SnapshotAuditOptions& options) {
    const auto audited = audit(context, options);
    if (!audited.ok()) {
        // A block that is missing is an answer: the chain is not whole. Anything else could not be told.
        const int code = fail(context, audited.error(), {{"path", options.store}});
        return audited.error().code == ErrorCode::not_found && context.files.info(options.store).ok() ? exit_no : code;
    }
    const std::uint64_t orphans = audited->loaded.dropped + audited->counts.orphans;
    if (context.json)
        emit(context, {{"path", options.store},
                       {"blocks", audited->loaded.blocks},
                       {"wrong_counts", audited->counts.wrong_counts},
                       {"orphans", orphans},
                       {"epoch", audited->stats.epoch.value},
                       {"headers", audited->stats.headers},
                       {"live_blocks", audited->stats.store.live_blocks},
                       {"live_bytes", audited->stats.store.live_bytes}});
    else
        print(context,
              table(options.store, {{"blocks", grouped(audited->loaded.blocks)},
                                    {"head's epoch", grouped(static_cast<std::uint64_t>(audited->stats.epoch.value))},
                                    {"headers", grouped(audited->stats.headers)},
                                    {"part of the snapshot", grouped(audited->stats.store.live_blocks) + " blocks, " +
                                                                 bytes_for_people(audited->stats.store.live_bytes)},
                                    {"nothing leads to", grouped(orphans) + " blocks"},
                                    {"wrong counts", grouped(audited->counts.wrong_counts)}}));
    return audited->counts.good() ? exit_ok : exit_no;
}

}    // namespace

void add_snapshot_audit_command(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<SnapshotAuditOptions>();
    CLI::App* command = add_command(
        snapshot, context,
        {"audit", "Check that a CAR holds all that a snapshot of its head needs",
         "Loads the CAR, checks every hash, counts the links of all blocks that its headers lead to, counts them once\n"
         "more by another walk, and compares. Blocks that nothing leads to, such as those of forks or of state older\n"
         "than --recent-stateroots, are counted as orphans and are no fault. Exits with 1 if a block is missing or a\n"
         "count is wrong, naming the first missing block and the header that leads to it.",
         "  fil-fil snapshot audit snapshot.car\n"
         "  fil-fil snapshot audit --recent-stateroots 900 --json store.car\n"},
        [&context, options] { return run_audit(context, *options); });
    add_text(command, "STORE.car", options->store, "", "The CAR: version 1 or 2, plain or zstd-compressed")->required();
    add_text(command, "--recent-stateroots", options->recent_stateroots, "N",
             "State and messages of the last N epochs have to be there [2000]");
    add_memory_option(command, options->memory_limit);
    command->add_flag("--all-messages", options->all_messages, "The messages of all epochs have to be there");
}

}    // namespace filfil::cli
