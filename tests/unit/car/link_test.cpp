// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/link_ledger.hpp"
#include "ipld/digest.hpp"
#include "samples.hpp"

namespace filfil::car {
namespace {

using namespace samples;

TEST(SipHash, GivesThePublishedValues) {
    // vectors.h of the reference implementation: key 00 01 … 0f, input 00 01 … of each length.
    const Word128 key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
    EXPECT_EQ(siphash_128(key, {}), (Word128{0xe6a825ba047f81a3, 0x930255c71472f66d}));
}

TEST(SipHash, EveryBitOfKeyAndInputCounts) {
    const Bytes data(20);
    const Word128 base = siphash_128({1, 2}, data);
    EXPECT_NE(siphash_128({1, 3}, data), base);
    EXPECT_NE(siphash_128({0, 2}, data), base);
    EXPECT_NE(siphash_128({1, 2}, Bytes(21)), base);
    for (std::size_t i = 0; i < data.size(); ++i) {
        Bytes other = data;
        other[i] = std::byte{1};
        EXPECT_NE(siphash_128({1, 2}, other), base);
    }
}

/// A DAG-CBOR array of links.
Bytes links_to(const std::vector<ipld::Cid>& cids) {
    Bytes out{static_cast<std::byte>(0x80 + cids.size())};
    for (const ipld::Cid& cid : cids) {
        const std::size_t size = cid.bytes().size() + 1;
        const Bytes head{std::byte{0xd8}, std::byte{0x2a}, std::byte{0x58}, static_cast<std::byte>(size), std::byte{0}};
        // Lengths below 24 stand in the head itself.
        out.insert(out.end(), head.begin(), head.begin() + 2);
        if (size < 24)
            out.push_back(static_cast<std::byte>(0x40 + size));
        else
            out.insert(out.end(), head.begin() + 2, head.begin() + 4);
        out.push_back(std::byte{0});
        out.insert(out.end(), cid.bytes().begin(), cid.bytes().end());
    }
    return out;
}

ipld::Cid identity(ipld::Codec codec, ByteView data) { return {codec, {ipld::HashCode::identity, data}}; }

TEST(LinkLedger, CountsDistinctMissingBlocks) {
    const Block a = raw_block("a");
    const Block b = raw_block("b");
    const Block c = raw_block("c");
    LinkLedger ledger({1, 2});
    ledger.hold(a.cid.bytes());
    EXPECT_TRUE(ledger.link(ipld::Codec::dag_cbor, links_to({a.cid, b.cid, b.cid})));
    EXPECT_TRUE(ledger.link(ipld::Codec::dag_cbor, links_to({b.cid, c.cid})));
    LinkLedger other({1, 2});
    other.hold(c.cid.bytes());
    other.link(ipld::Codec::dag_cbor, links_to({a.cid}));
    ledger.take(other);
    EXPECT_EQ(ledger.missing(), std::vector{siphash_128({1, 2}, b.cid.bytes())});
    EXPECT_TRUE(ledger.missing().empty());
}

TEST(LinkLedger, OneDigestUnderTwoCodecsIsTwoBlocks) {
    const Bytes data = links_to({});
    LinkLedger ledger({});
    ledger.hold(ipld::cid_of_block(ipld::Codec::raw, data).bytes());
    ledger.link(ipld::Codec::dag_cbor, links_to({ipld::cid_of_block(ipld::Codec::dag_cbor, data)}));
    EXPECT_EQ(ledger.missing().size(), 1U);
}

TEST(LinkLedger, IdentityAndCommitmentLinksAreNotMissing) {
    const auto digest = ipld::sha2_256(bytes_of("sector"));
    const Block deep = raw_block("deep");
    const ipld::Cid inner = identity(ipld::Codec::dag_cbor, links_to({deep.cid}));
    LinkLedger ledger({});
    EXPECT_TRUE(ledger.link(
        ipld::Codec::dag_cbor,
        links_to({ipld::Cid(ipld::Codec::fil_commitment_sealed, {ipld::HashCode::poseidon_bls12_381_a2_fc1, digest}),
                  ipld::Cid(ipld::Codec::fil_commitment_unsealed, {ipld::HashCode::sha2_256_trunc254_padded, digest}),
                  identity(ipld::Codec::raw, bytes_of("inline"))})));
    EXPECT_TRUE(ledger.missing().empty());
    // An inline DAG-CBOR block is opened, also inside another one.
    EXPECT_TRUE(ledger.link(ipld::Codec::dag_cbor, links_to({identity(ipld::Codec::dag_cbor, links_to({inner}))})));
    EXPECT_EQ(ledger.missing(), std::vector{siphash_128({}, deep.cid.bytes())});
    // One that cannot be scanned is told.
    EXPECT_FALSE(ledger.link(ipld::Codec::dag_cbor, links_to({identity(ipld::Codec::dag_cbor, bytes_of("\xff"))})));
}

TEST(LinkLedger, OnlyDagCborIsOpened) {
    const Bytes data = links_to({raw_block("x").cid});
    LinkLedger ledger({});
    for (const ipld::Codec codec : {ipld::Codec::raw, ipld::Codec::cbor, ipld::Codec::dag_pb})
        EXPECT_TRUE(ledger.link(codec, data));
    EXPECT_TRUE(ledger.missing().empty());
    EXPECT_FALSE(ledger.link(ipld::Codec::dag_cbor, ByteView(data).first(20)));
}

TEST(LinkLedger, ManyLinksToFewBlocksStayFew) {
    const Block a = raw_block("a");
    const Bytes block = links_to(std::vector(20, a.cid));
    LinkLedger ledger({3, 4});
    for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(ledger.link(ipld::Codec::dag_cbor, block));
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const std::string text = std::to_string(i);
        ledger.link(ipld::Codec::dag_cbor,
                    links_to({ipld::Cid(ipld::Codec::raw, {static_cast<ipld::HashCode>(0x1337), bytes_of(text)})}));
    }
    EXPECT_EQ(ledger.missing().size(), 100'001U);
}

}    // namespace
}    // namespace filfil::car
