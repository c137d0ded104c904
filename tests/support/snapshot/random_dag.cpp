// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "random_dag.hpp"

#include "cbor_bytes.hpp"
#include "ipld/digest.hpp"

namespace filfil::reference {

using ipld::Cid;
using ipld::Codec;
using ipld::HashCode;

Cid put_block(Blocks& blocks, Codec codec, Bytes data) {
    Cid cid = ipld::cid_of_block(codec, data);
    blocks.emplace(cid, std::move(data));
    return cid;
}

Cid identity_cid(Codec codec, ByteView data) { return Cid(codec, {HashCode::identity, data}); }

Bytes RandomDag::digest() {
    Bytes out(32);
    m_random.fill(out);
    return out;
}

Cid RandomDag::remember(Cid cid) {
    m_pool.push_back(cid);
    if (cid.codec() == Codec::dag_cbor && m_blocks.contains(cid)) m_opened.push_back(cid);
    return cid;
}

/// Mostly something young, so that trees share their lower parts with their neighbours in time.
Cid RandomDag::pick() {
    if (m_pool.empty()) return leaf();
    const std::size_t near = std::min<std::size_t>(m_pool.size(), 24);
    if (m_random.below(8) == 0) return m_pool[m_random.below(m_pool.size())];
    return m_pool[m_pool.size() - 1 - m_random.below(near)];
}

Cid RandomDag::leaf() {
    switch (m_random.below(10)) {
        case 0: return put_block(m_blocks, Codec::raw, {});
        case 1: return put_block(m_blocks, Codec::dag_cbor, CborBytes().list(0).bytes());
        case 2: return Cid(Codec::fil_commitment_sealed, {HashCode::poseidon_bls12_381_a2_fc1, digest()});
        case 3: return Cid(Codec::fil_commitment_unsealed, {HashCode::sha2_256_trunc254_padded, digest()});
        case 4: return identity_cid(Codec::raw, bytes_of("inlined"));
        case 5: {    // as long as a section's varint has two or three bytes
            Bytes large(m_random.below(8) == 0 ? 17'000 : 200);
            m_random.fill(large);
            return put_block(m_blocks, Codec::raw, std::move(large));
        }
        case 6: return Cid(Codec::dag_pb, {HashCode::sha2_256, digest()});    // no snapshot holds it
        default: {
            Bytes small(1 + m_random.below(2));
            m_random.fill(small);
            return put_block(m_blocks, m_random.below(3) == 0 ? Codec::cbor : Codec::raw, std::move(small));
        }
    }
}

/// Links carried in an identity CID, as far as a link may be that long.
Cid RandomDag::inlined(Codec codec, const Bytes& data) {
    constexpr std::size_t longest = 94;
    return data.size() > longest ? leaf() : identity_cid(codec, data);
}

Cid RandomDag::node() {
    const Cid a = pick();
    const Cid b = pick();
    const std::uint64_t salt = m_random.below(40);
    switch (m_random.below(16)) {
        case 0: return put_block(m_blocks, Codec::dag_cbor, CborBytes().link(a).bytes());
        case 1:    // twice in one block, at different depths
            return put_block(m_blocks, Codec::dag_cbor,
                             CborBytes().map(2).text("a").link(a).text("b").list(3).link(b).link(a).link(a).bytes());
        case 2: {    // links that are none: in a byte string, in a text, and behind the end; and one behind another tag
            const Bytes hidden = CborBytes().link(b).bytes();
            return put_block(m_blocks, Codec::dag_cbor,
                             CborBytes()
                                 .list(4)
                                 .string(hidden)
                                 .text(chars_of(hidden))
                                 .tag(300)
                                 .link(a)
                                 .number(salt)
                                 .raw(hidden)
                                 .bytes());
        }
        case 3: {    // a block's bytes under another codec: a leaf with the same digest
            if (m_opened.empty()) return leaf();
            const Bytes same =
                m_blocks.at(m_opened[m_opened.size() - 1 - m_random.below(std::min<std::size_t>(m_opened.size(), 12))]);
            return put_block(m_blocks, m_random.below(2) == 0 ? Codec::raw : Codec::cbor, same);
        }
        case 4: {    // the same digest twice in one block, opened and not
            if (m_opened.empty()) return leaf();
            const Cid opened = m_opened.back();
            const Cid closed = put_block(m_blocks, Codec::raw, Bytes(m_blocks.at(opened)));
            return put_block(m_blocks, Codec::dag_cbor, CborBytes().list(2).link(closed).link(opened).bytes());
        }
        case 5: return inlined(Codec::dag_cbor, CborBytes().list(2).link(a).link(b).bytes());
        case 6: {
            const Cid inner = inlined(Codec::dag_cbor, CborBytes().link(a).bytes());
            return inlined(Codec::dag_cbor, CborBytes().list(2).number(salt).link(inner).bytes());
        }
        case 7: return inlined(Codec::cbor, CborBytes().link(a).bytes());
        case 8: return put_block(m_blocks, Codec::cbor, CborBytes().list(2).link(a).link(b).bytes());
        case 9: {    // another hash function
            Bytes data = CborBytes().list(3).number(salt).link(a).link(b).bytes();
            const auto hash = ipld::sha2_256(data);
            const Cid cid(Codec::dag_cbor, {HashCode::sha2_256, hash});
            m_blocks.emplace(cid, std::move(data));
            return cid;
        }
        case 10: {    // wide, with the same few links over and over
            CborBytes wide;
            const std::uint64_t width = m_random.below(6) == 0 ? 300 : 30;
            wide.list(width);
            for (std::uint64_t i = 0; i < width; ++i) wide.link(m_random.below(2) == 0 ? a : pick());
            return put_block(m_blocks, Codec::dag_cbor, std::move(wide).bytes());
        }
        default: return put_block(m_blocks, Codec::dag_cbor, CborBytes().list(3).number(salt).link(a).link(b).bytes());
    }
}

Cid RandomDag::tree(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) remember(m_random.below(3) == 0 ? leaf() : node());
    if (m_random.below(12) == 0) return pick();
    CborBytes root;
    root.list(4).number(m_random.below(1000));
    for (int i = 0; i < 3; ++i) root.link(pick());
    return remember(put_block(m_blocks, Codec::dag_cbor, std::move(root).bytes()));
}

}    // namespace filfil::reference
