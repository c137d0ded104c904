// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace filfil::car {

/// The last 16 bytes of a forest.car.zst: a skippable zstd frame that holds where the index data begins, which is 8
/// bytes behind the start of the index's first skippable frame. Source: Forest src/db/car/forest.rs ForestCarFooter.
struct ForestFooter {
    static constexpr std::size_t size = 16;
    std::uint64_t index_offset = 0;    ///< bytes from the start of the file to the index's magic number
};

/// The magic number and version that every index begins with, little-endian (0xdeadbeef + 1).
inline constexpr std::uint64_t forest_index_magic = 0xdeadbef0;

/// What stands before the data of a skippable frame: `50 2a 4d 18` and the data's length, 4 bytes little-endian.
inline constexpr std::size_t skippable_header_size = 8;
std::array<std::byte, skippable_header_size> skippable_header(std::uint32_t data_size) noexcept;

std::array<std::byte, ForestFooter::size> encode_forest_footer(ForestFooter footer) noexcept;

/// @return nothing where `file` has no known size, no footer at its end, or no index where the footer points
Result<std::optional<ForestFooter>> read_forest_footer(ReadableFile& file);

}    // namespace filfil::car
