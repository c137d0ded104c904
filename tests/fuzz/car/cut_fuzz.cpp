// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/boundary_map.hpp"
#include "car/cut.hpp"
#include "ipld/piece_cid.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::car;
using filfil::fuzz::require;

/// Sections of any sizes: the cuts are boundaries, the pieces fit, are not empty, and together are the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::uint64_t piece_size = std::uint64_t{512} << (data[0] % 10);
    const std::uint64_t header = 1 + data[1];
    const std::uint64_t scale = 1 + data[2] % 8;
    BoundaryMap map;
    std::vector<std::uint64_t> boundaries{0};
    for (std::size_t i = 3; i < std::min<std::size_t>(size, 120); ++i) {
        const std::uint64_t length = 1 + data[i] * scale;
        map.add(length);
        boundaries.push_back(boundaries.back() + length);
    }
    const CarShape shape{header, map.total()};
    const auto ranges = cut_pieces(shape, piece_size, [&](std::uint64_t at) -> Result<std::uint64_t> {
        const std::uint64_t found = map.first_at(at);
        require(found == *std::ranges::lower_bound(boundaries, at), "the map gives the first boundary");
        return found;
    });
    const std::uint64_t room = ipld::capacity_of(piece_size) - header;
    std::uint64_t largest = 0;
    for (std::size_t i = 1; i < boundaries.size(); ++i) largest = std::max(largest, boundaries[i] - boundaries[i - 1]);
    if (!ranges.ok()) {
        require(ranges.error().code == ErrorCode::too_small, "only a piece that is too small is refused");
        require(2 * largest + 2 > room, "sections up to half of the room are always cut");
        return 0;
    }
    require(largest <= room, "a section that fits nowhere is refused");
    std::uint64_t place = 0;
    for (const BodyRange& range : *ranges) {
        require(range.begin == place && std::ranges::binary_search(boundaries, range.end),
                "pieces follow each other at boundaries");
        require(range.end - range.begin <= room, "a piece with its header fits");
        require(range.end > range.begin || map.total() == 0, "no piece is empty");
        place = range.end;
    }
    require(place == map.total() && !ranges->empty(), "the pieces are the body");
    return 0;
}
