// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "car/join.hpp"
#include "car/split.hpp"
#include "cli/add_command.hpp"
#include "cli/car_commands.hpp"
#include "cli/device_options.hpp"
#include "cli/hash_path.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/stream.hpp"

#include <optional>

namespace filfil::cli {
namespace {

struct SplitOptions {
    std::string path;
    std::string piece_size;
    std::string folder;
    DeviceOptions device;
};

/// Hashes pieces while they are written.
class PieceHasher final : public car::PieceObserver {
public:
    explicit PieceHasher(commp::Backend& backend) : m_backend(backend) {}

    [[nodiscard]] Result<void> begin(const car::PieceFile&) override {
        m_stream.emplace(m_backend);
        return {};
    }
    [[nodiscard]] Result<void> bytes(ByteView bytes) override { return m_stream->write(bytes); }
    [[nodiscard]] Result<void> end() override {
        FILFIL_TRY(const commp::Piece piece, m_stream->finish());
        m_stream.reset();
        m_pieces.push_back(piece);
        return {};
    }

    /// In the order in which they were written.
    [[nodiscard]] const std::vector<commp::Piece>& pieces() const noexcept { return m_pieces; }

private:
    commp::Backend& m_backend;
    std::optional<commp::PieceStream> m_stream;
    std::vector<commp::Piece> m_pieces;
};

/// The engine that the options ask for. A CPU's jobs get threads of their own, since one thread reads and writes here.
Result<Engine> open_split_engine(const DeviceOptions& options, Context& context, std::uint64_t payload) {
    FILFIL_TRY(Engine engine, open_engine(options, context, payload));
    const std::string device = engine.backend->name();
    constexpr std::string_view cpu = "cpu:";
    if (!device.starts_with(cpu) || engine.readers == 1) return engine;
    engine.backend.reset();
    engine.jobs = std::make_unique<ThreadPool>(engine.readers);
    FILFIL_TRY(engine.backend, commp::make_cpu_backend(device.substr(cpu.size()), *engine.jobs, context.clock));
    return engine;
}

struct SplitOutcome {
    std::vector<car::PieceFile> files;
    std::vector<commp::Piece> pieces;
};

Result<SplitOutcome> split(Context& context, const SplitOptions& options) {
    if (options.path == "-")
        return Error(ErrorCode::invalid_argument,
                     "car split: the CAR is read twice, and standard input can be read only once",
                     "store it as a file first");
    auto size = parse_size(options.piece_size);
    if (!size.ok()) return std::move(size).error().in("--piece-size");
    FILFIL_TRY(const FileInfo info, context.files.info(options.path));
    FILFIL_TRY(const Engine engine, open_split_engine(options.device, context, info.size));
    PieceHasher hasher(*engine.backend);
    // The file is read for its cuts, and again for its pieces.
    ProgressMeter meter(context.console, context.clock, options.path, 2 * info.size);
    car::SplitOptions split;
    split.piece_size = *size;
    split.reader.progress = &meter;
    split.observer = &hasher;
    split.stop = context.stop;
    FILFIL_TRY(std::vector<car::PieceFile> files, car::split(context.files, options.path, options.folder, split));
    if (engine.backend->revocations() != 0) return in_doubt("the piece CIDs, which are not shown,");
    return SplitOutcome{std::move(files), hasher.pieces()};
}

Json json_of(const SplitOutcome& outcome) {
    Json pieces = Json::array();
    for (std::size_t i = 0; i < outcome.files.size(); ++i)
        pieces.push_back({{"path", outcome.files[i].path},
                          {"piece_cid", commp::piece_cid_v1(outcome.pieces[i]).text()},
                          {"piece_cid_v2", commp::piece_cid_v2(outcome.pieces[i]).text()},
                          {"payload_size", outcome.pieces[i].payload_size},
                          {"padded_size", outcome.pieces[i].padded_size}});
    return {{"pieces", std::move(pieces)}};
}

std::string text_of(const SplitOutcome& outcome) {
    std::string out;
    for (std::size_t i = 0; i < outcome.files.size(); ++i)
        out += (i == 0 ? "" : "\n") +
               table(outcome.files[i].path, {{"piece CID v1", commp::piece_cid_v1(outcome.pieces[i]).text()},
                                             {"piece CID v2", commp::piece_cid_v2(outcome.pieces[i]).text()},
                                             {"payload", bytes_for_people(outcome.pieces[i].payload_size)},
                                             {"padded piece", bytes_for_people(outcome.pieces[i].padded_size)}});
    return out;
}

int run_split(Context& context, const SplitOptions& options) {
    const auto outcome = split(context, options);
    if (!outcome.ok()) return fail(context, outcome.error(), {{"path", options.path}});
    if (context.json)
        emit(context, json_of(*outcome));
    else
        print(context, text_of(*outcome));
    return exit_ok;
}

struct JoinOptions {
    std::vector<std::string> parts;
    std::string output;
};

int run_join(Context& context, const JoinOptions& options) {
    std::uint64_t total = 0;
    for (const std::string& part : options.parts) {
        if (part == "-")
            return fail(context, {ErrorCode::invalid_argument, "car join: parts are files, and '-' is none",
                                  "store it as a file first"});
        if (const auto info = context.files.info(part); info.ok()) total += info->size;
    }
    Result<car::JoinReport> report = Error(ErrorCode::internal, "");
    {
        ProgressMeter meter(context.console, context.clock, options.output, total);
        car::JoinOptions join;
        join.reader.progress = &meter;
        join.stop = context.stop;
        report = car::join(context.files, options.parts, options.output, join);
    }
    if (!report.ok()) return fail(context, report.error(), {{"path", options.output}});
    if (context.json)
        emit(
            context,
            {{"path", options.output}, {"blocks", report->blocks}, {"bytes", report->bytes}, {"parts", report->parts}});
    else
        print(context, table(options.output, {{"parts", grouped(report->parts.size())},
                                              {"blocks", grouped(report->blocks)},
                                              {"CAR", bytes_for_people(report->bytes)}}));
    return exit_ok;
}

}    // namespace

void add_car_split_command(CLI::App& car, Context& context) {
    auto options = std::make_shared<SplitOptions>();
    CLI::App* command = add_command(
        car, context,
        {"split", "Cut a CAR into pieces that fit a deal, and name their piece CIDs",
         "Every piece is a CAR of its own, FOLDER/NAME.p1of3.car and so on: the same header, then whole sections. "
         "With\n"
         "the payload U of the piece size, as few pieces as can hold it all are cut at the first section boundaries\n"
         "behind even parts; everyone who cuts the same CAR gets the same pieces. They are never compressed.",
         "  fil-fil car split snapshot.car --piece-size 32GiB -o pieces\n"
         "  fil-fil car split --json snapshot.car.zst --piece-size 64GiB -o pieces > pieces.json\n"},
        [&context, options] { return run_split(context, *options); });
    add_text(command, "PATH", options->path, "", "The CAR: version 1 or 2, plain or zstd-compressed")->required();
    add_text(command, "--piece-size", options->piece_size, "SIZE",
             "Padded size of a piece, a power of two such as 32GiB")
        ->required();
    add_text(command, "-o,--output", options->folder, "FOLDER", "Where the pieces go; made if it is missing")
        ->required();
    add_device_options(command, options->device);
}

void add_car_join_command(CLI::App& car, Context& context) {
    auto options = std::make_shared<JoinOptions>();
    CLI::App* command = add_command(
        car, context,
        {"join", "Put the pieces of a split CAR together again",
         "Gives back the CAR that was split, byte for byte. Parts with names such as NAME.p1of3.car may come in any\n"
         "order, and all of them have to be there; others are joined in the order given. All must have one header.",
         "  fil-fil car join pieces/snapshot.p*of3.car -o snapshot.car\n"},
        [&context, options] { return run_join(context, *options); });
    add_texts(command, "PART", options->parts, "The pieces")->required();
    add_text(command, "-o,--output", options->output, "PATH", "The CAR to write")->required();
}

}    // namespace filfil::cli
