// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/chunk_commitment.hpp"

#include "commp/stream.hpp"
#include "commp/tree.hpp"

namespace filfil::retrieval {
namespace {

constexpr std::uint64_t element_bytes = 32;

}    // namespace

Result<commp::Node> commit_chunk(commp::Backend& backend, ByteView payload, std::size_t chunk_quads, bool alone) {
    commp::PieceStream stream(backend);
    FILFIL_CHECK(stream.write(payload));
    FILFIL_TRY(commp::Piece piece, stream.finish());
    if (!alone) {
        FILFIL_TRY(piece, commp::pad_to(piece, std::uint64_t{chunk_quads} * commp::quad_padded));
    }
    return piece.root;
}

Result<commp::Node> root_of_chunks(std::span<const commp::Node> nodes, std::uint64_t payload_size,
                                   std::size_t chunk_quads, std::uint64_t padded_size) {
    commp::Piece piece;
    piece.payload_size = payload_size;
    if (nodes.size() == 1) {
        piece.root = nodes[0];
        piece.padded_size = ipld::padded_size_of(payload_size);
    } else {
        unsigned level = 0;
        while ((element_bytes << level) < std::uint64_t{chunk_quads} * commp::quad_padded) ++level;
        commp::Accumulator all(level);
        for (const commp::Node& node : nodes) all.push(node);
        piece.root = all.root();
        piece.padded_size = element_bytes << all.root_level();
    }
    FILFIL_TRY(const commp::Piece padded, commp::pad_to(piece, padded_size));
    return padded.root;
}

}    // namespace filfil::retrieval
