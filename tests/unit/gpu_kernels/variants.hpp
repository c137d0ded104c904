// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/sha256_node.hpp"
#include "gpu/tile_variant.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <string>

namespace filfil::gpu {

/// What GoogleTest calls it in lists of tests.
inline void PrintTo(TileVariant variant, std::ostream* out) { *out << name_of(variant); }

}    // namespace filfil::gpu

namespace filfil::test {

/// Calls `body` with the NodeVariant that the tile kernel is compiled with for `variant`.
template <class Body>
auto with_variant(gpu::TileVariant variant, const Body& body) {
    using gpu::NodeVariant;
    using gpu::TileVariant;
    switch (variant) {
        case TileVariant::plain: return body(NodeVariant<gpu::AluPipe, false>());
        case TileVariant::fma: return body(NodeVariant<gpu::FmaAdds, false>());
        case TileVariant::fma_shifts: return body(NodeVariant<gpu::FmaShifts, false>());
        case TileVariant::fma_rotates: return body(NodeVariant<gpu::FmaRotates, false>());
        case TileVariant::plain_rolled: return body(NodeVariant<gpu::AluPipe, true>());
        case TileVariant::fma_rolled: return body(NodeVariant<gpu::FmaAdds, true>());
    }
    std::abort();
}

/// A variant's name as GoogleTest takes it.
inline std::string test_name(gpu::TileVariant variant) {
    std::string name(name_of(variant));
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

}    // namespace filfil::test
