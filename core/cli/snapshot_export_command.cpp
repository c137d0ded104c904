// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/header.hpp"
#include "cli/add_command.hpp"
#include "cli/hash_path.hpp"
#include "cli/memory_option.hpp"
#include "cli/progress_meter.hpp"
#include "cli/snapshot_commands.hpp"
#include "cli/snapshot_export_options.hpp"
#include "cli/snapshot_export_report.hpp"
#include "ipld/varint.hpp"
#include "snapshot/engine.hpp"
#include "snapshot/file_name.hpp"
#include "snapshot/prefixed_source.hpp"

#include <utility>

namespace filfil::cli {
namespace {

struct SnapshotExportOptions {
    std::string from;
    std::string memory_limit;
    ExportOptions what;
};

/// A snapshot's bytes on standard output.
class ConsoleSink final : public car::ByteSink {
public:
    explicit ConsoleSink(Console& console) : m_console(console) {}
    [[nodiscard]] Result<void> write(ByteView bytes) override {
        m_console.out(chars_of(bytes));
        if (auto failure = m_console.out_failure()) return *std::move(failure);
        return {};
    }

private:
    Console& m_console;
};

/// What comes before the chain's blocks in the CAR that is loaded, and which tipset it names.
struct Origin {
    snapshot::SnapshotPrefix prefix;
    std::uint64_t bytes = 0;    ///< of the file
};

Result<Origin> look_into(Context& context, const std::string& path, snapshot::Format format) {
    if (path == "-")
        return Error(ErrorCode::invalid_argument,
                     "snapshot export: the CAR's first blocks are read twice, and standard input can be read only once",
                     "store it as a file first");
    FILFIL_TRY(auto file, context.files.open(path));
    Origin origin;
    origin.bytes = file->size().value_or(0);
    FILFIL_TRY(origin.prefix,
               snapshot::read_prefix(std::move(file), format == snapshot::Format::v2 ? snapshot::F3Block::keep
                                                                                     : snapshot::F3Block::skip));
    return origin;
}

/// What is read whole and then replaced would be gone: the snapshot has less in it.
Result<void> check_output(Context& context, const std::string& from, const ExportRequest& request) {
    if (request.kind != snapshot::Target::Kind::file) return {};
    const auto source = context.files.info(from);
    const auto target = context.files.info(request.path);
    if (!source.ok() || !target.ok() || source->inode == 0 || source->inode != target->inode ||
        source->device != target->device)
        return {};
    return Error(ErrorCode::invalid_argument, request.path + ": is the CAR that the snapshot is taken from",
                 "give another output path");
}

/// The roots that a header, varint included, names.
Result<std::vector<ipld::Cid>> roots_of(ByteView header) {
    FILFIL_TRY(const ipld::Varint length, ipld::read_varint(header));
    FILFIL_TRY(car::HeaderFields fields, car::decode_header(header.subspan(length.length)));
    return std::move(fields.roots);
}

class Taking {
public:
    Taking(Context& context, const SnapshotExportOptions& options, const ExportRequest& request)
        : m_context(context), m_options(options), m_request(request) {}

    Result<TakenSnapshot> run() {
        FILFIL_CHECK(check_output(m_context, m_options.from, m_request));
        FILFIL_TRY(Engine hasher,
                   open_engine(m_options.what.device, m_context, known_payload(m_context, {m_options.from})));
        FILFIL_TRY(Origin origin, look_into(m_context, m_options.from, m_request.recipe.format));
        TakenSnapshot taken;
        taken.recipe = m_request.recipe;

        const snapshot::Recipe& recipe = m_request.recipe;
        snapshot::EngineOptions engine_options;
        engine_options.recent_stateroots = static_cast<std::int64_t>(recipe.recent_stateroots);
        engine_options.slack = 0;
        engine_options.keep_all_messages = !recipe.skip_old_msgs;
        FILFIL_TRY(engine_options.store.memory_limit, read_memory_option(m_context, m_options.memory_limit));
        SystemRandom random;
        snapshot::Engine engine(engine_options, random, m_context.clock);
        Clock::Duration start = m_context.clock.steady();
        FILFIL_CHECK(load(engine, *hasher.threads, origin));
        taken.load_seconds = seconds_since(start);

        start = m_context.clock.steady();
        FILFIL_TRY(const auto layout, lay_out(engine));
        taken.layout_seconds = seconds_since(start);
        taken.head = layout->head();
        taken.epoch = layout->epoch();

        std::unique_ptr<snapshot::PrefixedSource> version_2;
        if (recipe.format == snapshot::Format::v2) {
            FILFIL_TRY(version_2, as_version_2(*layout, layout->head(), std::move(origin.prefix.f3_section)));
        }
        const snapshot::SectionSource& source =
            version_2 != nullptr ? static_cast<const snapshot::SectionSource&>(*version_2) : *layout;
        FILFIL_TRY(taken.roots, roots_of(source.header()));
        FILFIL_TRY(const std::string stem, stem_of(engine, *layout));
        FILFIL_TRY(taken.report, emit_source(source, hasher, stem));
        taken.device = hasher.backend->name();
        return taken;
    }

private:
    [[nodiscard]] double seconds_since(Clock::Duration start) const {
        return seconds_between(start, m_context.clock.steady());
    }

    Result<void> load(snapshot::Engine& engine, Executor& threads, const Origin& origin) {
        ProgressMeter meter(m_context.console, m_context.clock, "loading " + m_options.from, origin.bytes);
        car::ReaderOptions reading;
        reading.progress = &meter;
        FILFIL_TRY(car::Reader reader, car::Reader::open(m_context.files, m_options.from, reading));
        snapshot::LoadOptions loading;
        loading.head = {m_request.head, m_request.epoch};
        // The root of a snapshot of version 2 is no header.
        if (m_request.head.empty() && origin.prefix.metadata) loading.head.key = origin.prefix.metadata->head;
        loading.stop = m_context.stop;
        FILFIL_CHECK(engine.load(reader, threads, loading));
        return {};
    }

    Result<std::unique_ptr<snapshot::Layout>> lay_out(snapshot::Engine& engine) {
        const snapshot::EngineStats stats = engine.stats();
        ProgressMeter meter(m_context.console, m_context.clock, "laying out epoch " + std::to_string(stats.epoch.value),
                            stats.store.live_bytes);
        snapshot::LayoutOptions options;
        options.recent_stateroots = static_cast<std::int64_t>(m_request.recipe.recent_stateroots);
        options.skip_old_msgs = m_request.recipe.skip_old_msgs;
        options.progress = &meter;
        options.stop = m_context.stop;
        return engine.layout({.key = stats.head}, options);
    }

    Result<std::string> stem_of(const snapshot::Engine& engine, const snapshot::Layout& layout) {
        std::string network = m_request.network;
        if (network.empty()) {
            FILFIL_TRY(const chain::TipsetKey genesis, engine.find({.key = {}, .epoch = Epoch{0}}));
            network = snapshot::network_of(genesis.front());
        }
        return snapshot::file_stem(network, layout.epoch(), layout.head());
    }

    Result<snapshot::ExportReport> emit_source(const snapshot::SectionSource& source, const Engine& hasher,
                                               const std::string& stem) {
        ConsoleSink standard_output(m_context.console);
        snapshot::ExportOptions options;
        options.piece_size = m_request.recipe.piece_size;
        options.target = {.kind = m_request.kind,
                          .path = m_request.path,
                          .stem = stem,
                          .stream = &standard_output,
                          .compression = m_request.compression};
        options.car_sha256 = m_request.sha256;
        options.readers = hasher.readers;
        options.compressors = hasher.readers;
        options.stop = m_context.stop;
        const std::string label =
            m_request.kind == snapshot::Target::Kind::nothing ? "hashing the snapshot" : shown_path(m_request.path);
        ProgressMeter meter(m_context.console, m_context.clock, label, snapshot::export_work(source, options));
        options.progress = &meter;
        // One thread writes, one sums up.
        ThreadPool writing(2);
        std::unique_ptr<ThreadPool> packing;
        if (m_request.compression == car::Compression::forest && hasher.readers > 1)
            packing = std::make_unique<ThreadPool>(hasher.readers - 1);
        return snapshot::export_snapshot(
            source, {m_context.files, m_context.clock, *hasher.backend, *hasher.threads, writing, packing.get()},
            options);
    }

    Context& m_context;
    const SnapshotExportOptions& m_options;
    const ExportRequest& m_request;
};

int run_export(Context& context, const SnapshotExportOptions& options) {
    const auto request = read_export_options(options.what);
    const bool to_stdout = request.ok() && request->kind == snapshot::Target::Kind::stream;
    // The CAR has standard output for itself; the report goes to standard error then.
    const bool json_to_stderr = to_stdout && std::exchange(context.json, false);
    if (!request.ok()) {
        Error error = request.error();
        return fail(context, std::move(error).in("snapshot export"), {{"path", options.from}});
    }
    const auto taken = Taking(context, options, *request).run();
    if (!taken.ok()) return fail(context, taken.error(), {{"path", options.from}});
    const std::string title = request->kind == snapshot::Target::Kind::nothing ? "snapshot" : shown_path(request->path);
    if (json_to_stderr)
        context.console.err(json_of(*taken).dump() + '\n');
    else if (to_stdout)
        context.console.err(text_of(*taken, "standard output"));
    else if (context.json)
        emit(context, json_of(*taken));
    else
        print(context, text_of(*taken, title));
    return exit_ok;
}

}    // namespace

void add_snapshot_export_command(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<SnapshotExportOptions>();
    CLI::App* command = add_command(
        snapshot, context,
        {"export", "Take a snapshot out of a CAR that holds a chain, and name its piece CIDs",
         "Loads the CAR into memory (plain or compressed, blocks in any order), checks every hash, and lays out the\n"
         "snapshot of one tipset: the bytes that `lotus chain export` with the same options gives. They are hashed\n"
         "while they are written. Piece CIDs are always named, of pieces of --piece-size; without that option there "
         "is\n"
         "one file, and the pieces are those of 32GiB. Nothing appears under its final name before all of it is "
         "right.\n"
         "With -o - the CAR goes to standard output, and the report to standard error.",
         "  fil-fil snapshot export --from store.car --recent-stateroots 2000 --skip-old-msgs -o snapshot.car\n"
         "  fil-fil snapshot export --from store.car --epoch 5000000 --skip-old-msgs --compress forest -o "
         "snap.forest.car.zst\n"
         "  fil-fil snapshot export --from store.car --skip-old-msgs --piece-size 32GiB -o pieces\n"
         "  fil-fil snapshot export --from store.car --skip-old-msgs --no-file --json\n"},
        [&context, options] { return run_export(context, *options); });
    add_text(command, "--from", options->from, "STORE.car", "The CAR with the chain's blocks")->required();
    add_memory_option(command, options->memory_limit);
    add_export_options(command, options->what);
}

}    // namespace filfil::cli
