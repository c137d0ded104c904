// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/staged_pieces.hpp"

#include "incentive/contract_types.hpp"
#include "ipld/piece_cid.hpp"
#include "service/incentive/gather.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace filfil::service {
namespace {

using incentive::alternative_bit;
constexpr unsigned least_log2 = 7;
constexpr unsigned most_log2 = 62;
constexpr std::size_t asked_at_once = 16;

Result<StagedPiece> staged_piece(std::uint8_t index, const calls::Piece::Output& piece) {
    if (piece.log2_padded < least_log2 || piece.log2_padded > most_log2)
        return Error(ErrorCode::corrupt, "the contract has a piece of 2^" + std::to_string(piece.log2_padded) +
                                             " bytes, which no piece has");
    StagedPiece out{.index = index, .piece_cid = {}};
    std::ranges::copy(piece.root, out.root.begin());
    out.piece_cid = ipld::piece_cid_v1(out.root);
    out.payload_size = piece.raw_size;
    out.padded_size = std::uint64_t{1} << piece.log2_padded;
    return out;
}

}    // namespace

void read_staged_piece(Desk& desk, std::uint32_t slot, std::uint8_t index, Desk::Handler<StagedPiece> handler) {
    desk.read<calls::Piece>({.slot = slot, .index = index},
                            [index, handler = std::move(handler)](const Result<calls::Piece::Output>& piece) {
                                if (!piece.ok()) return handler(piece.error());
                                handler(staged_piece(index, *piece));
                            });
}

void read_staged(Desk& desk, std::uint32_t slot, Desk::Handler<StagedSlot> handler) {
    desk.read<calls::SlotInfo>(
        {.slot = slot}, [&desk, slot, handler = std::move(handler)](const Result<calls::SlotInfo::Output>& info) {
            if (!info.ok()) return handler(info.error());
            const auto indices = std::make_shared<std::vector<std::uint8_t>>();
            for (unsigned i = 0; i < info->pieces; ++i) indices->push_back(static_cast<std::uint8_t>(i));
            for (unsigned i = 0; i < info->alternatives; ++i)
                indices->push_back(static_cast<std::uint8_t>(i | alternative_bit));
            gather_by<StagedPiece>(
                asked_at_once, indices->size(),
                [&desk, slot, indices](std::size_t i, const Desk::Handler<StagedPiece>& one) {
                    read_staged_piece(desk, slot, (*indices)[i], one);
                },
                [slot, info = *info, handler](Result<std::vector<StagedPiece>> pieces) {
                    if (!pieces.ok()) return handler(std::move(pieces).error());
                    handler(StagedSlot{.slot = slot, .info = info, .pieces = *std::move(pieces)});
                });
        });
}

rpc::Json json_of(const StagedPiece& piece) {
    const auto second = ipld::piece_cid_v2(piece.root, piece.payload_size, piece.padded_size);
    return {{"piece", piece.index & ~alternative_bit},
            {"piece_cid", piece.piece_cid.text()},
            {"piece_cid_v2", second.ok() ? rpc::Json(second->text()) : rpc::Json(nullptr)},
            {"payload_size", piece.payload_size},
            {"padded_size", piece.padded_size}};
}

}    // namespace filfil::service
