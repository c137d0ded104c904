// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/piece_catalog.hpp"

#include "snapshot/file_name.hpp"

#include <utility>

namespace filfil::service {

std::uint64_t header_size_of(const journal::SnapshotRecord& snapshot) noexcept {
    if (snapshot.pieces.empty()) return 0;
    const journal::PieceRecord& piece = snapshot.pieces.front();
    return piece.payload_size - (piece.body_end - piece.body_begin);
}

std::vector<std::vector<FilePlace>> file_places(const journal::SnapshotRecord& snapshot, std::uint64_t header_size) {
    std::vector<std::vector<FilePlace>> out;
    for (const journal::PieceRecord& piece : snapshot.pieces) {
        std::vector<FilePlace>& places = out.emplace_back();
        if (piece.path)
            places.push_back({.path = *piece.path, .file_size = piece.payload_size, .of_car = std::nullopt});
        if (snapshot.path && snapshot.compression == "none")
            places.push_back({.path = *snapshot.path,
                              .file_size = snapshot.car_bytes,
                              .of_car = FilePlace::OfCar{header_size, {piece.body_begin, piece.body_end}}});
    }
    return out;
}

void PieceCatalog::set_engine(std::shared_ptr<snapshot::DurableEngine> engine) {
    const std::lock_guard lock(m_mutex);
    m_engine.swap(engine);
}

void PieceCatalog::put(const journal::SnapshotRecord& snapshot, std::shared_ptr<HeldSnapshot> held,
                       std::uint64_t header_size) {
    auto places = file_places(snapshot, header_size);
    const std::string stem = snapshot::file_stem(snapshot.network, snapshot.epoch, snapshot.head);
    remove(snapshot.id);
    const std::lock_guard lock(m_mutex);
    for (std::size_t i = 0; i < snapshot.pieces.size(); ++i) {
        const journal::PieceRecord& piece = snapshot.pieces[i];
        if (!held && places[i].empty()) continue;
        m_pieces[piece.piece_cid][snapshot.id] = {
            .payload_size = piece.payload_size,
            .padded_size = piece.padded_size,
            .file_name = snapshot::piece_file_name(stem, i + 1, snapshot.pieces.size()),
            .held = held,
            .range = {piece.body_begin, piece.body_end},
            .places = std::move(places[i])};
    }
}

void PieceCatalog::remove(std::int64_t snapshot) {
    const std::lock_guard lock(m_mutex);
    for (auto piece = m_pieces.begin(); piece != m_pieces.end();) {
        piece->second.erase(snapshot);
        piece = piece->second.empty() ? m_pieces.erase(piece) : std::next(piece);
    }
}

Result<std::optional<retrieval::ServedPiece>> PieceCatalog::find(const ipld::Cid& piece_cid) {
    std::map<std::int64_t, Entry> entries;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_pieces.find(piece_cid);
        if (found == m_pieces.end()) return std::optional<retrieval::ServedPiece>();
        entries = found->second;
    }
    const auto served = [&](const Entry& entry, std::shared_ptr<const retrieval::PieceBytes> bytes) {
        return std::optional(retrieval::ServedPiece{.piece_cid = piece_cid,
                                                    .payload_size = entry.payload_size,
                                                    .padded_size = entry.padded_size,
                                                    .file_name = entry.file_name,
                                                    .bytes = std::move(bytes)});
    };
    const auto from_memory = [&](const Entry& entry) {
        return served(entry, std::make_shared<LayoutBytes>(entry.held, entry.range, entry.payload_size));
    };
    for (const auto& [snapshot, entry] : entries)
        if (entry.held && entry.held->laid_out()) return from_memory(entry);
    std::optional<Error> why;
    for (const auto& [snapshot, entry] : entries)
        for (const FilePlace& place : entry.places) {
            auto bytes = open_file_bytes(m_files, place, entry.payload_size);
            if (bytes.ok()) return served(entry, *std::move(bytes));
            why = std::move(bytes).error();
        }
    for (const auto& [snapshot, entry] : entries)
        if (entry.held) return from_memory(entry);
    if (why) return *std::move(why);
    return std::optional<retrieval::ServedPiece>();
}

Result<std::optional<Bytes>> PieceCatalog::block(const ipld::Cid& cid) {
    std::shared_ptr<snapshot::DurableEngine> engine;
    {
        const std::lock_guard lock(m_mutex);
        engine = m_engine;
    }
    if (!engine || cid.empty()) return std::optional<Bytes>();
    // While the reader is there the memory of sections that die or move is not given back, and none is ever changed: so
    // what is found can be copied without a pin.
    const snapshot::BlockStore::Reader reader(engine->engine().store());
    const auto section = reader.find(cid.bytes());
    if (!section) return std::optional<Bytes>();
    return std::optional(to_bytes(section->data));
}

retrieval::Catalog::Counts PieceCatalog::counts() const {
    const std::lock_guard lock(m_mutex);
    Counts out;
    for (const auto& [cid, entries] : m_pieces) {
        bool in_memory = false;
        bool in_file = false;
        for (const auto& [snapshot, entry] : entries) {
            in_memory = in_memory || (entry.held && entry.held->laid_out());
            in_file = in_file || !entry.places.empty();
        }
        out.in_memory += in_memory ? 1 : 0;
        out.in_files += in_file ? 1 : 0;
    }
    return out;
}

}    // namespace filfil::service
