// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/cut.hpp"
#include "snapshot/section_source.hpp"

#include <cstdint>
#include <vector>

namespace filfil::snapshot {

/// One piece of a CAR before it is hashed.
struct PlannedPiece {
    car::BodyRange range;              ///< of the CAR's body; the piece is the header and these sections
    std::uint64_t payload_size = 0;    ///< bytes: header and sections
    std::uint64_t padded_size = 0;     ///< the least piece that holds it, at most the piece size asked for
};

/// Cuts a CAR into pieces by the rule of car/cut.hpp, as `fil-fil car split` cuts its file.
/// @param piece_size bytes, a power of two of at least 128
/// @return at least one, in order; Error::too_small or invalid_argument as car::cut_pieces(), or what the source gives
Result<std::vector<PlannedPiece>> plan_pieces(const SectionSource& source, std::uint64_t piece_size);

}    // namespace filfil::snapshot
