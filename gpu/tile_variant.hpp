// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <array>
#include <string_view>

namespace filfil::gpu {

/// The ways in which the tile kernel is compiled (see NodeVariant).
enum class TileVariant : unsigned { plain, fma, fma_shifts, fma_rotates, plain_rolled, fma_rolled };

inline constexpr std::array all_tile_variants{TileVariant::plain,        TileVariant::fma,
                                              TileVariant::fma_shifts,   TileVariant::fma_rotates,
                                              TileVariant::plain_rolled, TileVariant::fma_rolled};

constexpr std::string_view name_of(TileVariant variant) noexcept {
    constexpr std::array<std::string_view, all_tile_variants.size()> names{"plain",       "fma",          "fma-shifts",
                                                                           "fma-rotates", "plain-rolled", "fma-rolled"};
    return names[static_cast<unsigned>(variant)];
}

}    // namespace filfil::gpu
