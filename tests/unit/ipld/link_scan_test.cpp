// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/link_scan.hpp"
#include "ipld/cid.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

const std::string block_cid = "0171a0e40220" + std::string(64, '1');
const std::string raw_cid = "0155a0e40220" + std::string(64, '2');
const std::string sealed_cid = "0182e20381e80220" + std::string(64, '3');
const std::string v0_cid = "1220" + std::string(64, '4');

/// Tag 42 and a byte string of 0x00 and the CID.
std::string link(const std::string& cid) {
    Bytes size(1, static_cast<std::byte>(cid.size() / 2 + 1));
    return "d82a58" + to_hex(size) + "00" + cid;
}

struct Scanned {
    std::vector<std::string> links;
    std::optional<ErrorCode> code;
    std::string message;
};

Scanned scan(std::string_view block) {
    const Bytes bytes = from_hex(block).value();
    Scanned out;
    const auto done = scan_links(bytes, [&](ByteView cid) { out.links.push_back(to_hex(cid)); });
    if (!done.ok()) {
        out.code = done.error().code;
        out.message = done.error().message;
    }

    // The one behind std::function must say the same.
    std::vector<std::string> links;
    const std::function<void(ByteView)> on_link = [&](ByteView cid) { links.push_back(to_hex(cid)); };
    const auto same = scan_links(bytes, on_link);
    EXPECT_EQ(same.ok(), done.ok());
    EXPECT_EQ(links, out.links);
    return out;
}

using Links = std::vector<std::string>;

TEST(LinkScan, FindsLinksInByteOrderAtAnyDepth) {
    const std::string block = "84" + link(block_cid) + "a1" + "6161" + "82" + link(raw_cid) + "01" + "c1" +
                              link(sealed_cid) + "8181" + link(v0_cid);
    const Scanned out = scan(block);
    EXPECT_FALSE(out.code) << out.message;
    EXPECT_EQ(out.links, (Links{block_cid, raw_cid, sealed_cid, v0_cid}));
}

TEST(LinkScan, PassesOverEverythingElse) {
    for (const std::string_view block : {"00",         "17",
                                         "1818",       "190100",
                                         "1a00010000", "1b0000000100000000",
                                         "20",         "3bffffffffffffffff",
                                         "40",         "4100",
                                         "60",         "6161",
                                         "61ff",       "80",
                                         "a0",         "f4",
                                         "f5",         "f6",
                                         "f7",         "e0",
                                         "f820",       "f93c00",
                                         "fa3f800000", "fb3ff0000000000000",
                                         "c100",       "d9d9f700"}) {
        const Scanned out = scan(block);
        EXPECT_FALSE(out.code) << block << ' ' << out.message;
        EXPECT_TRUE(out.links.empty());
    }
}

TEST(LinkScan, DoesNotOpenStrings) {
    const std::string inner = link(block_cid);
    Bytes size(1, static_cast<std::byte>(inner.size() / 2));
    EXPECT_TRUE(scan("58" + to_hex(size) + inner).links.empty());
    EXPECT_TRUE(scan("78" + to_hex(size) + inner).links.empty());
}

TEST(LinkScan, IsTolerantWhereNodesAre) {
    EXPECT_EQ(scan("d82a5827"
                   "ff" +
                   block_cid)
                  .links,
              Links{block_cid});                                          // multibase byte is not looked at
    EXPECT_EQ(scan(link(block_cid) + "ffff").links, Links{block_cid});    // bytes behind the item
    EXPECT_EQ(scan("a2" + std::string("6162") + link(block_cid) + "6161" + link(raw_cid)).links,
              (Links{block_cid, raw_cid}));
    EXPECT_EQ(scan("a2" + std::string("00") + link(block_cid) + "00" + link(raw_cid)).links,
              (Links{block_cid, raw_cid}));
    EXPECT_EQ(scan("a1" + link(block_cid) + link(raw_cid)).links, (Links{block_cid, raw_cid}));    // a link as a key
}

TEST(LinkScan, RefusesWhatNodesRefuse) {
    const auto refuses = [](std::string_view block, std::string_view part, std::size_t at) {
        const Scanned out = scan(block);
        EXPECT_EQ(out.code, ErrorCode::corrupt) << block;
        EXPECT_NE(out.message.find(part), std::string::npos) << block << ' ' << out.message;
        EXPECT_NE(out.message.find("at byte " + std::to_string(at) + ":"), std::string::npos) << out.message;
    };
    for (const std::string_view head : {"9f01ff", "bf616101ff", "5f4100ff", "7f6161ff", "ff", "1c", "3d", "5e", "9c"})
        refuses(head, "indefinite", 0);
    for (const std::string_view head :
         {"1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "581700", "9817", "f810", "fb0000000000000000"})
        refuses(head, "shortest", 0);
    refuses("5a80000000", "2 GiB", 0);
    refuses("7b0000000100000000", "2 GiB", 0);
    refuses("81d82a01", "no byte string", 3);
    refuses("81d82a6161", "no byte string", 3);
    refuses("d82a40", "empty", 2);
    refuses("d82a5865" + std::string(202, '0'), "over 100", 2);
    refuses("d82a4100", "no CID", 3);
    refuses("d82a420001", "no CID", 3);
    refuses(
        "d82a5828"
        "00" +
            block_cid + "00",
        "no CID", 4);
}

TEST(LinkScan, EveryTruncationIsAnErrorAndNeverReadsPastIt) {
    const std::string block = "83" + link(block_cid) + "a1" + "6161" + link(sealed_cid) + "190100";
    for (std::size_t n = 0; n < block.size() / 2; ++n) {
        // A copy of exactly n bytes, so that AddressSanitizer sees a read past it.
        const Scanned out = scan(std::string_view(block).substr(0, 2 * n));
        EXPECT_EQ(out.code, ErrorCode::truncated) << n << ' ' << out.message;
        EXPECT_EQ(out.links.size(), n < 44 ? 0U : n < 92 ? 1U : 2U) << n;
    }
    EXPECT_FALSE(scan(block).code);
}

TEST(LinkScan, HugeCountsEndAtOnce) {
    for (const std::string_view block : {"9bffffffffffffffff", "bb8000000000000000", "bb7fffffffffffffff",
                                         "9a7fffffff00", "bbffffffffffffffff", "829bffffffffffffffff"})
        EXPECT_EQ(scan(block).code, ErrorCode::truncated) << block;
}

TEST(LinkScan, DepthCostsNoStack) {
    constexpr std::size_t depth = 1'000'000;
    Bytes block(depth, std::byte{0x81});
    const Bytes tail = from_hex(link(block_cid)).value();
    block.insert(block.end(), tail.begin(), tail.end());
    std::size_t links = 0;
    EXPECT_TRUE(scan_links(block, [&](ByteView) { ++links; }).ok());
    EXPECT_EQ(links, 1U);
    block.resize(depth);
    EXPECT_EQ(scan_links(block, [](ByteView) {}).error().code, ErrorCode::truncated);
}

}    // namespace
}    // namespace filfil::ipld
