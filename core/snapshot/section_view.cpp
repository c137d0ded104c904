// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/section_view.hpp"

#include <array>
#include <cstring>

namespace filfil::snapshot {
namespace {

/// Reads a varint that is known to be right, and goes behind it.
std::uint64_t take_varint(const std::byte*& at) noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = std::to_integer<std::uint64_t>(*at++);
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
}

}    // namespace

std::size_t known_cid_length(const std::byte* cid) noexcept {
    // blake2b-256: how nearly every block of a chain is known.
    constexpr std::array<unsigned char, 4> blake2b = {0xa0, 0xe4, 0x02, 0x20};
    if (std::memcmp(cid + 2, blake2b.data(), blake2b.size()) == 0) [[likely]]
        return 38;
    const std::byte* at = cid;
    take_varint(at);
    take_varint(at);
    take_varint(at);
    const std::uint64_t digest = take_varint(at);
    return static_cast<std::size_t>(at - cid) + digest;
}

SectionView view_section(const std::byte* section) noexcept {
    const std::byte* at = section;
    const std::uint64_t content = take_varint(at);
    const std::size_t cid = known_cid_length(at);
    return {.bytes = ByteView(section, static_cast<std::size_t>(at - section) + content),
            .cid = ByteView(at, cid),
            .data = ByteView(at + cid, content - cid)};
}

}    // namespace filfil::snapshot
