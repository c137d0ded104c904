// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/snapshot_export_report.hpp"

#include "base/units.hpp"

namespace filfil::cli {
namespace {

Json texts_of(const std::vector<ipld::Cid>& cids) {
    Json out = Json::array();
    for (const ipld::Cid& cid : cids) out.push_back(cid.text());
    return out;
}

Json json_of(const snapshot::Recipe& recipe) {
    return {{"format", snapshot::name_of(recipe.format)},
            {"recent_stateroots", recipe.recent_stateroots},
            {"skip_old_msgs", recipe.skip_old_msgs},
            {"piece_size", recipe.piece_size},
            {"hash", to_hex(snapshot::hash_of(recipe))}};
}

Json json_of(const snapshot::ExportedPiece& piece) {
    return {{"path", piece.path ? Json(*piece.path) : Json(nullptr)},
            {"piece_cid", commp::piece_cid_v1(piece.piece).text()},
            {"piece_cid_v2", commp::piece_cid_v2(piece.piece).text()},
            {"payload_size", piece.piece.payload_size},
            {"padded_size", piece.piece.padded_size}};
}

std::string rate_of(const snapshot::ExportReport& report) {
    if (report.emit_seconds <= 0 || report.car_bytes < MiB) return "";
    return ", " +
           rate_for_people(static_cast<double>(report.car_bytes) / static_cast<double>(GiB) / report.emit_seconds);
}

}    // namespace

Json json_of(const TakenSnapshot& taken) {
    Json pieces = Json::array();
    for (const snapshot::ExportedPiece& piece : taken.report.pieces) pieces.push_back(json_of(piece));
    Json object = {{"head", texts_of(taken.head)},
                   {"epoch", taken.epoch.value},
                   {"recent_stateroots", taken.recipe.recent_stateroots},
                   {"recipe", json_of(taken.recipe)},
                   {"blocks", taken.report.blocks},
                   {"car_bytes", taken.report.car_bytes},
                   {"root_cids", texts_of(taken.roots)},
                   {"pieces", std::move(pieces)},
                   {"load_seconds", rounded(taken.load_seconds, 6)},
                   {"layout_seconds", rounded(taken.layout_seconds, 6)},
                   {"emit_seconds", rounded(taken.report.emit_seconds, 6)}};
    if (taken.report.car_sha256) object["car_sha256"] = to_hex(*taken.report.car_sha256);
    return object;
}

std::string text_of(const TakenSnapshot& taken, const std::string& title) {
    const snapshot::ExportReport& report = taken.report;
    std::vector<std::pair<std::string, std::string>> rows{
        {"epoch", grouped(static_cast<std::uint64_t>(taken.epoch.value))}};
    for (const ipld::Cid& cid : taken.head) rows.emplace_back("head", cid.text());
    rows.emplace_back("recipe", snapshot::text_of(taken.recipe));
    rows.emplace_back("blocks", grouped(report.blocks));
    rows.emplace_back("CAR", bytes_for_people(report.car_bytes));
    if (report.written_bytes != 0 && report.written_bytes != report.car_bytes)
        rows.emplace_back("written", bytes_for_people(report.written_bytes));
    if (report.car_sha256) rows.emplace_back("SHA-256 of the CAR", to_hex(*report.car_sha256));
    rows.emplace_back("loaded in", format_duration(taken.load_seconds));
    rows.emplace_back("laid out in", format_duration(taken.layout_seconds));
    rows.emplace_back(report.written_bytes != 0 ? "written and hashed in" : "hashed in",
                      format_duration(report.emit_seconds) + rate_of(report) + " on " + taken.device);
    std::string out = table(title, rows);
    for (std::size_t i = 0; i < report.pieces.size(); ++i) {
        const snapshot::ExportedPiece& piece = report.pieces[i];
        const std::string name = "piece " + std::to_string(i + 1) + " of " + std::to_string(report.pieces.size());
        out += '\n' +
               table(piece.path ? *piece.path : name, {{"piece CID v1", commp::piece_cid_v1(piece.piece).text()},
                                                       {"piece CID v2", commp::piece_cid_v2(piece.piece).text()},
                                                       {"payload", bytes_for_people(piece.piece.payload_size)},
                                                       {"padded piece", bytes_for_people(piece.piece.padded_size)}});
    }
    return out;
}

}    // namespace filfil::cli
