// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/sha256_node.hpp"
#include "gpu/tile_variant.hpp"

namespace filfil::gpu {

/// Calls `body` with the NodeVariant that `variant` names: the one place where numbers become code.
template <class Body>
auto with_variant(TileVariant variant, const Body& body) {
    switch (variant) {
        case TileVariant::plain: return body(NodeVariant<AluPipe, false>());
        case TileVariant::fma: return body(NodeVariant<FmaAdds, false>());
        case TileVariant::fma_shifts: return body(NodeVariant<FmaShifts, false>());
        case TileVariant::fma_rotates: return body(NodeVariant<FmaRotates, false>());
        case TileVariant::plain_rolled: return body(NodeVariant<AluPipe, true>());
        case TileVariant::fma_rolled: break;
    }
    return body(NodeVariant<FmaAdds, true>());
}

}    // namespace filfil::gpu
