// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"

#include <cstddef>
#include <cstdint>

namespace filfil::snapshot {

/// Bytes of the varint at the front of a section in the arena: those were checked when they came in.
inline std::size_t section_prefix(const std::byte* section) noexcept {
    std::size_t size = 1;
    while ((section[size - 1] & std::byte{0x80}) != std::byte{0}) ++size;
    return size;
}

/// Bytes of the CID at `cid`, one that was checked when it came in.
std::size_t known_cid_length(const std::byte* cid) noexcept;

/// The parts of a section in the arena, not copied.
struct SectionView {
    ByteView bytes;    ///< all of it
    ByteView cid;
    ByteView data;

    /// The codec's low byte is the codec: blocks of other codecs are not stored.
    [[nodiscard]] ipld::Codec codec() const noexcept { return static_cast<ipld::Codec>(cid[1]); }
};

/// Reads the section that begins at `section`.
SectionView view_section(const std::byte* section) noexcept;

}    // namespace filfil::snapshot
