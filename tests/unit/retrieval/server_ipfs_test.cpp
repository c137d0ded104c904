// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/dag_stream.hpp"
#include "samples.hpp"
#include "served.hpp"
#include "unzip.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval {
namespace {

using ipld::Cid;
using ipld::Codec;
using samples::Answer;
using samples::expect_plain_line;
using samples::node_of;
using samples::Served;

/// root ─► a ─► leaf, shared; root ─► b ─► shared, leaf2; root ─► a once more
class BlockServer : public ::testing::Test {
protected:
    [[nodiscard]] std::vector<Cid> cids_of(const Answer& answer) const {
        EXPECT_FALSE(answer.broken);
        const auto read = car::samples::read_car(answer.body);
        EXPECT_FALSE(read.error) << read.error->text();
        if (!read.header) return {};
        EXPECT_EQ(read.header->version, 1U);
        EXPECT_EQ(read.header->roots.size(), 1U);
        std::vector<Cid> out;
        for (const auto& block : read.blocks) {
            out.push_back(block.cid);
            EXPECT_EQ(*ipld::matches(block.cid.hash(), block.data), true);
        }
        return out;
    }

    Served served;
    Cid leaf = served.catalog.add_block(Codec::raw, bytes_of("leaf"));
    Cid leaf2 = served.catalog.add_block(Codec::cbor, bytes_of("leaf of plain cbor"));
    Cid shared = served.catalog.add_block(Codec::dag_cbor, node_of({}, 1));
    Cid a = served.catalog.add_block(Codec::dag_cbor, node_of({leaf, shared}, 2));
    Cid b = served.catalog.add_block(Codec::dag_cbor, node_of({shared, leaf2}, 3));
    Cid root = served.catalog.add_block(Codec::dag_cbor, node_of({a, b, a}, 4));
    std::string path = "/ipfs/" + root.text();
};

TEST_F(BlockServer, GivesOneBlockRaw) {
    for (const Answer& answer :
         {served.get(path + "?format=raw"), served.get(path, {{"Accept", "application/vnd.ipld.raw"}}),
          served.get(path + "?format=raw", {{"Accept", "application/vnd.ipld.car"}})}) {
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, node_of({a, b, a}, 4));
        EXPECT_EQ(answer.field("Content-Type"), "application/vnd.ipld.raw");
        EXPECT_EQ(answer.field("ETag"), "\"" + root.text() + ".raw\"");
        EXPECT_EQ(answer.field("Content-Disposition"), "attachment; filename=\"" + root.text() + ".bin\"");
        EXPECT_EQ(answer.field("Vary"), "Accept");
        EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    }
    EXPECT_EQ(served.head(path + "?format=raw").size, node_of({a, b, a}, 4).size());
    EXPECT_EQ(served.get(path + "?format=raw", {{"If-None-Match", "\"" + root.text() + ".raw\""}}).status, 304);
}

TEST_F(BlockServer, GivesADagDepthFirstWithEachBlockOnce) {
    for (const Answer& answer :
         {served.get(path + "?format=car"), served.get(path, {{"Accept", "application/vnd.ipld.car; version=1"}}),
          served.get(path + "?format=car&dag-scope=all"), served.get(path + "/?format=car&dag-scope=entity")}) {
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(cids_of(answer), (std::vector{root, a, leaf, shared, b, leaf2}));
        EXPECT_EQ(answer.size, std::nullopt);
        EXPECT_EQ(answer.field("Content-Type"), "application/vnd.ipld.car; version=1; order=dfs; dups=n");
        EXPECT_EQ(answer.field("ETag"), "W/\"all." + root.text() + ".car\"");
        EXPECT_EQ(answer.field("Accept-Ranges"), "none");
        EXPECT_EQ(answer.field("Vary"), "Accept, Accept-Encoding");
    }
    EXPECT_EQ(cids_of(served.get("/ipfs/" + leaf.text() + "?format=car")), std::vector{leaf});
}

TEST_F(BlockServer, TheScopeOfOneBlockGivesTheRootAlone) {
    const Answer answer = served.get(path + "?format=car&dag-scope=block");
    EXPECT_EQ(cids_of(answer), std::vector{root});
    EXPECT_EQ(answer.field("ETag"), "W/\"block." + root.text() + ".car\"");
}

TEST_F(BlockServer, ReadsOfAnySizeGiveTheSameCar) {
    const Bytes whole = served.get(path + "?format=car").body;
    for (const std::size_t step : {1U, 2U, 39U, 100U, 100'000U}) {
        const auto stream = DagStream::open(served.catalog, root, DagScope::all);
        ASSERT_TRUE(stream.ok());
        EXPECT_EQ(samples::drain(**stream, step).value(), whole) << step;
    }
}

TEST_F(BlockServer, ACarCanBeCompressed) {
    const Answer answer = served.get(path + "?format=car", {{"Accept-Encoding", "zstd"}});
    EXPECT_EQ(answer.field("Content-Encoding"), "zstd");
    EXPECT_EQ(answer.field("ETag"), "W/\"all." + root.text() + ".car.zst\"");
    EXPECT_EQ(samples::unzip(answer.body), served.get(path + "?format=car").body);
}

TEST_F(BlockServer, AMissingRootIs404) {
    const Cid missing = ipld::cid_of_block(Codec::raw, bytes_of("nowhere"));
    for (const char* format : {"raw", "car"}) {
        const Answer answer = served.get("/ipfs/" + missing.text() + "?format=" + format);
        EXPECT_EQ(answer.status, 404);
        expect_plain_line(answer);
        EXPECT_NE(answer.text().find(missing.text()), std::string::npos);
        EXPECT_EQ(served.head("/ipfs/" + missing.text() + "?format=" + format).status, 404);
    }
}

TEST_F(BlockServer, OneDigestUnderTwoCodecsIsTwoBlocks) {
    const Bytes data = node_of({leaf}, 9);
    const Cid opened = served.catalog.add_block(Codec::dag_cbor, data);
    const Cid closed = served.catalog.add_block(Codec::raw, data);
    const Cid both = served.catalog.add_block(Codec::dag_cbor, node_of({closed, opened}, 10));
    EXPECT_EQ(cids_of(served.get("/ipfs/" + both.text() + "?format=car")), (std::vector{both, closed, opened, leaf}));
    EXPECT_EQ(served.get("/ipfs/" + ipld::Cid(Codec::cbor, opened.hash()).text() + "?format=raw").status, 404);
}

TEST_F(BlockServer, AMissingBlockInTheMiddleBreaksTheConnection) {
    served.catalog.drop_block(b);
    const Answer answer = served.get(path + "?format=car");
    EXPECT_EQ(answer.status, 200);
    ASSERT_TRUE(answer.broken);
    EXPECT_EQ(answer.broken->code, ErrorCode::not_found);
    EXPECT_NE(answer.broken->message.find(b.text()), std::string::npos);
    EXPECT_FALSE(answer.broken->remedy.empty());
    EXPECT_TRUE(served.outside.log.has(b.text()));
    EXPECT_TRUE(served.get(path + "?format=car", {{"Accept-Encoding", "zstd"}}).broken);
    EXPECT_FALSE(served.get(path + "?format=car&dag-scope=block").broken);
}

TEST_F(BlockServer, LinksThatCannotBeReadBreakTheConnection) {
    Bytes cut = node_of({leaf, shared}, 5);
    cut.resize(cut.size() - 10);
    const Cid bad = served.catalog.add_block(Codec::dag_cbor, cut);
    const Cid above = served.catalog.add_block(Codec::dag_cbor, node_of({leaf, bad}, 6));
    const Answer answer = served.get("/ipfs/" + above.text() + "?format=car");
    ASSERT_TRUE(answer.broken);
    EXPECT_NE(answer.broken->message.find(bad.text()), std::string::npos);
    EXPECT_EQ(served.get("/ipfs/" + bad.text() + "?format=raw").body, cut) << "the block itself can be had";
    EXPECT_EQ(served.get("/ipfs/" + bad.text() + "?format=car").status, 500);
}

TEST_F(BlockServer, ADagOverTheLimitBreaksTheConnection) {
    for (const std::uint64_t limit : {6U, 5U, 1U}) {
        Served limited({.requests_a_second_a_peer = 0, .dag_blocks = limit});
        for (const Cid& cid : {leaf, leaf2, shared, a, b, root})
            limited.catalog.add_block(cid.codec(), **served.catalog.block(cid));
        const Answer answer = limited.get(path + "?format=car");
        EXPECT_EQ(answer.broken.has_value(), limit < 6) << limit;
        if (answer.broken) EXPECT_EQ(answer.broken->code, ErrorCode::too_large);
    }
}

TEST_F(BlockServer, TooManyLinksThatWaitBreakTheConnection) {
    // Links of 38 bytes and 4 for their length; behind the root three of them wait, behind its first child four.
    for (const std::size_t most : {168U, 167U, 126U}) {
        const auto stream = DagStream::open(served.catalog, root, DagScope::all, {.pending_bytes = most});
        ASSERT_TRUE(stream.ok());
        const auto body = samples::drain(**stream);
        EXPECT_EQ(body.ok(), most == 168) << most;
        if (!body.ok()) EXPECT_EQ(body.error().code, ErrorCode::too_large);
    }
    const auto none = DagStream::open(served.catalog, root, DagScope::all, {.pending_bytes = 125});
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::too_large);
}

TEST_F(BlockServer, ACycleThatNoHashAllowsEndsAllTheSame) {
    served.catalog.put_block(shared, node_of({root, a}, 1));
    const Answer answer = served.get(path + "?format=car");
    ASSERT_FALSE(answer.broken);
    EXPECT_EQ(car::samples::read_car(answer.body).blocks.size(), 6U);
}

TEST_F(BlockServer, ALongChainNeedsNoStack) {
    Cid last = leaf;
    constexpr std::size_t length = 100'000;
    for (std::size_t i = 0; i < length; ++i) last = served.catalog.add_block(Codec::dag_cbor, node_of({last}, i));
    const auto stream = DagStream::open(served.catalog, last, DagScope::all);
    ASSERT_TRUE(stream.ok());
    const auto body = samples::drain(**stream, 100'000);
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(car::samples::read_car(*body).blocks.size(), length + 1);
}

TEST_F(BlockServer, IdentityCidsAreOpenedAndNeverSent) {
    const Bytes inner = node_of({leaf}, 7);
    const Cid identity(Codec::dag_cbor, {ipld::HashCode::identity, inner});
    const Cid above = served.catalog.add_block(Codec::dag_cbor, node_of({identity, shared}, 8));
    EXPECT_EQ(cids_of(served.get("/ipfs/" + above.text() + "?format=car")), (std::vector{above, leaf, shared}));
    EXPECT_EQ(cids_of(served.get("/ipfs/" + identity.text() + "?format=car")), std::vector{leaf});
    EXPECT_EQ(served.get("/ipfs/" + identity.text() + "?format=raw").body, inner);
    const Answer probe = served.get("/ipfs/bafkqaaa?format=raw");
    EXPECT_EQ(probe.status, 200) << "the probe of trustless gateways";
    EXPECT_TRUE(probe.body.empty());
    EXPECT_TRUE(cids_of(served.get("/ipfs/bafkqaaa?format=car")).empty());
}

TEST_F(BlockServer, CommitmentsInABlockAreNotFollowed) {
    const Cid commitment = samples::make_sample(samples::random_bytes(1, 200)).served.piece_cid;
    const Cid above = served.catalog.add_block(Codec::dag_cbor, node_of({commitment, leaf}, 11));
    EXPECT_EQ(cids_of(served.get("/ipfs/" + above.text() + "?format=car")), (std::vector{above, leaf}));
}

TEST_F(BlockServer, WhatIsNotUnderstoodIsRefused) {
    const std::vector<std::pair<std::string, int>> cases = {
        {path, 400},
        {path + "?format=tar", 400},
        {path + "?format=", 400},
        {path + "?format=raw&format=car", 400},
        {path + "?format=car&dag-scope=most", 400},
        {path + "?format=car&dag-scope=all&dag-scope=all", 400},
        {path + "?format=car&car-version=2", 406},
        {path + "/a?format=car", 404},
        {path + "/a/b?format=raw", 404},
        {"/ipfs/?format=raw", 400},
        {"/ipfs/hello?format=raw", 400},
        {"/ipfs/" + root.text() + "x?format=raw", 400},
        {"/ipfs/" + std::string(3000, 'b') + "?format=raw", 400},
    };
    for (const auto& [target, status] : cases) {
        const Answer answer = served.get(target);
        EXPECT_EQ(answer.status, status) << target;
        expect_plain_line(answer);
    }
    EXPECT_EQ(served.get(path, {{"Accept", "*/*"}}).status, 400);
    EXPECT_EQ(served.get(path, {{"Accept", "application/vnd.ipld.car;version=2"}}).status, 400);
    EXPECT_EQ(served.get(path + "?format=car&entity-bytes=0:*&car-order=dfs&other=x").status, 200);
}

TEST_F(BlockServer, BlocksCanBeTurnedOff) {
    Served off({.requests_a_second_a_peer = 0, .blocks = false});
    EXPECT_EQ(off.get(path + "?format=raw").status, 404);
    expect_plain_line(off.get("/ipfs/bafkqaaa?format=raw"));
}

TEST_F(BlockServer, SoManyDagsAtATimeAndNotMore) {
    Served few({.requests_a_second_a_peer = 0, .dag_downloads = 2});
    for (const Cid& cid : {leaf, leaf2, shared, a, b, root})
        few.catalog.add_block(cid.codec(), **served.catalog.block(cid));
    const HttpRequest request{.target = path + "?format=car"};
    auto first = few.respond(request);
    auto second = few.respond(request);
    const Answer third = few.get(path + "?format=car");
    EXPECT_EQ(third.status, 503);
    EXPECT_EQ(third.field("Retry-After"), "10");
    expect_plain_line(third);
    EXPECT_EQ(few.server.counters().refused, 1U);
    EXPECT_EQ(few.head(path + "?format=car").status, 200) << "which sends nothing";
    EXPECT_EQ(few.get(path + "?format=raw").status, 200);
    first.stream.reset();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(few.get(path + "?format=car").status, 200) << "places are given back";
    EXPECT_EQ(few.server.counters().in_flight, 1U);
}

TEST(CidSet, KnowsWhatItWasGiven) {
    CidSet set;
    const auto cid = [](std::uint64_t i) { return ipld::cid_of_block(Codec::raw, std::as_bytes(std::span(&i, 1))); };
    for (std::uint64_t i = 0; i < 5000; ++i) ASSERT_TRUE(set.insert(cid(i).bytes())) << i;
    for (std::uint64_t i = 0; i < 5000; ++i) ASSERT_FALSE(set.insert(cid(i).bytes())) << i;
    EXPECT_EQ(set.size(), 5000U);
    EXPECT_TRUE(set.insert({}));
}

}    // namespace
}    // namespace filfil::retrieval
