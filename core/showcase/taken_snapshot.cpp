// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/taken_snapshot.hpp"

#include "base/units.hpp"
#include "chain/tipset.hpp"
#include "commp/stream.hpp"
#include "ipld/digest.hpp"
#include "ipld/piece_cid.hpp"
#include "node/devnet/car_walk.hpp"

#include <bit>

namespace filfil::showcase {
namespace {

constexpr std::size_t part_size = MiB;

}    // namespace

Result<incentive::contract::StageArgs> take_snapshot(node::DevnetChain& chain, const node::DevnetChain::Known& tipset,
                                                     const snapshot::Recipe& recipe, commp::Backend& backend) {
    if (recipe.format != snapshot::Format::v1)
        return Error(ErrorCode::unsupported, "a played operator takes snapshots of format v1 alone");
    node::CarWalk walk(chain, tipset, static_cast<std::int64_t>(recipe.recent_stateroots), recipe.skip_old_msgs);
    commp::PieceStream stream(backend);
    for (;;) {
        FILFIL_TRY(const Bytes part, walk.next(part_size));
        if (part.empty()) break;
        FILFIL_CHECK(stream.write(part));
    }
    FILFIL_TRY(const commp::Piece piece, stream.finish());
    if (piece.payload_size > ipld::capacity_of(recipe.piece_size))
        return Error(ErrorCode::unsupported,
                     "the snapshot of epoch " + std::to_string(tipset.epoch.value) +
                         " does not fit into one piece of " + format_size(recipe.piece_size),
                     "let the devnet's chain be smaller: --state, --tipset");
    incentive::contract::StageArgs out;
    out.epoch = static_cast<std::uint64_t>(tipset.epoch.value);
    out.tipset = ipld::blake2b_256(chain::bytes_of_key(tipset.key));
    out.recipe = snapshot::hash_of(recipe);
    const ByteView root = tipset.key.front().bytes();
    out.payload.assign(root.begin(), root.end());
    incentive::contract::Piece one;
    one.root = piece.root;
    one.raw_size = piece.payload_size;
    one.log2_padded = static_cast<std::uint8_t>(std::countr_zero(piece.padded_size));
    out.pieces.push_back(one);
    return out;
}

}    // namespace filfil::showcase
