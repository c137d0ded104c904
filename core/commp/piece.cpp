// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/piece.hpp"

#include "base/units.hpp"
#include "commp/tree.hpp"

#include <bit>
#include <string>
#include <vector>

namespace filfil::commp {
namespace {

constexpr std::uint64_t max_padded = std::uint64_t{1} << 62;

bool is_piece_size(std::uint64_t size) noexcept {
    return std::has_single_bit(size) && size >= quad_padded && size <= max_padded;
}

struct Aligned {
    Node root;
    std::uint64_t size;
};

}    // namespace

Result<Piece> pad_to(const Piece& piece, std::uint64_t padded_size) {
    if (!is_piece_size(padded_size))
        return Error(ErrorCode::invalid_argument,
                     "padded size " + std::to_string(padded_size) + " is no power of two from 128 to 2^62",
                     "give a power of two, for example 32GiB");
    if (padded_size < piece.padded_size)
        return Error(ErrorCode::invalid_argument,
                     "padded size " + std::to_string(padded_size) + " is smaller than the piece's own " +
                         std::to_string(piece.padded_size),
                     "give " + format_size(piece.padded_size) + " or a larger power of two");
    Piece padded = piece;
    for (; padded.padded_size < padded_size; padded.padded_size *= 2)
        padded.root = parent_of(padded.root, zero_node(ipld::height_of(padded.padded_size)));
    return padded;
}

Result<Node> sector_comm_d(std::span<const Piece> pieces, std::uint64_t sector_size) {
    if (!is_piece_size(sector_size))
        return Error(ErrorCode::invalid_argument,
                     "sector size " + std::to_string(sector_size) + " is no power of two from 128 to 2^62",
                     "give the sector's padded size, for example 32GiB");
    std::vector<Aligned> stack;
    std::uint64_t used = 0;
    const auto push = [&](const Node& root, std::uint64_t size) {
        stack.push_back({root, size});
        used += size;
        while (stack.size() >= 2 && stack[stack.size() - 1].size == stack[stack.size() - 2].size) {
            const Aligned right = stack.back();
            stack.pop_back();
            stack.back() = {parent_of(stack.back().root, right.root), right.size * 2};
        }
    };
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Piece& piece = pieces[i];
        if (!is_piece_size(piece.padded_size))
            return Error(ErrorCode::invalid_argument, "piece " + std::to_string(i) + " has a padded size of " +
                                                          std::to_string(piece.padded_size) +
                                                          ", which is no power of two from 128 to 2^62");
        while (!stack.empty() && stack.back().size < piece.padded_size)
            push(zero_node(ipld::height_of(stack.back().size)), stack.back().size);
        if (piece.padded_size > sector_size || used > sector_size - piece.padded_size)
            return Error(ErrorCode::too_large,
                         "piece " + std::to_string(i) + " of " + std::to_string(piece.padded_size) +
                             " bytes does not fit: the pieces before it, aligned, take " + std::to_string(used) +
                             " of the sector's " + std::to_string(sector_size),
                         "order pieces from large to small, or use a larger sector");
        push(piece.root, piece.padded_size);
    }
    if (stack.empty()) return zero_node(ipld::height_of(sector_size));
    while (stack.back().size < sector_size) push(zero_node(ipld::height_of(stack.back().size)), stack.back().size);
    return stack.back().root;
}

ipld::Cid piece_cid_v1(const Piece& piece) { return ipld::piece_cid_v1(piece.root); }

ipld::Cid piece_cid_v2(const Piece& piece) {
    // A Piece is made by this library and its sizes fit each other; the empty CID marks one that a caller made wrong.
    auto cid = ipld::piece_cid_v2(piece.root, piece.payload_size, piece.padded_size);
    return cid.ok() ? std::move(cid).value() : ipld::Cid();
}

}    // namespace filfil::commp
