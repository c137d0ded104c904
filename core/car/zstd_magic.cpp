// SPDX-License-Identifier: Apache-2.0 OR MIT
// Apart from zstd_source.cpp: a file is known to be compressed where it cannot be decompressed, too.
#include "car/zstd_source.hpp"

#include <cstdint>

namespace filfil::car {
namespace {

constexpr std::uint32_t frame_magic = 0xFD2FB528;
constexpr std::uint32_t skippable_magic = 0x184D2A50;
constexpr std::uint32_t skippable_mask = 0xFFFFFFF0;

}    // namespace

bool begins_zstd(ByteView head) noexcept {
    if (head.size() < 4) return false;
    std::uint32_t magic = 0;
    for (std::size_t i = 0; i < 4; ++i) magic |= std::to_integer<std::uint32_t>(head[i]) << (8 * i);
    return magic == frame_magic || (magic & skippable_mask) == skippable_magic;
}

}    // namespace filfil::car
