// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/snapshot_request.hpp"

#include "service/or_null.hpp"
#include "service/times.hpp"

namespace filfil::service {
namespace {

using rpc::Json;

Json texts_of(const std::vector<ipld::Cid>& cids) {
    Json out = Json::array();
    for (const ipld::Cid& cid : cids) out.push_back(cid.text());
    return out;
}

Json json_of_recipe(const journal::SnapshotRecord& snapshot, std::uint64_t& recent_stateroots) {
    const auto recipe = snapshot::parse_recipe(snapshot.recipe);
    if (!recipe.ok()) return {{"text", snapshot.recipe}, {"hash", to_hex(snapshot.recipe_hash)}};
    recent_stateroots = recipe->recent_stateroots;
    return {{"format", snapshot::name_of(recipe->format)},
            {"recent_stateroots", recipe->recent_stateroots},
            {"skip_old_msgs", recipe->skip_old_msgs},
            {"piece_size", recipe->piece_size},
            {"hash", to_hex(snapshot.recipe_hash)}};
}

}    // namespace

Json json_of_taken(const journal::SnapshotRecord& snapshot, const TakenTimes& times, bool with_paths) {
    std::uint64_t recent_stateroots = 0;
    Json recipe = json_of_recipe(snapshot, recent_stateroots);
    Json pieces = Json::array();
    for (const journal::PieceRecord& piece : snapshot.pieces)
        pieces.push_back({{"path", with_paths ? or_null(piece.path) : Json(nullptr)},
                          {"piece_cid", piece.piece_cid.text()},
                          {"piece_cid_v2", piece.piece_cid_v2},
                          {"payload_size", piece.payload_size},
                          {"padded_size", piece.padded_size}});
    Json out = {{"head", texts_of(snapshot.head)},
                {"epoch", snapshot.epoch.value},
                {"recent_stateroots", recent_stateroots},
                {"recipe", std::move(recipe)},
                {"blocks", snapshot.blocks},
                {"car_bytes", snapshot.car_bytes},
                {"root_cids", texts_of(snapshot.roots)},
                {"pieces", std::move(pieces)},
                {"load_seconds", 0.0},
                {"layout_seconds", rounded_seconds(times.layout_seconds)},
                {"emit_seconds", rounded_seconds(times.emit_seconds)}};
    if (snapshot.car_sha256) out["car_sha256"] = to_hex(*snapshot.car_sha256);
    out["id"] = snapshot.id;
    out["network"] = snapshot.network;
    out["path"] = or_null(snapshot.path);
    out["compression"] = snapshot.compression;
    out["hold"] = or_null(snapshot.hold);
    out["device"] = snapshot.device;
    out["reused"] = times.reused;
    return out;
}

Json json_of(const journal::SnapshotRecord& snapshot) {
    Json out = json_of_taken(snapshot, {snapshot.layout_seconds, snapshot.emit_seconds, false}, true);
    out.erase("reused");
    out["taken_at"] = seconds_of(snapshot.taken_at);
    return out;
}

}    // namespace filfil::service
