// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/diagnosis.hpp"
#include "cli/file_views.hpp"
#include "cli/hash_path.hpp"
#include "cli/progress_meter.hpp"

namespace filfil::cli {
namespace {

struct VerifyOptions {
    std::string path;
    std::string piece_cid;
    bool car = false;
    DeviceOptions device;
};

/// Whether a file is the piece it should be.
struct Verdict {
    HashedFile hashed;    ///< its piece at the padded size at which it matches, else at its own
    bool match = false;
    std::uint64_t natural_size = 0;    ///< padded size that the payload needs
    std::optional<Diagnosis> diagnosis;
    std::optional<car::VerifyReport> blocks;

    [[nodiscard]] std::optional<std::uint64_t> blocks_verified() const {
        if (!blocks) return std::nullopt;
        return blocks->blocks - blocks->bad_blocks - blocks->unchecked_blocks;
    }
};

/// People hand over the CAR's root in place of the piece CID. Where it is this CAR's, say so.
Error mixed_up(Context& context, const std::string& path, Error error, const std::string& given) {
    if (path == "-") return error;
    const auto cid = ipld::Cid::parse(given);
    if (!cid.ok()) return error;
    const auto reader = car::Reader::open(context.files, path);
    if (!reader.ok()) return error;
    for (const ipld::Cid& root : reader->header().roots)
        if (root == *cid) error.message += "; it is the root of this very CAR";
    return error;
}

Result<car::VerifyReport> check_blocks(Context& context, const Engine& engine, ReadableFile& file,
                                       const std::string& label) {
    ProgressMeter meter(context.console, context.clock, label + ": blocks", file.size());
    car::VerifyOptions options;
    options.reader.progress = &meter;
    options.stop = context.stop;
    return car::verify(part_of(file, 0, *file.size()), *engine.threads, options);
}

Result<Verdict> verify(Context& context, const VerifyOptions& options) {
    auto expected = parse_piece_cid(options.piece_cid);
    if (!expected.ok())
        return mixed_up(context, options.path, std::move(expected).error().in("--piece-cid"), options.piece_cid);
    FILFIL_TRY(Engine engine, open_engine(options.device, context, known_payload(context, {options.path})));
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, open_input(context, options.path));
    if (options.car && !file->size())
        return Error(ErrorCode::invalid_argument,
                     file->name() + ": cannot be read a second time, and --car has to, to check the blocks",
                     "store it as a file first, or leave --car out");

    Verdict verdict;
    const std::string label = shown_path(options.path);
    FILFIL_TRY(verdict.hashed, hash_with_meter(context, engine, *file, label, false, true));
    const commp::Piece natural = verdict.hashed.piece;
    // Whatever is hashed from now on may bring to light that a card was wrong before.
    const auto settled = [&, trusted = engine.backend->revocations()]() -> Result<Verdict> {
        if (engine.backend->revocations() != trusted) return in_doubt("what was found of " + label);
        return std::move(verdict);
    };
    verdict.natural_size = natural.padded_size;
    if (const auto match = find_match(natural, *expected)) {
        verdict.match = true;
        verdict.hashed.piece = *match;
    }
    std::optional<Result<car::VerifyReport>> checked;
    const auto blocks = [&]() -> const Result<car::VerifyReport>& {
        if (!checked) checked = check_blocks(context, engine, *file, label);
        return *checked;
    };
    if (options.car) {
        const Result<car::VerifyReport>& report = blocks();
        if (report.ok())
            verdict.blocks = *report;
        else if (report.error().code == ErrorCode::cancelled || report.error().code == ErrorCode::io)
            return report.error();
        else
            verdict.diagnosis = Diagnosis{Difference::not_a_car, report.error().message};
    }
    if (verdict.match) {
        if (verdict.blocks) verdict.diagnosis = diagnose_blocks(*verdict.blocks);
        return settled();
    }
    const auto hash_part = [&](ReadableFile& bytes, const std::string& what) -> Result<commp::Piece> {
        FILFIL_TRY(const HashedFile hashed, hash_with_meter(context, engine, bytes, label + ": " + what, false, true));
        return hashed.piece;
    };
    FILFIL_TRY(
        verdict.diagnosis,
        diagnose(
            {.expected = *expected, .natural = natural, .file = *file, .hash = hash_part, .check_blocks = blocks}));
    return settled();
}

Json json_of(const VerifyOptions& options, const Verdict& verdict) {
    Json object = json_of(options.path, verdict.hashed);
    object["expected"] = options.piece_cid;
    object["match"] = verdict.match;
    object["diagnosis"] = verdict.diagnosis ? Json(verdict.diagnosis->sentence()) : Json(nullptr);
    const auto blocks = verdict.blocks_verified();
    object["blocks_verified"] = blocks ? Json(*blocks) : Json(nullptr);
    return object;
}

std::string text_of(const VerifyOptions& options, const Verdict& verdict) {
    const std::string title = shown_path(options.path) + (verdict.match ? ": SAME piece" : ": DIFFERENT piece");
    std::vector<std::pair<std::string, std::string>> rows{{"expected", options.piece_cid}};
    for (auto& row : rows_of(verdict.hashed)) rows.push_back(std::move(row));
    if (verdict.match && verdict.hashed.piece.padded_size != verdict.natural_size)
        rows.emplace_back("note", "the payload alone needs a piece of " + format_size(verdict.natural_size) +
                                      "; it matches padded to " + format_size(verdict.hashed.piece.padded_size));
    if (verdict.blocks) {
        const car::VerifyReport& report = *verdict.blocks;
        rows.emplace_back(
            "blocks", grouped(*verdict.blocks_verified()) + " of " + grouped(report.blocks) + " re-hashed and right" +
                          (report.unchecked_blocks == 0
                               ? ""
                               : ", " + grouped(report.unchecked_blocks) + " have a hash that cannot be checked"));
        for (const car::BadBlock& bad : report.bad)
            rows.emplace_back("bad block", "number " + grouped(bad.section) + " at byte " + grouped(bad.offset) + ": " +
                                               bad.cid.text());
        if (report.bad_blocks > report.bad.size())
            rows.emplace_back("", "and " + grouped(report.bad_blocks - report.bad.size()) + " more");
    }
    if (verdict.diagnosis) rows.emplace_back("diagnosis", verdict.diagnosis->sentence());
    return table(title, rows);
}

int run_verify(Context& context, const VerifyOptions& options) {
    const auto verdict = verify(context, options);
    if (!verdict.ok()) return fail(context, verdict.error(), {{"path", options.path}});
    if (context.json)
        emit(context, json_of(options, *verdict));
    else
        print(context, text_of(options, *verdict));
    return verdict->match && !verdict->diagnosis ? exit_ok : exit_no;
}

}    // namespace

void add_verify_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = add_command(
        app, context,
        {"verify", "Is a file the piece that a piece CID names? If not, why",
         "Hashes PATH and compares. A version 1 CID matches at the payload's own padded size or any larger\n"
         "one; a version 2 CID must agree in payload size and padded size too. A difference is looked into:\n"
         "truncated, trailing bytes, zeros or another padding, compressed, no CAR, bad blocks.\n"
         "\n"
         "Exit codes: 0 the same (and, with --car, every block right), 1 not, 2 could not tell.",
         "  fil-fil verify deal.car --piece-cid baga6ea4seaqo37zzhbybyhkv6qdwznbggnnri2xutkfjuzjfdlec3sxkxedvwci\n"
         "  fil-fil verify deal.car --car --json --piece-cid bafkzcib...\n"},
        [&context, options] { return run_verify(context, *options); });
    add_text(command, "PATH", options->path, "PATH", "The file; '-' is standard input")->required();
    add_text(command, "--piece-cid", options->piece_cid, "CID",
             "The piece CID it should have, version 1 or 2 (required)")
        ->required();
    command->add_flag("--car", options->car, "Also re-hash every block of the CAR on all threads");
    add_device_options(command, options->device);
}

}    // namespace filfil::cli
