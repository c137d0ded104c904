// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "samples.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace filfil::journal {
namespace {

template <class T>
std::string maybe(const std::optional<T>& value) {
    std::ostringstream out;
    if (value)
        out << *value;
    else
        out << "-";
    return out.str();
}

std::string number(Clock::Duration time) { return std::to_string(time.count()); }

}    // namespace

ipld::Digest256 make_digest(unsigned seed) { return ipld::blake2b_256(bytes_of("digest " + std::to_string(seed))); }

ipld::Cid make_block_cid(unsigned seed) {
    return ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of("block " + std::to_string(seed)));
}

ipld::Cid make_piece_cid(unsigned seed) {
    const ipld::Digest256 digest = make_digest(seed + 7000);
    return {ipld::Codec::fil_commitment_unsealed, {ipld::HashCode::sha2_256_trunc254_padded, digest}};
}

SnapshotRecord make_snapshot(unsigned seed, unsigned pieces) {
    SnapshotRecord out;
    out.network = "calibnet";
    out.epoch = Epoch{1000 + static_cast<std::int64_t>(seed)};
    out.head = {make_block_cid(2 * seed), make_block_cid(2 * seed + 1)};
    out.recipe = "v1,n=2000,skip,32GiB";
    out.recipe_hash = make_digest(1);
    out.roots = out.head;
    out.blocks = 100 + seed;
    out.car_bytes = (1ULL << 40) + seed;
    out.car_sha256 = make_digest(seed + 100);
    out.path = "/data/snapshot-" + std::to_string(seed) + "-größe.car";
    out.compression = "zstd";
    out.hold = 40 + seed;
    out.device = "cuda:0";
    out.layout_seconds = 0.5 + seed;
    out.emit_seconds = 0.25;
    out.taken_at = std::chrono::nanoseconds(1'700'000'000'123'456'789 + seed);
    for (unsigned i = 0; i < pieces; ++i)
        out.pieces.push_back({.number = i,
                              .piece_cid = make_piece_cid(100 * seed + i),
                              .piece_cid_v2 = "bafkzcib" + std::to_string(seed),
                              .payload_size = 1000 + i,
                              .padded_size = 2048,
                              .body_begin = 100ULL * i,
                              .body_end = 100ULL * (i + 1),
                              .path = "/data/piece-" + std::to_string(i) + ".car"});
    return out;
}

SnapshotRecord without_optionals(SnapshotRecord snapshot) {
    snapshot.car_sha256.reset();
    snapshot.path.reset();
    snapshot.hold.reset();
    for (PieceRecord& piece : snapshot.pieces) piece.path.reset();
    return snapshot;
}

ReceiptRecord make_receipt(unsigned seed) {
    return {.key = make_digest(seed + 500),
            .task = "commp",
            .description = to_bytes(bytes_of("what is done " + std::to_string(seed))),
            .result = to_bytes(bytes_of("what came of it " + std::to_string(seed))),
            .device = "cpu:avx512",
            .seconds = 1.5 + seed,
            .made_at = std::chrono::nanoseconds(99 + seed)};
}

std::string text_of(const SnapshotRecord& snapshot) {
    std::ostringstream out;
    out << "snapshot " << snapshot.id << " " << snapshot.network << " " << snapshot.epoch.value << " ["
        << chain::text_of(snapshot.head) << "] " << snapshot.recipe << " " << to_hex(snapshot.recipe_hash) << " ["
        << chain::text_of(snapshot.roots) << "] " << snapshot.blocks << " " << snapshot.car_bytes << " "
        << (snapshot.car_sha256 ? to_hex(*snapshot.car_sha256) : "-") << " " << maybe(snapshot.path) << " "
        << snapshot.compression << " " << maybe(snapshot.hold) << " " << snapshot.device << " "
        << snapshot.layout_seconds << " " << snapshot.emit_seconds << " " << number(snapshot.taken_at) << "\n";
    for (const PieceRecord& piece : snapshot.pieces)
        out << "  piece " << piece.number << " " << piece.piece_cid.text() << " " << piece.piece_cid_v2 << " "
            << piece.payload_size << " " << piece.padded_size << " " << piece.body_begin << " " << piece.body_end << " "
            << maybe(piece.path) << "\n";
    return out.str();
}

std::string text_of(const ReceiptRecord& receipt) {
    std::ostringstream out;
    out << "receipt " << to_hex(receipt.key) << " " << receipt.task << " " << to_hex(receipt.description) << " "
        << to_hex(receipt.result) << " " << receipt.device << " " << receipt.seconds << " " << number(receipt.made_at)
        << "\n";
    return out.str();
}

std::string text_of(const EffectRecord& effect) {
    std::ostringstream out;
    out << "effect " << effect.key << " " << effect.kind << " " << static_cast<int>(effect.state) << " "
        << effect.request << " '" << effect.result << "' " << effect.attempts << " " << number(effect.first_at) << " "
        << number(effect.last_at) << "\n";
    return out.str();
}

std::string text_of(const EventRecord& event) {
    std::ostringstream out;
    out << "event " << event.block << "/" << event.index << " " << event.name << " "
        << (event.slot ? std::to_string(*event.slot) : "-") << " " << (event.miner ? std::to_string(*event.miner) : "-")
        << " " << event.fields << "\n";
    return out.str();
}

EventRecord make_event(std::uint64_t block, std::uint64_t index) {
    return {.block = block,
            .index = index,
            .name = index % 2 == 0 ? "Settled" : "Missed",
            .slot = 65536 + block % 3,
            .miner = 1000 + index % 3,
            .fields = "{\"at\":\"" + std::to_string(block) + "/" + std::to_string(index) + "\"}"};
}

DealRecord make_deal(unsigned seed) {
    return {.contract = "0x00000000000000000000000000000000000000c1",
            .miner = 1000 + seed % 3,
            .slot = 65536 + seed % 4,
            .piece = seed,
            .attempt = 2,
            .market = "curio-mk20",
            .market_id = "01HXgröße" + std::to_string(seed),
            .stage = "sealing",
            .open = true,
            .target = Epoch{5000 + static_cast<std::int64_t>(seed)},
            .opens = Epoch{5900},
            .closes = Epoch{8780},
            .piece_cid = make_piece_cid(seed),
            .payload_size = 1001 + seed,
            .padded_size = 2048,
            .snapshot = 3 + seed,
            .sector = 70 + seed,
            .order = R"({"client":"f01000"})",
            .status = R"({"state":"sealing"})",
            .error = R"({"code":"busy"})",
            .begun_at = std::chrono::nanoseconds(1'700'000'000'123'456'789 + seed),
            .changed_at = std::chrono::nanoseconds(1'700'000'001'123'456'789 + seed)};
}

DealRecord without_optionals(DealRecord deal) {
    deal.piece_cid.reset();
    deal.snapshot.reset();
    deal.sector.reset();
    return deal;
}

DealStepRecord make_step(unsigned seed, const std::string& kind) {
    return {.kind = kind,
            .name = "step-" + std::to_string(seed),
            .at = std::chrono::nanoseconds(1'700'000'000'000'000'001 + seed),
            .epoch = seed % 3 == 0 ? std::optional<Epoch>() : Epoch{6000 + static_cast<std::int64_t>(seed)},
            .details = "{\"seed\":" + std::to_string(seed) + "}"};
}

std::string text_of(const DealRecord& deal) {
    std::ostringstream out;
    out << "deal " << deal.id << " " << deal.contract << " " << deal.miner << " " << deal.slot << "/" << deal.piece
        << "/" << deal.attempt << " " << deal.market << " '" << deal.market_id << "' " << deal.stage << " " << deal.open
        << " " << deal.target.value << " " << deal.opens.value << " " << deal.closes.value << " "
        << (deal.piece_cid ? deal.piece_cid->text() : "-") << " " << deal.payload_size << " " << deal.padded_size << " "
        << maybe(deal.snapshot) << " " << maybe(deal.sector) << " '" << deal.order << "' '" << deal.status << "' '"
        << deal.error << "' " << number(deal.begun_at) << " " << number(deal.changed_at) << "\n";
    return out.str();
}

std::string text_of(const DealStepRecord& step) {
    return "  step " + std::to_string(step.number) + " " + step.kind + " " + step.name + " " + number(step.at) + " " +
           (step.epoch ? std::to_string(step.epoch->value) : "-") + " " + step.details + "\n";
}

std::string deals_of(Journal& journal) {
    const auto deals = journal.deals({.limit = 1'000'000});
    if (!deals.ok()) return deals.error().text() + "\n";
    std::string out;
    for (const DealRecord& deal : *deals) {
        out += text_of(deal);
        const auto steps = journal.deal_steps(deal.id);
        if (!steps.ok()) return out + steps.error().text() + "\n";
        for (const DealStepRecord& step : *steps) out += text_of(step);
    }
    return out;
}

std::string look_of(Journal& journal, unsigned seeds) {
    std::string out;
    const auto add_all = [&](const auto& found) {
        if (!found.ok()) {
            out += found.error().text() + "\n";
            return;
        }
        for (const auto& record : *found) out += text_of(record);
    };
    const auto add_one = [&](const auto& found) {
        if (!found.ok())
            out += found.error().text() + "\n";
        else if (*found)
            out += text_of(**found);
    };
    add_all(journal.snapshots({.limit = 1'000'000}));
    for (unsigned i = 0; i < seeds; ++i) {
        const auto snapshot = make_snapshot(i, 1);
        add_one(journal.find_snapshot(snapshot.head, snapshot.recipe_hash));
        add_all(journal.snapshots_with_piece(snapshot.pieces[0].piece_cid));
        add_one(journal.receipt(make_digest(i + 500)));
        add_one(journal.effect("effect-" + std::to_string(i)));
        const std::string log = "log-" + std::to_string(i);
        const auto cursor = journal.events_cursor(log);
        if (!cursor.ok())
            out += cursor.error().text() + "\n";
        else if (*cursor)
            out += log + " '" + **cursor + "'\n";
        add_all(journal.events(log, {.limit = 1'000'000}));
        const auto setting = journal.setting("setting-" + std::to_string(i));
        if (!setting.ok())
            out += setting.error().text() + "\n";
        else if (*setting)
            out += "setting " + std::to_string(i) + " '" + **setting + "'\n";
    }
    add_all(journal.open_effects());
    out += deals_of(journal);
    return out;
}

std::unique_ptr<Journal> must_open(const std::string& path, const Clock& clock, const SqliteOptions& options) {
    auto journal = open_sqlite_journal(path, clock, options);
    if (journal.ok()) return *std::move(journal);
    ADD_FAILURE() << journal.error().text();
    return nullptr;
}

Error must_not_open(const std::string& path, const SqliteOptions& options) {
    const SetClock clock;
    auto journal = open_sqlite_journal(path, clock, options);
    if (!journal.ok()) return journal.error();
    ADD_FAILURE() << path << ": was opened";
    return {ErrorCode::internal, "was opened"};
}

}    // namespace filfil::journal
