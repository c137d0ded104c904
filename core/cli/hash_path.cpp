// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/hash_path.hpp"

#include "base/units.hpp"
#include "cli/progress_meter.hpp"

namespace filfil::cli {

std::string shown_path(const std::string& path) { return path == "-" ? "standard input" : path; }

Result<std::unique_ptr<ReadableFile>> open_input(Context& context, const std::string& path) {
    if (path != "-") return context.files.open(path);
    if (!context.console.in_is_open())
        return Error(ErrorCode::io, "standard input: is closed, so there is nothing to read",
                     "send the bytes to it (`... | fil-fil ... -`), or name a file instead of '-'");
    if (context.console.in_is_terminal())
        hint(context, "reading from the terminal; send a file with `< FILE`, or end with Ctrl-D");
    return context.files.open_standard_input();
}

double HashedFile::gib_per_s() const noexcept {
    return seconds > 0 ? static_cast<double>(piece.payload_size) / static_cast<double>(GiB) / seconds : 0;
}

std::optional<std::uint64_t> known_payload(Context& context, const std::vector<std::string>& paths) {
    std::uint64_t sum = 0;
    for (const std::string& path : paths) {
        if (path == "-") return std::nullopt;
        const auto info = context.files.info(path);
        if (!info.ok() || info->kind != FileInfo::Kind::file) return std::nullopt;
        sum += info->size;
    }
    return sum;
}

Result<HashedFile> hash_with_meter(Context& context, Engine& engine, ReadableFile& file, const std::string& label,
                                   bool sha256, bool allow_small) {
    const Clock::Duration start = context.clock.steady();
    ProgressMeter meter(context.console, context.clock, label, file.size());
    const commp::HashOptions options{.readers = engine.readers,
                                     .sha256 = sha256,
                                     .allow_small = allow_small,
                                     .progress = &meter,
                                     .stop = context.stop};
    FILFIL_TRY(const commp::HashOutcome outcome, commp::hash_source(file, *engine.backend, *engine.threads, options));
    return HashedFile{outcome.piece, outcome.sha256, engine.backend->name(),
                      seconds_between(start, context.clock.steady())};
}

Json json_of(const std::string& path, const HashedFile& hashed) {
    Json object = {{"path", path},
                   {"payload_size", hashed.piece.payload_size},
                   {"padded_size", hashed.piece.padded_size},
                   {"piece_cid", commp::piece_cid_v1(hashed.piece).text()},
                   {"piece_cid_v2", commp::piece_cid_v2(hashed.piece).text()},
                   {"device", hashed.device},
                   {"seconds", rounded(hashed.seconds, 6)},
                   {"payload_gib_per_s", rounded(hashed.gib_per_s(), 6)}};
    if (hashed.sha256) object["sha256"] = to_hex(*hashed.sha256);
    return object;
}

std::vector<std::pair<std::string, std::string>> rows_of(const HashedFile& hashed) {
    std::vector<std::pair<std::string, std::string>> rows{{"piece CID v1", commp::piece_cid_v1(hashed.piece).text()},
                                                          {"piece CID v2", commp::piece_cid_v2(hashed.piece).text()},
                                                          {"payload", bytes_for_people(hashed.piece.payload_size)},
                                                          {"padded piece", bytes_for_people(hashed.piece.padded_size)}};
    if (hashed.sha256) rows.emplace_back("SHA-256", to_hex(*hashed.sha256));
    // Below that the start of the program is what was timed.
    const std::string rate = hashed.piece.payload_size < MiB ? "" : rate_for_people(hashed.gib_per_s());
    rows.emplace_back("hashed on",
                      hashed.device + " in " + format_duration(hashed.seconds) + (rate.empty() ? "" : ", " + rate));
    return rows;
}

}    // namespace filfil::cli
