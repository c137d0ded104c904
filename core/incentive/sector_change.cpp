// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/sector_change.hpp"

#include "incentive/cbor_fields.hpp"
#include "ipld/cbor_writer.hpp"

namespace filfil::incentive {
namespace {

constexpr std::string_view name = "SectorContentChanged";

Result<const ipld::Value::List*> list_of(const ipld::Value& value, std::string_view what) {
    if (const ipld::Value::List* items = value.as_list()) return items;
    return Error(ErrorCode::corrupt, std::string(name) + ": " + std::string(what) + ": a list is expected");
}

Result<PieceChange> piece_of(const ipld::Value& value) {
    FILFIL_TRY(CborFields fields, CborFields::of(value, "piece", 3));
    PieceChange out;
    FILFIL_TRY(out.piece, fields.link("CID"));
    FILFIL_TRY(out.size, fields.number("size"));
    FILFIL_TRY(out.payload, fields.bytes("payload"));
    return out;
}

Result<SectorChange> sector_of(const ipld::Value& value) {
    FILFIL_TRY(CborFields fields, CborFields::of(value, "sector", 3));
    SectorChange out;
    FILFIL_TRY(out.sector, fields.number("number"));
    FILFIL_TRY(out.until, fields.epoch("minimum commitment epoch"));
    FILFIL_TRY(const ipld::Value::List* pieces, list_of(fields.any(), "pieces"));
    for (std::size_t i = 0; i < pieces->size(); ++i) {
        auto piece = piece_of((*pieces)[i]);
        if (!piece.ok()) return std::move(piece).error().in("piece " + std::to_string(i));
        out.pieces.push_back(std::move(*piece));
    }
    return out;
}

}    // namespace

Result<Bytes> encode_sector_changes(const std::vector<SectorChange>& sectors) {
    ipld::CborWriter out;
    out.list(sectors.size());
    for (const SectorChange& sector : sectors) {
        out.list(3);
        out.number(sector.sector);
        const ipld::Integer until(sector.until);
        out.head(until.negative ? ipld::cbor_negative : ipld::cbor_unsigned, until.magnitude);
        out.list(sector.pieces.size());
        for (const PieceChange& piece : sector.pieces) {
            if (piece.piece.empty()) return Error(ErrorCode::invalid_argument, "a piece of a sector has no CID");
            out.list(3);
            out.link(piece.piece.bytes());
            out.number(piece.size);
            out.string(piece.payload);
        }
    }
    return to_bytes(out.bytes());
}

Result<std::vector<SectorChange>> decode_sector_changes(ByteView bytes) {
    FILFIL_TRY(const ipld::Value value, read_cbor(bytes, name));
    FILFIL_TRY(const ipld::Value::List* sectors, list_of(value, "sectors"));
    std::vector<SectorChange> out;
    for (std::size_t i = 0; i < sectors->size(); ++i) {
        auto sector = sector_of((*sectors)[i]);
        if (!sector.ok()) return std::move(sector).error().in(std::string(name) + ": sector " + std::to_string(i));
        out.push_back(std::move(*sector));
    }
    return out;
}

Bytes encode_taken(const std::vector<std::vector<bool>>& taken) {
    ipld::CborWriter out;
    out.list(taken.size());
    for (const std::vector<bool>& sector : taken) {
        out.list(sector.size());
        for (const bool piece : sector) out.boolean(piece);
    }
    return to_bytes(out.bytes());
}

Result<std::vector<std::vector<bool>>> decode_taken(ByteView bytes) {
    FILFIL_TRY(const ipld::Value value, read_cbor(bytes, name));
    FILFIL_TRY(const ipld::Value::List* sectors, list_of(value, "answer"));
    std::vector<std::vector<bool>> out;
    for (const ipld::Value& sector : *sectors) {
        FILFIL_TRY(const ipld::Value::List* pieces, list_of(sector, "answer for a sector"));
        std::vector<bool>& taken = out.emplace_back();
        for (const ipld::Value& piece : *pieces) {
            const bool* one = piece.as_bool();
            if (one == nullptr)
                return Error(ErrorCode::corrupt, std::string(name) + ": an answer is neither true nor false");
            taken.push_back(*one);
        }
    }
    return out;
}

}    // namespace filfil::incentive
