// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace filfil::car {

/// What the cut rule has to know of a CARv1.
struct CarShape {
    std::uint64_t header_size = 0;    ///< H: bytes of the header with its varint; every piece begins with it
    std::uint64_t body_size = 0;      ///< B: bytes of all sections
};

/// A run of whole sections: bytes of the body, end exclusive.
struct BodyRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool operator==(const BodyRange&) const = default;
};

/// The first section boundary at or behind a byte of the body: 0 for 0, B for B, never less than asked.
using BoundaryAt = std::function<Result<std::uint64_t>(std::uint64_t)>;

/// Cuts a CARv1 into pieces, each of them a CARv1 again: the same header, then whole sections. A pure function of the
/// shape, the boundaries and the piece size, so that everyone cuts the same CAR alike (docs/architecture.md, "Pieces"):
///
/// With U the payload that a piece of `piece_size` holds (piece_size / 128 · 127), take n = ceil((B + H) / U) pieces.
/// Cut i, for i from 1 to n - 1, is the first section boundary at or behind ceil(i · B / n). If a piece with its header
/// is larger than U, try n + 1, and so on.
///
/// Where a section reaches over more than one cut, those cuts fall together (or on the end of the body); a piece
/// between them would be empty and is left out, so that there may be fewer pieces than n. A CAR without sections is one
/// piece of the header alone.
///
/// A section that does not fit beside the header can be in no piece; and where sections are nearly as large as U the
/// rule may find no cut up to n = 4 B / (U - H) + 4100. Both are Error::too_small: the piece size is too small for this
/// CAR. Snapshots, whose sections have at most 8 MiB, always fit into pieces of 32 MiB and more.
///
/// @param piece_size bytes, a power of two, at least 128. Else Error::invalid_argument
/// @return at least one range; together they are the body, in order
Result<std::vector<BodyRange>> cut_pieces(CarShape shape, std::uint64_t piece_size, const BoundaryAt& boundary_at);

}    // namespace filfil::car
