// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "batch/padded_size.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/hash_path.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::cli {
namespace {

struct CommpOptions {
    std::vector<std::string> paths;
    DeviceOptions device;
    std::string pad_to;
    bool sha256 = false;
    bool allow_small = false;
};

/// @return the padded size asked for; 0 where the piece's own is wanted
Result<std::uint64_t> read_pad_to(const std::string& text) {
    if (text.empty()) return std::uint64_t{0};
    auto size = batch::parse_padded_size(text);
    if (!size.ok()) return std::move(size).error().in("--pad-to");
    return size;
}

Error does_not_fit(const std::string& path, std::uint64_t payload, std::uint64_t pad_to) {
    const std::uint64_t natural = ipld::padded_size_of(payload);
    return {ErrorCode::invalid_argument,
            shown_path(path) + ": " + bytes_for_people(payload) + " make a piece of " + format_size(natural) +
                ", which does not fit --pad-to " + format_size(pad_to),
            "give --pad-to " + format_size(natural) + " or more, or leave it out"};
}

/// Pieces are never compressed, and a common slip is to hash the download instead of what is in it.
void hint_if_compressed(Context& context, ReadableFile& file) {
    if (!file.size()) return;
    constexpr std::array zstd_magic{std::byte{0x28}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd}};
    std::array<std::byte, 4> head{};
    const auto n = file.read_at(0, head);
    if (n.ok() && *n == head.size() && head == zstd_magic)
        hint(context,
             file.name() +
                 ": is zstd-compressed; pieces are never compressed, so a deal's piece CID is that of the bytes "
                 "inside: `zstd -dc FILE | fil-fil commp -`");
}

Result<HashedFile> hash_one(Context& context, Engine& engine, const CommpOptions& options, const std::string& path,
                            std::uint64_t pad_to, const std::string& label) {
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, open_input(context, path));
    // Told before hours of hashing rather than after, where the size is known.
    if (pad_to != 0 && file->size() && ipld::padded_size_of(*file->size()) > pad_to)
        return does_not_fit(path, *file->size(), pad_to);
    hint_if_compressed(context, *file);
    FILFIL_TRY(HashedFile hashed, hash_with_meter(context, engine, *file, label, options.sha256, options.allow_small));
    if (pad_to != 0) {
        if (hashed.piece.padded_size > pad_to) return does_not_fit(path, hashed.piece.payload_size, pad_to);
        FILFIL_TRY(hashed.piece, commp::pad_to(hashed.piece, pad_to));
    }
    return hashed;
}

int run_commp(Context& context, const CommpOptions& options) {
    const auto pad_to = read_pad_to(options.pad_to);
    if (!pad_to.ok()) return fail(context, pad_to.error());
    if (std::ranges::count(options.paths, "-") > 1)
        return fail(context, {ErrorCode::invalid_argument,
                              "commp: '-' was given more than once, and standard input can "
                              "be read only once",
                              "give '-' once"});
    auto engine = open_engine(options.device, context, known_payload(context, options.paths));
    if (!engine.ok()) return fail(context, engine.error());

    int code = exit_ok;
    bool first = true;
    std::uint64_t revocations = 0;
    std::size_t given = 0;
    std::size_t doubtful = 0;
    for (std::size_t i = 0; i < options.paths.size(); ++i) {
        const std::string& path = options.paths[i];
        const std::string count = '[' + std::to_string(i + 1) + '/' + std::to_string(options.paths.size()) + "] ";
        const auto hashed = hash_one(context, *engine, options, path, *pad_to,
                                     (options.paths.size() > 1 ? count : "") + shown_path(path));
        // This one was hashed again where it had to be; those before it are out already.
        if (std::exchange(revocations, engine->backend->revocations()) != engine->backend->revocations())
            doubtful = given;
        if (!hashed.ok()) {
            code = fail(context, hashed.error(), {{"path", path}});
            if (context.stop.stop_requested()) break;
            continue;
        }
        ++given;
        if (context.json) {
            emit(context, json_of(path, *hashed));
        } else {
            print(context, (first ? "" : "\n") + table(shown_path(path), rows_of(*hashed)));
            first = false;
        }
    }
    if (doubtful != 0)
        code = fail(context, in_doubt("the first " + std::to_string(doubtful) + " of the piece CIDs that it gave"));
    return code;
}

}    // namespace

void add_commp_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<CommpOptions>();
    CLI::App* command =
        add_command(app, context,
                    {"commp", "Piece CID (commP) of files or of standard input",
                     "Hashes each PATH as it is, whatever it holds, to its Filecoin piece commitment, and prints the\n"
                     "piece CID (version 1 and 2) and the sizes a deal needs. '-' reads standard input.\n"
                     "A PATH that fails is told on standard error, the others are still done, and the exit code is 2.",
                     "  fil-fil commp snapshot.car\n"
                     "  fil-fil commp --json *.car > pieces.jsonl\n"
                     "  fil-fil commp --pad-to 32GiB deal.car         the CID of the piece padded to its deal's size\n"
                     "  zstd -dc snapshot.car.zst | fil-fil commp -   pieces are never compressed\n"},
                    [&context, options] { return run_commp(context, *options); });
    add_texts(command, "PATH", options->paths, "Files to hash; '-' is standard input")->required();
    add_text(command, "--pad-to", options->pad_to, "SIZE", "Pad the piece with zeros to this size, a power of two");
    command->add_flag("--sha256", options->sha256, "Also the SHA-256 of the bytes, in the same pass");
    command->add_flag("--allow-small", options->allow_small,
                      "Accept fewer than 65 bytes, even none, padded with zeros as FRC-0069 says");
    add_device_options(command, options->device);
}

}    // namespace filfil::cli
