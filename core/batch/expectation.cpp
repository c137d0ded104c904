// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/expectation.hpp"

#include "ipld/piece_cid.hpp"

namespace filfil::batch {

Result<bool> is_expected_piece(const commp::Piece& piece, std::string_view expected_cid) {
    FILFIL_TRY(const ipld::Cid cid, ipld::Cid::parse(expected_cid));
    FILFIL_TRY(const ipld::PieceCidInfo expected, ipld::read_piece_cid(cid));
    if (expected.payload_size) {
        if (*expected.payload_size != piece.payload_size || *expected.padded_size < piece.padded_size) return false;
        FILFIL_TRY(const commp::Piece padded, commp::pad_to(piece, *expected.padded_size));
        return padded.root == expected.root;
    }
    for (std::uint64_t size = piece.padded_size; size != 0 && size <= std::uint64_t{1} << 62; size *= 2) {
        FILFIL_TRY(const commp::Piece padded, commp::pad_to(piece, size));
        if (padded.root == expected.root) return true;
    }
    return false;
}

}    // namespace filfil::batch
