// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/snapshot_export_options.hpp"

#include "cli/add_command.hpp"

#include <algorithm>
#include <limits>

namespace filfil::cli {
namespace {

constexpr std::uint64_t most_epochs = std::numeric_limits<std::int64_t>::max();

Error contradiction(const std::string& one, const std::string& other, const std::string& remedy) {
    return {ErrorCode::invalid_argument, one + " and " + other + " contradict each other", remedy};
}

Result<chain::TipsetKey> parse_head(const std::string& text) {
    chain::TipsetKey head;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        const std::string part = text.substr(from, comma - from);
        auto cid = ipld::Cid::parse(part);
        if (!cid.ok())
            return Error(ErrorCode::invalid_argument, "--head: '" + part + "' is no CID: " + cid.error().message,
                         "give the CIDs of the tipset's blocks with commas between them, and no spaces");
        head.push_back(*std::move(cid));
        from = comma + 1;
    }
    return head;
}

Result<car::Compression> parse_compression(const std::string& text) {
    for (const auto compression : {car::Compression::none, car::Compression::zstd, car::Compression::forest})
        if (text == car::name_of(compression)) return compression;
    return Error(ErrorCode::invalid_argument, "--compress: '" + text + "' is none of none, zstd, forest",
                 "give zstd for one zstd frame, or forest for a forest.car.zst");
}

Result<snapshot::Recipe> read_recipe(const ExportOptions& options) {
    snapshot::Recipe recipe;
    auto format = snapshot::parse_format(options.format);
    if (!format.ok()) return std::move(format).error().in("--format");
    recipe.format = *format;
    if (!options.recent_stateroots.empty()) {
        FILFIL_TRY(recipe.recent_stateroots,
                   parse_count("--recent-stateroots", options.recent_stateroots, 0, most_epochs));
    }
    if (options.skip_old_msgs && options.keep_all_messages)
        return contradiction("--skip-old-msgs", "--keep-all-messages", "leave out one of the two");
    recipe.skip_old_msgs = options.skip_old_msgs;
    if (!options.piece_size.empty()) {
        auto size = parse_size(options.piece_size);
        if (!size.ok()) return std::move(size).error().in("--piece-size");
        recipe.piece_size = *size;
    }
    if (auto status = snapshot::check(recipe); !status.ok()) return std::move(status).error();
    return recipe;
}

Result<void> read_target(const ExportOptions& options, ExportRequest& request) {
    using Kind = snapshot::Target::Kind;
    FILFIL_TRY(request.compression, parse_compression(options.compress));
    const bool compressed = request.compression != car::Compression::none;
    if (options.no_file) {
        if (!options.output.empty()) return contradiction("--no-file", "-o", "leave out one of the two");
        if (compressed) return contradiction("--no-file", "--compress", "leave out one of the two");
        return {};
    }
    if (options.output.empty())
        return Error(ErrorCode::invalid_argument, "nothing says where the snapshot goes",
                     "give -o PATH, -o - for standard output, or --no-file for its piece CIDs alone");
    request.path = options.output;
    if (options.output == "-") {
        if (!options.piece_size.empty())
            return contradiction("--piece-size", "-o -", "pieces are files: give -o FOLDER for them");
        request.kind = Kind::stream;
        return {};
    }
    request.kind = options.piece_size.empty() ? Kind::file : Kind::pieces;
    if (compressed && request.kind == Kind::pieces)
        return contradiction("--compress", "--piece-size",
                             "piece files are never compressed; leave out --piece-size for one compressed file");
    return {};
}

}    // namespace

void add_export_options(CLI::App* command, ExportOptions& options) {
    add_text(command, "--head", options.head, "CID,CID", "Blocks of the head tipset; by default the newest there is");
    add_text(command, "--epoch", options.epoch, "E",
             "Head by its epoch on the chain of the newest one; a null round means the tipset before it");
    add_text(command, "--recent-stateroots", options.recent_stateroots, "N",
             "Keep state of the epochs above head - N; by default 2000, which nodes need");
    command->add_flag("--skip-old-msgs", options.skip_old_msgs,
                      "Messages of these epochs only, instead of all back to genesis");
    command->add_flag("--keep-all-messages", options.keep_all_messages,
                      "Messages of all epochs: what is done without --skip-old-msgs");
    add_text(command, "--format", options.format, "WHAT", "v1 (the default), or v2 with a metadata block (FRC-0108)");
    add_text(command, "--compress", options.compress, "WHAT", "The file: none (the default), zstd or forest");
    add_text(command, "--piece-size", options.piece_size, "SIZE",
             "Piece files of this padded size into the folder of -o; by default one file, and pieces of 32GiB");
    add_text(command, "--network", options.network, "NAME",
             "For the names of piece files; by default from the genesis");
    command->add_flag("--sha256", options.sha256, "Also the SHA-256 of the CAR, uncompressed");
    command->add_flag("--no-file", options.no_file, "Write nothing; name the piece CIDs only");
    add_text(command, "-o,--output", options.output, "PATH",
             "The file, the folder of --piece-size, or '-' for standard output");
    add_device_options(command, options.device);
}

Result<ExportRequest> read_export_options(const ExportOptions& options) {
    ExportRequest request;
    if (!options.head.empty() && !options.epoch.empty())
        return contradiction("--head", "--epoch", "leave out one of the two");
    if (!options.head.empty()) {
        FILFIL_TRY(request.head, parse_head(options.head));
    }
    if (!options.epoch.empty()) {
        FILFIL_TRY(const std::uint64_t epoch, parse_count("--epoch", options.epoch, 0, most_epochs));
        request.epoch = Epoch{static_cast<std::int64_t>(epoch)};
    }
    FILFIL_TRY(request.recipe, read_recipe(options));
    FILFIL_CHECK(read_target(options, request));
    request.network = options.network;
    request.sha256 = options.sha256;
    return request;
}

}    // namespace filfil::cli
