// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/piece_request.hpp"
#include "ipld/piece_cid.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval {
namespace {

using Segments = std::vector<std::string>;

Segments segments_of(std::string_view target) {
    const auto out = parse_target(target);
    EXPECT_TRUE(out.ok()) << target;
    return out.ok() ? out->segments : Segments{"refused"};
}

TEST(Target, IsCutIntoSegmentsAndParameters) {
    EXPECT_EQ(segments_of("/"), Segments{});
    EXPECT_EQ(segments_of("/piece/baga"), (Segments{"piece", "baga"}));
    EXPECT_EQ(segments_of("/piece/"), (Segments{"piece", ""}));
    EXPECT_EQ(segments_of("/p%69ece/%62aga?x=%2f"), (Segments{"piece", "baga"}));
    EXPECT_EQ(segments_of("http://host:80/piece/baga"), (Segments{"piece", "baga"}));
    EXPECT_EQ(segments_of("HTTP://host"), Segments{});

    const auto target = parse_target("/pieces?id=b%61ga&&flag&a=1&b=x=y&sp=a%20b");
    ASSERT_TRUE(target.ok());
    EXPECT_EQ(*target->parameter("id"), "baga");
    EXPECT_EQ(*target->parameter("flag"), "");
    EXPECT_EQ(*target->parameter("b"), "x=y");
    EXPECT_EQ(*target->parameter("sp"), "a b");
    EXPECT_EQ(*target->parameter("missing"), std::nullopt);
}

TEST(Target, AParameterThatStandsTwiceIsRefused) {
    const auto target = parse_target("/pieces?id=a&id=b&x=1&x=2");
    ASSERT_TRUE(target.ok()) << "others than those that are asked for may stand twice";
    const auto id = target->parameter("id");
    ASSERT_FALSE(id.ok());
    EXPECT_NE(id.error().message.find("'id'"), std::string::npos);
}

TEST(Target, HostileOnesAreRefusedWithAReason) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "begin"},
        {"piece/x", "begin"},
        {"*", "begin"},
        {"ftp://host/x", "begin"},
        {"http://host?x", "begin"},
        {"/../etc/passwd", "'..'"},
        {"/piece/..", "'..'"},
        {"/piece/%2e%2e/x", "'..'"},
        {"/./piece", "'.'"},
        {"/piece/a%2Fb", "encoded '/'"},
        {"/piece/..%2f..%2fetc", "encoded '/'"},
        {"//piece", "'//'"},
        {"/piece//x", "'//'"},
        {"/piece/%00", "printable"},
        {std::string("/piece/\0x", 9), "printable"},
        {"/piece/a b", "printable"},
        {"/piece/a%20b", "printable"},
        {"/piece/\xc3\xa9", "printable"},
        {"/piece/%c3%a9", "printable"},
        {"/piece/a\r\nb", "printable"},
        {"/piece/%0d%0aSet-Cookie:x", "printable"},
        {"/pieces?id=%00", "printable"},
        {"/piece/%", "'%'"},
        {"/piece/%4", "'%'"},
        {"/piece/%zz", "'%'"},
        {"/piece/%4g", "'%'"},
        {"/pieces?id=%", "'%'"},
        {"/piece/x#y", "'#'"},
        {"/" + std::string(max_target_bytes, 'a'), "longer than 4096"},
    };
    for (const auto& [target, why] : cases) {
        const auto out = parse_target(target);
        ASSERT_FALSE(out.ok()) << target;
        EXPECT_EQ(out.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(out.error().message.find(why), std::string::npos) << target << ": " << out.error().message;
        EXPECT_FALSE(out.error().remedy.empty());
    }
    EXPECT_TRUE(parse_target("/" + std::string(max_target_bytes - 1, 'a')).ok());
}

TEST(AskedPiece, IsNamedByEitherVersion) {
    ipld::Digest256 root{};
    root[3] = std::byte{7};
    const auto v1 = parse_asked_piece(ipld::piece_cid_v1(root).text());
    ASSERT_TRUE(v1.ok());
    EXPECT_EQ(v1->piece_cid, ipld::piece_cid_v1(root));
    EXPECT_EQ(v1->payload_size, std::nullopt);
    const auto v2 = parse_asked_piece(ipld::piece_cid_v2(root, 1000, 2048)->text());
    ASSERT_TRUE(v2.ok());
    EXPECT_EQ(v2->piece_cid, ipld::piece_cid_v1(root));
    EXPECT_EQ(v2->payload_size, 1000U);
    EXPECT_EQ(v2->padded_size, 2048U);
}

TEST(AskedPiece, AnythingElseIsRefusedAndShownSafely) {
    const std::string block = ipld::cid_of_block(ipld::Codec::raw, bytes_of("x")).text();
    for (const std::string& text : {std::string(), std::string("baga"), std::string("hello"), block,
                                    std::string("Qm\x01\n"), std::string(3000, 'b'), std::string("\xff\xfe")}) {
        const auto out = parse_asked_piece(text);
        ASSERT_FALSE(out.ok()) << text;
        EXPECT_LT(out.error().message.size(), 500U);
        EXPECT_NE(out.error().remedy.find("baga6ea4seaq"), std::string::npos);
    }
    EXPECT_EQ(shown("a\nb\xff"), "a?b?");
    EXPECT_EQ(shown(std::string(101, 'x')), std::string(100, 'x') + "…");
}

}    // namespace
}    // namespace filfil::retrieval
