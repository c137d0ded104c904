// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/hash_path.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"
#include "cli/snapshot_commands.hpp"
#include "snapshot/diff.hpp"

#include <optional>

namespace filfil::cli {
namespace {

struct DiffOptions {
    std::string base;
    std::string target;
    std::string output;
};

struct ApplyOptions {
    std::string base;
    std::string diff;
    std::string output;
};

Error not_from_stream(const std::string& command) {
    return {ErrorCode::invalid_argument,
            "snapshot " + command + ": files are read more than once, and standard input can be read only once",
            "store it as a file first"};
}

/// Bytes of a file that there is.
std::uint64_t size_of(Context& context, const std::string& path) {
    const auto info = context.files.info(path);
    return info.ok() ? info->size : 0;
}

int run_diff(Context& context, const DiffOptions& options) {
    if (options.base == "-" || options.target == "-") return fail(context, not_from_stream("diff"));
    SystemRandom random;
    const auto made = [&] {
        const std::uint64_t readings = options.output.empty() ? 1 : 2;
        ProgressMeter meter(context.console, context.clock, options.target,
                            size_of(context, options.base) + readings * size_of(context, options.target));
        return snapshot::make_diff(context.files, options.base, options.target,
                                   options.output.empty() ? std::nullopt : std::optional(options.output), random,
                                   {.progress = &meter, .stop = context.stop});
    }();
    if (!made.ok()) return fail(context, made.error());
    if (context.json)
        emit(context, {{"added", made->added}, {"removed", made->removed}, {"bytes", made->bytes}});
    else
        print(context, table(options.base + " -> " + options.target,
                             {{"blocks added", grouped(made->added)},
                              {"blocks removed", grouped(made->removed)},
                              {options.output.empty() ? "a diff would have" : "diff", bytes_for_people(made->bytes)}}));
    return exit_ok;
}

int run_apply(Context& context, const ApplyOptions& options) {
    if (options.base == "-" || options.diff == "-") return fail(context, not_from_stream("apply"));
    const auto applied = [&] {
        ProgressMeter meter(context.console, context.clock, options.output,
                            size_of(context, options.base) + size_of(context, options.diff));
        return snapshot::apply_diff(context.files, options.base, options.diff, options.output,
                                    {.progress = &meter, .stop = context.stop});
    }();
    if (!applied.ok()) return fail(context, applied.error(), {{"path", options.output}});
    if (context.json)
        emit(context, {{"added", applied->added}, {"removed", applied->removed}, {"bytes", applied->bytes}});
    else
        print(context, table(options.output, {{"blocks added", grouped(applied->added)},
                                              {"blocks removed", grouped(applied->removed)},
                                              {"CAR", bytes_for_people(applied->bytes)}}));
    return exit_ok;
}

}    // namespace

void add_snapshot_diff_command(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* command = add_command(
        snapshot, context,
        {"diff", "What one CAR has that another has not",
         "Counts the blocks of B that A does not have and the other way round, whole blocks being compared. With -o a\n"
         "diff is written, from which `fil-fil snapshot apply` makes B of A, byte for byte. Any two CARs can be\n"
         "compared, plain or compressed; of a CARv2 the CARv1 inside counts. Takes some 30 bytes of memory for each\n"
         "block of A.",
         "  fil-fil snapshot diff monday.car tuesday.car\n"
         "  fil-fil snapshot diff monday.car tuesday.car.zst -o day.diff.car\n"},
        [&context, options] { return run_diff(context, *options); });
    add_text(command, "A", options->base, "", "The base")->required();
    add_text(command, "B", options->target, "", "The target")->required();
    add_text(command, "-o,--output", options->output, "PATH", "Where the diff goes");
}

void add_snapshot_apply_command(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<ApplyOptions>();
    CLI::App* command = add_command(
        snapshot, context,
        {"apply", "Make a CAR of another one and a diff",
         "Writes the CAR that the diff was made for, uncompressed. The base has to be the one that the diff was made\n"
         "from, compressed or not; a compressed one is unpacked into NEW.base meanwhile. The new CAR appears only if\n"
         "its SHA-256 is the one that the diff names.",
         "  fil-fil snapshot apply monday.car day.diff.car -o tuesday.car\n"},
        [&context, options] { return run_apply(context, *options); });
    add_text(command, "BASE", options->base, "", "The CAR that the diff was made from")->required();
    add_text(command, "DIFF", options->diff, "", "What `fil-fil snapshot diff` wrote")->required();
    add_text(command, "-o,--output", options->output, "NEW", "The CAR to write")->required();
}

}    // namespace filfil::cli
