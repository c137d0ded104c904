// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/children.hpp"

#include "ipld/varint.hpp"

namespace filfil::snapshot {
namespace {

struct Parts {
    std::uint64_t version = 0;
    std::uint64_t codec = 0;
    std::uint64_t hash = 0;
    ByteView digest;
};

/// The parts of a whole CID of version 1. Version 0 (dag-pb) begins with its hash function and comes out as version 18.
Parts parts_of(ByteView cid) noexcept {
    Parts out;
    std::uint64_t length = 0;
    for (std::uint64_t* field : {&out.version, &out.codec, &out.hash, &length}) {
        const auto read = ipld::read_varint(cid);
        if (!read.ok()) return {};
        *field = read->value;
        cid = cid.subspan(read->length);
    }
    out.digest = cid;
    return out;
}

}    // namespace

LinkKind kind_of_link(ByteView cid) noexcept {
    const Parts parts = parts_of(cid);
    if (parts.version != 1) return LinkKind::nothing;
    const auto codec = static_cast<ipld::Codec>(parts.codec);
    if (static_cast<ipld::HashCode>(parts.hash) == ipld::HashCode::identity)
        return codec == ipld::Codec::dag_cbor ? LinkKind::inlined : LinkKind::nothing;
    switch (codec) {
        case ipld::Codec::raw:
        case ipld::Codec::cbor:
        case ipld::Codec::dag_cbor: return LinkKind::block;
        default: return LinkKind::nothing;
    }
}

ByteView inlined_data(ByteView cid) noexcept { return parts_of(cid).digest; }

}    // namespace filfil::snapshot
