// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/pieces.hpp"

#include "ipld/piece_cid.hpp"

namespace filfil::snapshot {

Result<std::vector<PlannedPiece>> plan_pieces(const SectionSource& source, std::uint64_t piece_size) {
    const std::uint64_t header_size = source.header().size();
    FILFIL_TRY(const std::vector<car::BodyRange> ranges,
               car::cut_pieces({header_size, source.body_size()}, piece_size,
                               [&](std::uint64_t offset) { return source.boundary_at(offset); }));
    std::vector<PlannedPiece> pieces;
    pieces.reserve(ranges.size());
    for (const car::BodyRange& range : ranges) {
        const std::uint64_t payload = header_size + (range.end - range.begin);
        pieces.push_back({range, payload, ipld::padded_size_of(payload)});
    }
    return pieces;
}

}    // namespace filfil::snapshot
