// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/job_watch.hpp"
#include "cli/output.hpp"

#include <filesystem>
#include <limits>

namespace filfil::cli {
namespace {

struct TakeSnapshotOptions {
    DaemonOptions daemon;
    std::string epoch;
    std::string head;
    bool finalized = false;
    std::string recent_stateroots;
    bool skip_old_msgs = false;
    bool keep_all_messages = false;
    std::string format;
    std::string compress;
    std::string piece_size;
    bool pieces = false;
    std::string network;
    bool sha256 = false;
    bool no_file = false;
    std::string output;
};

Error contradiction(const std::string& one, const std::string& other) {
    return {ErrorCode::invalid_argument, one + " and " + other + " contradict each other", "leave out one of the two"};
}

/// What FilFil.TakeSnapshot takes; the daemon checks values, whose settings stand in for what is left out.
Result<Json> params_of(const TakeSnapshotOptions& options) {
    Json out = Json::object();
    if (!options.epoch.empty() && options.finalized) return contradiction("--epoch", "--finalized");
    if (!options.head.empty() && (options.finalized || !options.epoch.empty()))
        return contradiction("--head", options.finalized ? "--finalized" : "--epoch");
    if (options.no_file && !options.output.empty()) return contradiction("--no-file", "-o");
    if (options.no_file && options.pieces) return contradiction("--no-file", "--pieces");
    if (options.skip_old_msgs && options.keep_all_messages)
        return contradiction("--skip-old-msgs", "--keep-all-messages");
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (!options.epoch.empty()) {
        FILFIL_TRY(const std::uint64_t epoch, parse_count("--epoch", options.epoch, 0, most));
        out["epoch"] = epoch;
    }
    if (!options.head.empty()) {
        Json head = Json::array();
        for (std::size_t from = 0; from <= options.head.size();) {
            const std::size_t comma = std::min(options.head.find(',', from), options.head.size());
            head.push_back(options.head.substr(from, comma - from));
            from = comma + 1;
        }
        out["head"] = std::move(head);
    }
    if (options.finalized) out["finalized"] = true;
    if (!options.recent_stateroots.empty()) {
        FILFIL_TRY(const std::uint64_t epochs, parse_count("--recent-stateroots", options.recent_stateroots, 0, most));
        out["recent_stateroots"] = epochs;
    }
    if (options.skip_old_msgs || options.keep_all_messages) out["skip_old_msgs"] = options.skip_old_msgs;
    if (!options.format.empty()) out["format"] = options.format;
    if (!options.compress.empty()) out["compression"] = options.compress;
    if (!options.piece_size.empty()) {
        auto size = parse_size(options.piece_size);
        if (!size.ok()) return std::move(size).error().in("--piece-size");
        out["piece_size"] = *size;
    }
    if (!options.network.empty()) out["network"] = options.network;
    if (options.sha256) out["sha256"] = true;
    out["target"] = options.no_file ? "none" : options.pieces || !options.piece_size.empty() ? "pieces" : "file";
    if (!options.output.empty()) {
        // The daemon has another working folder.
        std::error_code error;
        const auto path = std::filesystem::absolute(options.output, error);
        if (error) return Error(ErrorCode::io, options.output + ": " + error.message());
        out["folder"] = path.lexically_normal().string();
    }
    return out;
}

std::string take_snapshot_text(const Json& taken) {
    const auto text = [&](const Json& object, const char* name) {
        const auto found = object.find(name);
        return found == object.end() || found->is_null() ? std::string()
               : found->is_string()                      ? found->get<std::string>()
                                                         : found->dump();
    };
    const auto number = [&](const Json& object, const char* name) {
        const auto found = object.find(name);
        return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
    };
    std::vector<std::pair<std::string, std::string>> rows = {
        {"epoch", text(taken, "epoch")},
        {"blocks", grouped(number(taken, "blocks"))},
        {"CAR", bytes_for_people(number(taken, "car_bytes"))},
        {"laid out in", text(taken, "layout_seconds") + " s"},
        {"written and hashed in", text(taken, "emit_seconds") + " s"}};
    if (const std::string sum = text(taken, "car_sha256"); !sum.empty()) rows.emplace_back("SHA-256", sum);
    if (const auto reused = rpc::bool_field(taken, "reused"); reused.ok() && *reused)
        rows.emplace_back("taken before", "nothing was hashed again");
    const std::string path = text(taken, "path");
    std::string out = table(path.empty() ? "snapshot" : path, rows);
    const auto pieces = taken.find("pieces");
    if (pieces == taken.end() || !pieces->is_array()) return out;
    for (std::size_t i = 0; i < pieces->size(); ++i) {
        const Json& piece = (*pieces)[i];
        std::vector<std::pair<std::string, std::string>> parts = {
            {"piece CID v1", text(piece, "piece_cid")},
            {"piece CID v2", text(piece, "piece_cid_v2")},
            {"payload", bytes_for_people(number(piece, "payload_size"))},
            {"padded", format_size(number(piece, "padded_size"))}};
        if (const std::string file = text(piece, "path"); !file.empty()) parts.emplace_back("file", file);
        out += "\n" + table("piece " + std::to_string(i + 1) + " of " + std::to_string(pieces->size()), parts);
    }
    return out;
}

int run_taking(Context& context, const TakeSnapshotOptions& options) {
    const auto taken = [&]() -> Result<Json> {
        FILFIL_TRY(Json params, params_of(options));
        FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, true));
        return run_job(context, *daemon, "FilFil.TakeSnapshot", std::move(params), "snapshot");
    }();
    if (!taken.ok()) {
        Error error = taken.error();
        return fail(context, std::move(error).in("take-snapshot"));
    }
    if (context.json)
        emit(context, *taken);
    else
        print(context, take_snapshot_text(*taken));
    return exit_ok;
}

}    // namespace

void add_take_snapshot_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<TakeSnapshotOptions>();
    CLI::App* command =
        add_command(app, context,
                    {"take-snapshot", "Let the daemon take a snapshot out of its memory",
                     "Of the head, of a finalized tipset, or of any epoch that is kept. The bytes are those that "
                     "`lotus chain export`\n"
                     "gives. The file, or the piece files, are written by the daemon: into its own folder for "
                     "snapshots, or that of -o.\n"
                     "What is left out is as the daemon's settings say (recipe.*). Ctrl-C ends the work.",
                     "  fil-fil take-snapshot\n"
                     "  fil-fil take-snapshot --finalized -o /srv/snapshots --compress forest\n"
                     "  fil-fil take-snapshot --epoch 5000000 --no-file --json\n"},
                    [&context, options] { return run_taking(context, *options); });
    add_text(command, "--epoch", options->epoch, "E", "Of this epoch; a null round means the tipset before it");
    command->add_flag("--finalized", options->finalized, "Of the newest tipset that cannot be reverted any more");
    add_text(command, "--head", options->head, "CID,CID", "Of the tipset of these blocks");
    add_text(command, "--recent-stateroots", options->recent_stateroots, "N",
             "Keep state of the epochs above head - N");
    command->add_flag("--skip-old-msgs", options->skip_old_msgs, "Messages of these epochs only");
    command->add_flag("--keep-all-messages", options->keep_all_messages, "Messages of all epochs back to genesis");
    add_text(command, "--format", options->format, "WHAT", "v1, or v2 with a metadata block (FRC-0108)");
    add_text(command, "--compress", options->compress, "WHAT", "The file: none, zstd or forest");
    add_text(command, "--piece-size", options->piece_size, "SIZE",
             "Piece files of this padded size, in place of one file");
    command->add_flag("--pieces", options->pieces, "Piece files of the size in the daemon's settings");
    add_text(command, "--network", options->network, "NAME", "For the names of files");
    command->add_flag("--sha256", options->sha256, "Also the SHA-256 of the CAR, uncompressed");
    command->add_flag("--no-file", options->no_file, "Write nothing; name the piece CIDs, and serve them from memory");
    add_text(command, "-o,--output", options->output, "DIR", "The folder that files go to, on the daemon's machine");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
