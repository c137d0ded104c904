// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/car_commands.hpp"

#include "base/units.hpp"
#include "car/forest_car.hpp"
#include "car/forest_writer.hpp"
#include "car/inspect.hpp"
#include "car/split.hpp"
#include "car/verify.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/device_options.hpp"
#include "cli/hash_path.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"

namespace filfil::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

constexpr const char* path_help = "The CAR: version 1 or 2, plain or zstd-compressed; '-' is standard input";

// ---- inspect

/// "zstd", or "zstd, with Forest's index"
std::string compression_text(car::Compression compression) {
    return compression == car::Compression::forest ? "zstd, with Forest's index"
                                                   : std::string(car::name_of(compression));
}

Json json_of(const car::Inspection& found) {
    Json roots = Json::array();
    for (const ipld::Cid& root : found.header.roots) roots.push_back(root.text());
    Json codecs = Json::object();
    for (const auto& [name, count] : found.codecs) codecs[name] = count;
    return {{"version", found.header.version}, {"roots", std::move(roots)},
            {"blocks", found.blocks},          {"bytes", found.bytes},
            {"codecs", std::move(codecs)},     {"compression", car::name_of(found.header.compression)}};
}

Rows rows_of(const car::Inspection& found) {
    Rows rows{{"version", std::to_string(found.header.version)}};
    if (found.header.roots.empty()) rows.emplace_back("roots", "none");
    for (const ipld::Cid& root : found.header.roots) rows.emplace_back("root", root.text());
    rows.emplace_back("blocks", grouped(found.blocks));
    for (const auto& [name, count] : found.codecs) rows.emplace_back("  " + name, grouped(count));
    rows.emplace_back("largest block", bytes_for_people(found.largest_block));
    rows.emplace_back("CAR inside", bytes_for_people(found.bytes));
    rows.emplace_back("compression", compression_text(found.header.compression));
    return rows;
}

int run_inspect(Context& context, const std::string& path) {
    auto file = open_input(context, path);
    if (!file.ok()) return fail(context, file.error(), {{"path", path}});
    ProgressMeter meter(context.console, context.clock, shown_path(path), (*file)->size());
    car::ReaderOptions options;
    options.progress = &meter;
    const auto found = car::inspect(*std::move(file), options, context.stop);
    if (!found.ok()) return fail(context, found.error(), {{"path", path}});
    if (context.json)
        emit(context, json_of(*found));
    else
        print(context, table(shown_path(path), rows_of(*found)));
    return exit_ok;
}

// ---- verify

struct VerifyOptions {
    std::string path;
    bool links = false;
    std::string threads;
};

Json json_of(const car::VerifyReport& report) {
    Json object = {{"blocks", report.blocks},
                   {"bytes", report.bytes},
                   {"bad_blocks", report.bad_blocks},
                   {"missing_links", report.missing_links ? Json(*report.missing_links) : Json(nullptr)}};
    for (const car::BadBlock& bad : report.bad)
        object["bad"].push_back({{"section", bad.section}, {"offset", bad.offset}, {"cid", bad.cid.text()}});
    for (const car::MissingLink& link : report.missing)
        object["missing"].push_back({{"cid", link.cid.text()}, {"section", link.section}, {"offset", link.offset}});
    if (report.unscanned_blocks != 0) object["unscanned_blocks"] = report.unscanned_blocks;
    return object;
}

void add_more(Rows& rows, std::uint64_t count, std::size_t named) {
    if (count > named) rows.emplace_back("", "and " + grouped(count - named) + " more");
}

Rows rows_of(const car::VerifyReport& report) {
    Rows rows{{"blocks", grouped(report.blocks)},
              {"CAR inside", bytes_for_people(report.bytes)},
              {"bad blocks", grouped(report.bad_blocks)}};
    for (const car::BadBlock& bad : report.bad)
        rows.emplace_back("  bad",
                          "number " + grouped(bad.section) + " at byte " + grouped(bad.offset) + ": " + bad.cid.text());
    add_more(rows, report.bad_blocks, report.bad.size());
    if (!report.missing_links) return rows;
    rows.emplace_back("missing links", grouped(*report.missing_links));
    for (const car::MissingLink& link : report.missing)
        rows.emplace_back("  missing", link.cid.text() + ", linked to by block " + grouped(link.section) + " at byte " +
                                           grouped(link.offset));
    add_more(rows, *report.missing_links, report.missing.size());
    if (report.unscanned_blocks != 0)
        rows.emplace_back("no DAG-CBOR", grouped(report.unscanned_blocks) + " blocks that nodes cannot read");
    return rows;
}

Error unchecked_error(const std::string& path, const car::VerifyReport& report) {
    return {ErrorCode::unsupported,
            shown_path(path) + ": " + grouped(report.unchecked_blocks) +
                " blocks have a hash that cannot be computed from their bytes, first number " +
                std::to_string(report.unchecked->section) + " at byte " + std::to_string(report.unchecked->offset) +
                ", " + report.unchecked->cid.text(),
            "check them with the program that made them; all others were checked"};
}

int run_verify(Context& context, const VerifyOptions& options) {
    const Json about = {{"path", options.path}};
    const auto threads = parse_threads(options.threads);
    if (!threads.ok()) return fail(context, threads.error(), about);
    if (options.links && options.path == "-")
        return fail(context,
                    {ErrorCode::invalid_argument,
                     "car verify: --links may have to read the CAR twice, and standard input can be read only once",
                     "store it as a file first, or leave --links out"});
    const auto info = context.files.info(options.path);
    ProgressMeter meter(context.console, context.clock, shown_path(options.path),
                        info.ok() && info->kind == FileInfo::Kind::file ? std::optional(info->size) : std::nullopt);
    SystemRandom random;
    ThreadPool pool(*threads);
    car::VerifyOptions verify;
    verify.reader.progress = &meter;
    verify.stop = context.stop;
    if (options.links) verify.link_key = &random;
    const auto checked = [&]() -> Result<car::VerifyReport> {
        if (options.links) return car::verify(context.files, options.path, pool, verify);
        FILFIL_TRY(auto file, open_input(context, options.path));
        return car::verify(std::move(file), pool, verify);
    };
    const Result<car::VerifyReport> report = checked();
    if (!report.ok()) return fail(context, report.error(), about);

    Json found = json_of(*report);
    if (report->fault || report->unchecked_blocks != 0) {
        found["path"] = options.path;
        print(context, table(shown_path(options.path) + (report->fault ? ": NOT WHOLE" : ": NOT ALL CHECKED"),
                             rows_of(*report)));
        return fail(context, report->fault ? *report->fault : unchecked_error(options.path, *report), std::move(found));
    }
    if (context.json)
        emit(context, found);
    else
        print(context, table(shown_path(options.path) + (report->bad_blocks != 0 ? ": BAD"
                                                         : report->good()        ? ": good"
                                                                                 : ": INCOMPLETE"),
                             rows_of(*report)));
    return report->good() ? exit_ok : exit_no;
}

// ---- index

struct IndexOptions {
    std::string path;
    std::string output;
};

Error not_from_stream() {
    return {ErrorCode::invalid_argument, "car index: standard input has no name and cannot be read at will",
            "store the CAR as a file first"};
}

Result<bool> has_index(Context& context, const std::string& path) {
    FILFIL_TRY(const auto file, context.files.open(path));
    FILFIL_TRY(const auto footer, car::read_forest_footer(*file));
    return footer.has_value();
}

int check_index(Context& context, const std::string& path) {
    auto file = context.files.open(path);
    if (!file.ok()) return fail(context, file.error(), {{"path", path}});
    Result<car::ForestCheck> check = Error(ErrorCode::internal, "");
    {
        ProgressMeter meter(context.console, context.clock, path, (*file)->size());
        car::ReaderOptions options;
        options.progress = &meter;
        check = car::check_forest_car(*std::move(file), options, context.stop);
    }
    if (!check.ok()) return fail(context, check.error(), {{"path", path}});
    Json object = {{"path", path},
                   {"blocks", check->blocks},
                   {"frames", check->frames},
                   {"index_bytes", check->index_bytes},
                   {"unresolved", check->unresolved}};
    if (context.json) emit(context, object);
    Rows rows{{"blocks", grouped(check->blocks)},
              {"frames", grouped(check->frames)},
              {"index", bytes_for_people(check->index_bytes)},
              {"not found by it", grouped(check->unresolved)}};
    for (const ipld::Cid& cid : check->first_unresolved) rows.emplace_back("  missing", cid.text());
    if (check->unresolved != 0) rows.emplace_back("to mend it", "fil-fil car index " + path + " -o NEW.forest.car.zst");
    print(context, table(path + (check->unresolved == 0 ? ": index good" : ": index WRONG"), rows));
    return check->unresolved == 0 ? exit_ok : exit_no;
}

Result<car::ForestSummary> make_indexed(Context& context, const std::string& path, const std::string& output) {
    FILFIL_TRY(auto input, context.files.open(path));
    ProgressMeter meter(context.console, context.clock, path, input->size());
    car::ReaderOptions options;
    options.progress = &meter;
    FILFIL_TRY(car::Reader reader, car::Reader::open(std::move(input), options));
    FILFIL_TRY(const auto file, context.files.create(output));
    car::FileSink sink(*file);
    FILFIL_TRY(const car::ForestSummary summary, car::write_forest_car(reader, sink, context.stop));
    FILFIL_CHECK(file->commit());
    return summary;
}

int run_index(Context& context, const IndexOptions& options) {
    if (options.path == "-") return fail(context, not_from_stream());
    const auto indexed = has_index(context, options.path);
    if (!indexed.ok()) return fail(context, indexed.error(), {{"path", options.path}});
    if (*indexed && options.output.empty()) return check_index(context, options.path);

    const std::string beside = join_path(parent_folder(options.path), car::car_stem(options.path) + ".forest.car.zst");
    const std::string& output = options.output.empty() ? beside : options.output;
    const auto summary = make_indexed(context, options.path, output);
    if (!summary.ok()) return fail(context, summary.error(), {{"path", options.path}});
    if (context.json)
        emit(context, {{"path", output},
                       {"blocks", summary->blocks},
                       {"frames", summary->frames},
                       {"index_bytes", summary->index_bytes},
                       {"bytes", summary->file_bytes}});
    else
        print(context, table(output, {{"blocks", grouped(summary->blocks)},
                                      {"frames", grouped(summary->frames)},
                                      {"index", bytes_for_people(summary->index_bytes)},
                                      {"file", bytes_for_people(summary->file_bytes)}}));
    return exit_ok;
}

}    // namespace

void add_car_inspect_command(CLI::App& car, Context& context) {
    auto path = std::make_shared<std::string>();
    CLI::App* command = add_command(car, context,
                                    {"inspect", "What is in a CAR: roots, blocks, codecs, compression",
                                     "Reads the whole CAR without a look at hashes; `fil-fil car verify` checks those.",
                                     "  fil-fil car inspect snapshot.car\n"
                                     "  fil-fil car inspect --json snapshot.forest.car.zst\n"},
                                    [&context, path] { return run_inspect(context, *path); });
    add_text(command, "PATH", *path, "", path_help)->required();
}

void add_car_verify_command(CLI::App& car, Context& context) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = add_command(
        car, context,
        {"verify", "Does every block have the hash that its CID says?",
         "Hashes every block again, on all CPUs, and names those that differ from their CID. Exit code 0 if all are\n"
         "right, 1 if some are not, 2 if the CAR cannot be read to its end.\n"
         "With --links it also counts the blocks that others link to and that are not there (exit code 1). A node's\n"
         "snapshot leaves out receipts and the state and messages of old epochs, so some are missing by design.\n"
         "Links to commitments and to identity CIDs, which hold their block, are never missing.",
         "  fil-fil car verify snapshot.car\n"
         "  fil-fil car verify --links --json snapshot.car.zst\n"
         "  curl -s https://example.com/snapshot.car.zst | fil-fil car verify -\n"},
        [&context, options] { return run_verify(context, *options); });
    add_text(command, "PATH", options->path, "", path_help)->required();
    command->add_flag("--links", options->links, "Also look for blocks that are linked to and missing");
    add_text(command, "--threads", options->threads, "N", "Threads that hash; by default one a CPU");
}

void add_car_index_command(CLI::App& car, Context& context) {
    auto options = std::make_shared<IndexOptions>();
    CLI::App* command = add_command(
        car, context,
        {"index", "Make a CAR that Forest uses in place, or check one",
         "A CAR without Forest's index is written again as NAME.forest.car.zst beside it (or to the path of -o):\n"
         "compressed in small frames, with an index from CIDs to frames. The CAR inside stays the same bytes.\n"
         "For a PATH that has an index, every block is looked up in it: exit code 0 if all are found, 1 if not. With\n"
         "-o the file is written again under a new index.",
         "  fil-fil car index snapshot.car                     makes snapshot.forest.car.zst\n"
         "  fil-fil car index snapshot.forest.car.zst          checks its index\n"
         "  fil-fil car index old.forest.car.zst -o new.forest.car.zst\n"},
        [&context, options] { return run_index(context, *options); });
    add_text(command, "PATH", options->path, "", "The CAR: version 1 or 2, plain or zstd-compressed")->required();
    add_text(command, "-o,--output", options->output, "PATH", "Where the indexed file goes");
}

void add_car_commands(CLI::App& app, Context& context) {
    CLI::App* car = add_command_group(
        app,
        {"car", "Look into CAR files, check, cut, join and index them",
         "CARs of version 1 and 2, plain or zstd-compressed, are read alike; the first bytes decide, not the name.",
         "  fil-fil car inspect snapshot.car.zst\n"
         "  fil-fil car verify snapshot.car\n"
         "  fil-fil car split snapshot.car --piece-size 32GiB -o pieces\n"});
    add_car_inspect_command(*car, context);
    add_car_verify_command(*car, context);
    add_car_split_command(*car, context);
    add_car_join_command(*car, context);
    add_car_index_command(*car, context);
}

}    // namespace filfil::cli
