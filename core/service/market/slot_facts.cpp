// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/slot_facts.hpp"

#include "incentive/contract_types.hpp"
#include "ipld/piece_cid.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/staging.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace filfil::service {
namespace {

std::string cid_text(const contract::Piece& piece) { return ipld::piece_cid_v1(piece.root).text(); }

bool same(const contract::Piece& staged, const contract::Piece& own) {
    return staged.root == own.root && staged.raw_size == own.raw_size && staged.log2_padded == own.log2_padded;
}

/// Where they part; nothing where they do not.
std::optional<std::string> difference(const std::vector<contract::Piece>& staged,
                                      const std::vector<contract::Piece>& own) {
    for (std::size_t i = 0; i < std::min(staged.size(), own.size()); ++i) {
        if (same(staged[i], own[i])) continue;
        const std::string which = "piece " + std::to_string(i) + " of " + std::to_string(staged.size());
        if (staged[i].root != own[i].root)
            return which + " is the first that differs: here it is " + cid_text(own[i]) + " of " +
                   std::to_string(own[i].raw_size) + " bytes, staged is " + cid_text(staged[i]) + " of " +
                   std::to_string(staged[i].raw_size);
        return which + " has the staged commitment and another size: " + std::to_string(own[i].raw_size) +
               " bytes here, " + std::to_string(staged[i].raw_size) + " staged";
    }
    if (staged.size() != own.size())
        return "here it has " + std::to_string(own.size()) + " pieces, staged are " + std::to_string(staged.size());
    return std::nullopt;
}

}    // namespace

void read_slot_facts(Desk& desk, std::uint32_t slot, Desk::Handler<SlotFacts> handler) {
    desk.read<calls::SlotInfo>(
        {.slot = slot}, [&desk, slot, handler = std::move(handler)](const Result<calls::SlotInfo::Output>& info) {
            if (!info.ok()) return handler(info.error());
            SlotFacts facts{.info = *info};
            if (!facts.staged()) return handler(std::move(facts));
            std::vector<std::uint8_t> numbers;
            for (std::uint8_t i = 0; i < info->pieces; ++i) numbers.push_back(i);
            for (std::uint8_t i = 0; i < info->alternatives; ++i)
                numbers.push_back(static_cast<std::uint8_t>(i | incentive::alternative_bit));
            gather<calls::Piece::Output>(
                numbers.size(),
                [&desk, slot, &numbers](std::size_t i, const Desk::Handler<calls::Piece::Output>& one) {
                    desk.read<calls::Piece>({.slot = slot, .index = numbers[i]}, one);
                },
                [facts, numbers, handler](const Result<std::vector<calls::Piece::Output>>& pieces) mutable {
                    if (!pieces.ok()) return handler(pieces.error());
                    for (std::size_t i = 0; i < numbers.size(); ++i) {
                        const calls::Piece::Output& one = (*pieces)[i];
                        auto& list = (numbers[i] & incentive::alternative_bit) != 0 ? facts.alternative : facts.first;
                        list.push_back({.root = one.root, .raw_size = one.raw_size, .log2_padded = one.log2_padded});
                    }
                    handler(std::move(facts));
                });
        });
}

Result<bool> match(const SlotFacts& facts, const journal::SnapshotRecord& own) {
    if (!facts.staged())
        return Error(ErrorCode::busy, "nothing is staged for the slot yet",
                     "the snapshot operator stages it; nothing has to be done here");
    FILFIL_TRY(const contract::StageArgs args, stage_args(0, own, {}));
    const auto parted = difference(facts.first, args.pieces);
    if (!parted) return false;
    if (!facts.alternative.empty() && !difference(facts.alternative, args.pieces)) return true;
    const bool other_tipset = facts.info.tipset != args.tipset;
    std::string why = "the snapshot here is not the one that is staged: " + *parted;
    if (other_tipset) why += "; the staged one is of another tipset";
    return Error(ErrorCode::mismatch, std::move(why),
                 other_tipset
                     ? "look whether the node is on the right fork; the operator can stage this one beside it "
                       "as an alternative"
                     : "run fil-fil snapshot audit, and compare with a piece of somebody who holds it: fil-fil "
                       "preflight --compare");
}

Result<ipld::Digest256> root_of(const journal::PieceRecord& piece) {
    FILFIL_TRY(const ipld::PieceCidInfo info, ipld::read_piece_cid(piece.piece_cid));
    return info.root;
}

}    // namespace filfil::service
