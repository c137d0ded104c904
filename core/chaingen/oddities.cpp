// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/oddities.hpp"

#include "chaingen/links.hpp"

#include <string_view>

namespace filfil::chaingen {
namespace {

constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;

Result<void> make_leaf(std::string_view name, std::uint32_t version, BlockBatch& batch, ipld::Digest256& digest) {
    ipld::CborWriter& out = batch.begin();
    out.list(2);
    out.text(name);
    out.number(version);
    return batch.end(dag_cbor, digest);
}

/// [link, version]
Bytes pair_of(const ipld::Digest256& target, std::uint32_t version) {
    ipld::CborWriter out;
    out.list(2);
    put_link(out, target);
    out.number(version);
    return to_bytes(out.bytes());
}

}    // namespace

Result<void> make_oddities(std::uint32_t version, BlockBatch& batch, ipld::Digest256& head) {
    ipld::Digest256 repeated;
    ipld::Digest256 under_twin;
    ipld::Digest256 inlined;
    FILFIL_CHECK(make_leaf("linked three times", version, batch, repeated));
    FILFIL_CHECK(make_leaf("under one of two blocks", version, batch, under_twin));
    FILFIL_CHECK(make_leaf("reached through an identity CID", version, batch, inlined));
    FILFIL_CHECK(batch.flush());

    const Bytes twin = pair_of(under_twin, version);
    ipld::Digest256 as_dag_cbor;
    ipld::Digest256 as_raw;
    batch.begin().item(twin);
    FILFIL_CHECK(batch.end(dag_cbor, as_dag_cbor));
    batch.begin().item(twin);
    FILFIL_CHECK(batch.end(ipld::Codec::raw, as_raw));
    FILFIL_CHECK(batch.flush());

    // What looks like a link here is none: this codec is not opened.
    const Bytes opaque = pair_of({}, version);
    const ipld::Cid opaque_cid = ipld::cid_of_block(ipld::Codec::cbor, opaque);
    FILFIL_CHECK(batch.give(opaque_cid.bytes(), opaque));

    const Bytes inner = pair_of(inlined, version);
    const ipld::Cid identity(dag_cbor, {ipld::HashCode::identity, inner});
    ipld::CborWriter& out = batch.begin();
    out.list(8);
    out.number(version);
    put_link(out, repeated);
    put_link(out, repeated);
    put_raw_link(out, as_raw);
    put_link(out, as_dag_cbor);
    out.link(identity.bytes());
    out.link(opaque_cid.bytes());
    put_link(out, repeated);
    FILFIL_CHECK(batch.end(dag_cbor, head));
    return batch.flush();
}

}    // namespace filfil::chaingen
