// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "checks.hpp"

#include "base/executor.hpp"
#include "base/random.hpp"
#include "commp/stream.hpp"
#include "engine_check.hpp"
#include "ipld/sha256.hpp"
#include "reference_walk.hpp"
#include "snapshot/durable_engine.hpp"
#include "snapshot/recipe.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace filfil::sim {
namespace {

using journal::EffectRecord;
using journal::SnapshotRecord;

Result<std::vector<SnapshotRecord>> all_rows(journal::Journal& journal) {
    std::vector<SnapshotRecord> out;
    journal::SnapshotFilter filter;
    for (;;) {
        FILFIL_TRY(auto page, journal.snapshots(filter));
        if (page.empty()) return out;
        filter.before_id = page.back().id;
        std::ranges::move(page, std::back_inserter(out));
    }
}

std::string name_of(const SnapshotRecord& row) {
    return "snapshot " + std::to_string(row.id) + " of epoch " + std::to_string(row.epoch.value);
}

/// The CAR that the reference makes; empty where it finds none.
Bytes reference_car(const RecordedChain& chain, const chain::TipsetKey& head, std::int64_t recent,
                    std::size_t& blocks) {
    const reference::Walk walk = reference::walk(chain.blocks, head, {recent, true});
    if (walk.fault) return {};
    blocks = walk.order.size();
    return reference::car_bytes(chain.blocks, head, walk.order);
}

Result<commp::Piece> piece_of(ByteView header, ByteView body, commp::Backend& hasher) {
    commp::PieceStream stream(hasher);
    FILFIL_CHECK(stream.write(header));
    FILFIL_CHECK(stream.write(body));
    return stream.finish();
}

void check_row(Findings& out, const SnapshotRecord& row, const RecordedChain& chain, Files& files,
               commp::Backend& hasher, bool own_path) {
    const std::string name = name_of(row);
    const auto recipe = snapshot::parse_recipe(row.recipe);
    if (!recipe.ok()) return out.add(false, name + ": a recipe that is none: " + row.recipe);
    std::size_t blocks = 0;
    const Bytes car = reference_car(chain, row.head, static_cast<std::int64_t>(recipe->recent_stateroots), blocks);
    if (car.empty()) return out.add(false, name + ": the reference has no such snapshot");
    out.add(row.car_bytes == car.size(),
            name + ": car_bytes is " + std::to_string(row.car_bytes) + ", not " + std::to_string(car.size()));
    out.add(row.blocks == blocks, name + ": another number of blocks");
    if (row.car_sha256) {
        ipld::PortableSha256 hash;
        hash.update(car);
        out.add(*row.car_sha256 == hash.finish(), name + ": another car_sha256");
    }
    out.add(!row.pieces.empty(), name + ": has no pieces");
    const std::size_t header = car.size() - (row.pieces.empty() ? 0 : row.pieces.back().body_end);
    for (const journal::PieceRecord& piece : row.pieces) {
        if (piece.body_end > car.size() - header || piece.body_begin > piece.body_end) {
            out.add(false, name + ": a piece beyond the CAR");
            continue;
        }
        const ByteView all = car;
        const auto right = piece_of(all.first(header),
                                    all.subspan(header + piece.body_begin, piece.body_end - piece.body_begin), hasher);
        out.add(right.ok() && commp::piece_cid_v1(*right) == piece.piece_cid &&
                    right->payload_size == piece.payload_size &&
                    commp::piece_cid_v2(*right).text() == piece.piece_cid_v2,
                name + ": piece " + std::to_string(piece.number) + " has another commitment");
    }
    if (!own_path || !row.path || row.compression != "none") return;
    auto file = files.open(*row.path);
    if (!file.ok()) return out.add(false, name + ": " + file.error().text());
    Bytes there(car.size());
    const auto info = files.info(*row.path);
    const auto got = (*file)->read_at(0, there);
    out.add(info.ok() && info->size == car.size() && got.ok() && there == car, name + ": its file has other bytes");
}

}    // namespace

void check_engine(Findings& out, Files& files, const std::string& folder, const snapshot::EngineOptions& options,
                  const Clock& clock, const RecordedChain& chain, journal::Journal& journal) {
    SeededRandom random(99);
    InlineExecutor at_once;
    auto opened = snapshot::DurableEngine::open(files, folder, options, random, clock, at_once);
    if (!opened.ok()) return out.add(false, "the engine cannot be opened: " + opened.error().text());
    snapshot::Engine& engine = (*opened)->engine();
    const snapshot::EngineStats stats = engine.stats();
    out.add(stats.head == chain.last().key, "after a stop and a start the engine is at epoch " +
                                                std::to_string(stats.epoch.value) + ", not at the chain's last head");
    for (std::string& finding : reference::check_engine(engine, chain.blocks, options.recent_stateroots))
        out.add(false, finding);

    const auto rows = all_rows(journal);
    if (!rows.ok()) return out.add(false, "the journal cannot be read: " + rows.error().text());
    std::set<std::uint64_t> numbers;
    for (const auto& hold : engine.saved().holds) numbers.insert(hold.number);
    for (const SnapshotRecord& row : *rows)
        out.add(!row.hold || numbers.contains(*row.hold), name_of(row) + ": its hold is gone");
}

std::uint64_t check_snapshots(Findings& out, journal::Journal& journal, const RecordedChain& chain,
                              const Acknowledged& acknowledged, const ApiUser& user, Files& files,
                              commp::Backend& hasher) {
    const auto rows = all_rows(journal);
    if (!rows.ok()) {
        out.add(false, "the journal cannot be read: " + rows.error().text());
        return 0;
    }
    std::map<std::int64_t, const SnapshotRecord*> by_id;
    // A file is called by its head alone: another recipe's takes its place.
    std::map<std::string, int> paths;
    for (const SnapshotRecord& row : *rows) ++paths[row.path.value_or("")];
    for (const SnapshotRecord& row : *rows) {
        by_id[row.id] = &row;
        check_row(out, row, chain, files, hasher, paths[row.path.value_or("")] == 1);
    }
    for (const auto& [id, told] : acknowledged.snapshots) {
        const auto row = by_id.find(id);
        out.add(row != by_id.end() && row->second->head == told.head && row->second->recipe_hash == told.recipe_hash,
                name_of(told) + " was acknowledged by the journal, and is lost");
    }
    for (const auto& [job, told] : user.done) {
        const auto row = by_id.find(told.result.at("id").get<std::int64_t>());
        const Json& pieces = told.result.at("pieces");
        out.add(row != by_id.end() && row->second->epoch.value == told.result.at("epoch").get<std::int64_t>() &&
                    pieces.size() == row->second->pieces.size() && !pieces.empty() &&
                    row->second->pieces[0].piece_cid.text() == pieces[0].at("piece_cid").get<std::string>(),
                "the snapshot of epoch " + std::to_string(told.epoch) + " was told to be done, and is lost or another");
    }
    return rows->size();
}

std::uint64_t check_schedules(Findings& out, journal::Journal& journal, const RecordedChain& chain,
                              const Acknowledged& acknowledged, const ApiUser& user,
                              const std::set<std::string>& given_up_told) {
    std::uint64_t taken = 0;
    for (const auto& [key, start] : acknowledged.done) {
        const auto effect = journal.effect(key);
        out.add(effect.ok() && *effect && (*effect)->state == EffectRecord::State::done,
                key + " was acknowledged as done, and is not");
    }
    std::map<std::pair<std::string, std::int64_t>, std::set<unsigned>> starts;
    for (const auto& [job, told] : user.seen) starts[told].insert(job.start);
    for (const auto& [id, schedule] : user.schedules) {
        if (schedule.at("every_epochs").is_null() || !schedule.contains("first_last")) continue;
        const auto every = schedule.at("every_epochs").get<std::int64_t>();
        const bool finalized = schedule.at("finalized").get<bool>();
        std::set<std::int64_t> waiting;
        for (const Json& one : schedule.at("waiting")) waiting.insert(one.at("epoch").get<std::int64_t>());
        const std::int64_t first = schedule.at("first_last").get<std::int64_t>();
        for (std::int64_t epoch = (first / every + 1) * every; epoch <= chain.last().epoch.value; epoch += every) {
            if (epoch <= first || epoch <= 0 || waiting.contains(epoch)) continue;
            const std::string key = "schedule/" + id + "/" + std::to_string(epoch);
            const auto effect = journal.effect(key);
            if (!effect.ok()) {
                out.add(false, effect.error().text());
                continue;
            }
            const bool given_up = acknowledged.given_up.contains(key) ||
                                  given_up_told.contains("schedule " + id + ": epoch " + std::to_string(epoch)) ||
                                  (*effect && (*effect)->state == EffectRecord::State::failed) ||
                                  schedule.value("given_up_epoch", Json()) == Json(epoch);
            const bool done = *effect && (*effect)->state == EffectRecord::State::done;
            out.add(done || given_up,
                    key + " was skipped without a word" +
                        (*effect ? std::string(" (state ") + std::to_string(static_cast<int>((*effect)->state)) + ")"
                                 : ""));
            if (!done) continue;
            ++taken;
            const Json result = Json::parse((*effect)->result, nullptr, false);
            if (!result.is_object() || !result.contains("snapshot") || result.at("snapshot").is_null()) continue;
            const auto row = journal.snapshot(result.at("snapshot").get<std::int64_t>());
            if (!row.ok() || !*row) {
                out.add(false, key + ": its snapshot is not in the journal");
                continue;
            }
            // Of a null round the tipset before it is taken.
            chain::TipsetKey right;
            for (std::int64_t at = epoch; at >= 0 && right.empty(); --at) right = chain.at(Epoch{at});
            out.add(!finalized || (*row)->head == right, key + ": taken of a tipset that is not the chain's");
        }
        for (const auto& [told, in] : starts) {
            if (told.first != "schedule " + id) continue;
            const auto ended = acknowledged.done.find("schedule/" + id + "/" + std::to_string(told.second));
            if (ended == acknowledged.done.end()) continue;
            out.add(*in.rbegin() <= ended->second, ended->first + " was begun again after it was done");
        }
    }
    return taken;
}

}    // namespace filfil::sim
