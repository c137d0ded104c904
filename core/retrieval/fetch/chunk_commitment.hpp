// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "commp/piece.hpp"

#include <cstdint>
#include <span>

namespace filfil::retrieval {

/// The node of a piece's tree over one chunk of its payload.
/// @param chunk_quads a power of two: how many quads a chunk holds; the last one of a piece may hold less
/// @param alone the piece has no other chunk, so that the node is that of the least piece that holds it
/// @return what the backend gives
Result<commp::Node> commit_chunk(commp::Backend& backend, ByteView payload, std::size_t chunk_quads, bool alone);

/// The root of a piece of `padded_size` over the nodes of its chunks.
/// @return Error::invalid_argument where they do not fit into it
Result<commp::Node> root_of_chunks(std::span<const commp::Node> nodes, std::uint64_t payload_size,
                                   std::size_t chunk_quads, std::uint64_t padded_size);

}    // namespace filfil::retrieval
