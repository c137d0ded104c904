// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/house.hpp"
#include "service/incentive/endpoint_url.hpp"

#include <cstdint>
#include <optional>

namespace filfil::service {

/// Where the pieces that are here part from those that are staged.
struct PieceSearch {
    std::optional<std::uint64_t> epoch{};    ///< of the snapshot; nothing: the one that an own window wants next
    std::optional<ServedEndpoint> from{};    ///< who serves the staged piece; nothing: who holds it, by its endpoint
};

/// Starts a job "compare_pieces". It ends with {"slot", "epoch", "snapshot", "same", "alternative", "tipset_differs",
/// "own_pieces", "staged_pieces", "piece", "own", "staged", "served", "from", "failed", "compared", "offset",
/// "section", "in_header", "own_block", "staged_block", "sentence"}; null for what is not known. docs/api.md tells
/// which is what.
Result<std::uint64_t> start_piece_search(House& house, Desk& desk, const PieceSearch& search);

}    // namespace filfil::service
