// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/rlp.hpp"

#include "vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

RlpItem item_of(const rpc::Json& json) {
    if (json.is_string()) return hex_bytes(json.get<std::string>());
    std::vector<RlpItem> items;
    for (const rpc::Json& one : json) items.push_back(item_of(one));
    return items;
}

Error error_of(std::string_view hex, const RlpLimits& limits = {}) {
    const auto read = decode_rlp(hex_bytes(hex), limits);
    EXPECT_FALSE(read.ok()) << hex;
    return read.ok() ? Error(ErrorCode::internal, "none") : read.error();
}

TEST(Rlp, WritesAndReadsWhatCastDoes) {
    const rpc::Json all = vectors("sending.json");
    ASSERT_GE(all["rlp"].size(), 50U);
    for (const rpc::Json& one : all["rlp"]) {
        const RlpItem item = item_of(one["value"]);
        const Bytes bytes = hex_bytes(one["rlp"].get<std::string>());
        EXPECT_EQ(to_hex(encode_rlp(item)), to_hex(bytes));
        const auto read = decode_rlp(bytes);
        ASSERT_TRUE(read.ok()) << read.error().text();
        EXPECT_EQ(*read, item);
    }
}

TEST(Rlp, RefusesEveryTruncation) {
    for (const rpc::Json& one : vectors("sending.json")["rlp"]) {
        const Bytes bytes = hex_bytes(one["rlp"].get<std::string>());
        for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 300); ++size)
            EXPECT_FALSE(decode_rlp(ByteView(bytes).first(size)).ok()) << size << " of " << one["rlp"];
    }
}

TEST(Rlp, HasOneEncodingForEachValue) {
    EXPECT_EQ(error_of("8100").code, ErrorCode::corrupt);    // a single byte below 0x80 with a head
    EXPECT_EQ(error_of("817f").code, ErrorCode::corrupt);
    EXPECT_EQ(error_of("b80161").code, ErrorCode::corrupt);    // a long form for a short length
    EXPECT_EQ(error_of("b90001" + std::string(2, '0')).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of("f800").code, ErrorCode::corrupt);
    EXPECT_EQ(error_of("b90038" + std::string(112, '0')).code, ErrorCode::corrupt);    // a length with a leading zero
    EXPECT_EQ(error_of("0000").code, ErrorCode::corrupt);                              // bytes behind the item
    EXPECT_EQ(error_of("c0c0").code, ErrorCode::corrupt);
    EXPECT_EQ(error_of("c2826100").code, ErrorCode::corrupt);    // an item beyond its list
    EXPECT_TRUE(decode_rlp(hex_bytes("8180")).ok());
}

TEST(Rlp, IsNotTakenInByHugeLengths) {
    EXPECT_EQ(error_of("").code, ErrorCode::truncated);
    EXPECT_EQ(error_of("bfffffffffffffffff").code, ErrorCode::truncated);
    EXPECT_EQ(error_of("ffffffffffffffffff").code, ErrorCode::truncated);
    EXPECT_EQ(error_of("c9bfffffffffffffffff").code, ErrorCode::truncated);
    EXPECT_EQ(error_of("c9bfffffffffffffffff00").code, ErrorCode::corrupt);
}

TEST(Rlp, BoundsDepthAndNumberOfItems) {
    RlpItem deep = std::vector<RlpItem>{};
    for (int i = 0; i < 7; ++i) deep = std::vector<RlpItem>{deep};
    EXPECT_TRUE(decode_rlp(encode_rlp(deep)).ok());
    deep = std::vector<RlpItem>{deep};
    EXPECT_EQ(error_of(to_hex(encode_rlp(deep))).code, ErrorCode::too_large);
    // 100,000 lists in one another must cost neither stack nor time.
    Bytes bomb(100'000, std::byte{0xff});
    EXPECT_FALSE(decode_rlp(bomb).ok());
    const RlpItem many = std::vector<RlpItem>(20, RlpItem(Bytes{}));
    EXPECT_TRUE(decode_rlp(encode_rlp(many), {.depth = 2, .items = 21}).ok());
    EXPECT_EQ(error_of(to_hex(encode_rlp(many)), {.depth = 2, .items = 20}).code, ErrorCode::too_large);
}

TEST(Rlp, ReadsNumbersInTheirShortestFormAlone) {
    EXPECT_EQ(*rlp_number(RlpItem(Bytes{}), "n"), U256());
    EXPECT_EQ(*rlp_number(RlpItem(hex_bytes("0100")), "n"), U256(256));
    EXPECT_EQ(*rlp_number(RlpItem::number(U256::max()), "n"), U256::max());
    EXPECT_FALSE(rlp_number(RlpItem(hex_bytes("00")), "n").ok());
    EXPECT_FALSE(rlp_number(RlpItem(hex_bytes("0001")), "n").ok());
    EXPECT_FALSE(rlp_number(RlpItem(Bytes(33, std::byte{1})), "n").ok());
    const auto list = rlp_number(RlpItem(std::vector<RlpItem>{}), "the nonce");
    ASSERT_FALSE(list.ok());
    EXPECT_NE(list.error().message.find("the nonce"), std::string::npos);
}

}    // namespace
}    // namespace filfil::incentive
