// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"
#include "ipld/link_scan.hpp"

#include <array>
#include <cstring>

namespace filfil::snapshot {

/// What a link of a chain's block leads to.
enum class LinkKind : std::uint8_t {
    block,      ///< one that a snapshot holds: raw, cbor or dag-cbor, under a hash
    inlined,    ///< an identity CID that carries a dag-cbor block, whose links count as this block's own
    nothing,    ///< commitments, other codecs, inlined data without links: seen and passed over
};

/// Lotus chain/store/snapshot.go: recurseLinks opens dag-cbor only, exportToCar writes raw, cbor and dag-cbor.
/// @param cid a whole one
LinkKind kind_of_link(ByteView cid) noexcept;

/// The data in an identity CID.
ByteView inlined_data(ByteView cid) noexcept;

/// Calls `on_child` with the binary CID of every block that a dag-cbor block links to and a snapshot holds, in the
/// order of the bytes, as often as it stands there. Identity CIDs are opened where they stand; a link has at most 100
/// bytes, so they do not nest deeply. Thread-safe.
/// @return what ipld::scan_links gives; children before the fault have been reported by then
template <class OnChild>
Result<void> for_each_child(ByteView data, OnChild&& on_child) {
    Result<void> inner;
    auto scanned = ipld::scan_links(data, [&](ByteView cid) {
        // blake2b-256 under dag-cbor or raw: how nearly every link looks.
        constexpr std::array<unsigned char, 4> blake2b = {0xa0, 0xe4, 0x02, 0x20};
        if (cid.size() == 38 && cid[0] == std::byte{1} && (cid[1] == std::byte{0x71} || cid[1] == std::byte{0x55}) &&
            std::memcmp(cid.data() + 2, blake2b.data(), blake2b.size()) == 0) [[likely]] {
            on_child(cid);
            return;
        }
        // Codecs of two bytes and more: commitments to sectors and pieces.
        if (cid[0] == std::byte{1} && (cid[1] & std::byte{0x80}) != std::byte{0}) return;
        switch (kind_of_link(cid)) {
            case LinkKind::block: on_child(cid); break;
            case LinkKind::inlined:
                if (auto status = for_each_child(inlined_data(cid), on_child); !status.ok() && inner.ok())
                    inner = std::move(status).error().in("a block inlined in a link");
                break;
            case LinkKind::nothing: break;
        }
    });
    if (!scanned.ok()) return scanned;
    return inner;
}

}    // namespace filfil::snapshot
