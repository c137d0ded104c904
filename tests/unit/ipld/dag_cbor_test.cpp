// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/dag_cbor.hpp"
#include "ipld/link_scan.hpp"
#include "ipld/utf8.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

const Cid some_cid = cid_of_block(Codec::dag_cbor, bytes_of("abc"));

void expect_same(const Value& value, std::string_view encoded) {
    const auto bytes = encode_dag_cbor(value);
    ASSERT_TRUE(bytes.ok()) << encoded << ' ' << bytes.error().text();
    EXPECT_EQ(to_hex(*bytes), encoded);
    const auto back = decode_dag_cbor(hex(encoded));
    ASSERT_TRUE(back.ok()) << encoded << ' ' << back.error().text();
    EXPECT_TRUE(*back == value) << encoded;
}

void expect_refused(std::string_view encoded, ErrorCode code, std::string_view part) {
    const auto value = decode_dag_cbor(hex(encoded));
    ASSERT_FALSE(value.ok()) << encoded;
    EXPECT_EQ(value.error().code, code) << encoded << ' ' << value.error().message;
    EXPECT_NE(value.error().message.find(part), std::string::npos) << encoded << ' ' << value.error().message;
}

// RFC 8949 appendix A, as far as DAG-CBOR has it.
TEST(DagCbor, EncodesAsTheRfcSays) {
    expect_same(0, "00");
    expect_same(1, "01");
    expect_same(10, "0a");
    expect_same(23, "17");
    expect_same(24, "1818");
    expect_same(25, "1819");
    expect_same(100, "1864");
    expect_same(255, "18ff");
    expect_same(256, "190100");
    expect_same(1000, "1903e8");
    expect_same(65535, "19ffff");
    expect_same(65536, "1a00010000");
    expect_same(1'000'000, "1a000f4240");
    expect_same(0xffffffffU, "1affffffff");
    expect_same(0x100000000, "1b0000000100000000");
    expect_same(1'000'000'000'000, "1b000000e8d4a51000");
    expect_same(18446744073709551615U, "1bffffffffffffffff");
    expect_same(Integer::minus_one_minus(18446744073709551615U), "3bffffffffffffffff");
    expect_same(-1, "20");
    expect_same(-10, "29");
    expect_same(-100, "3863");
    expect_same(-1000, "3903e7");
    expect_same(std::numeric_limits<std::int64_t>::min(), "3b7fffffffffffffff");
    expect_same(false, "f4");
    expect_same(true, "f5");
    expect_same(Value(), "f6");
    expect_same(Bytes{}, "40");
    expect_same(hex("01020304"), "4401020304");
    expect_same("", "60");
    expect_same("a", "6161");
    expect_same("IETF", "6449455446");
    expect_same("\"\\", "62225c");
    expect_same("\u00fc", "62c3bc");
    expect_same("\u6c34", "63e6b0b4");
    expect_same("\U00010151", "64f0908591");
    expect_same(Value::List{}, "80");
    expect_same(Value::List{1, 2, 3}, "83010203");
    expect_same(Value::List{1, Value::List{2, 3}, Value::List{4, 5}}, "8301820203820405");
    expect_same(Value::Map{}, "a0");
    expect_same(Value::Map{{"a", 1}, {"b", Value::List{2, 3}}}, "a26161016162820203");
    expect_same(Value::List{"a", Value::Map{{"b", "c"}}}, "826161a161626163");
}

TEST(DagCbor, StringsAtEveryHeadSize) {
    for (const std::size_t size : {23U, 24U, 255U, 256U, 65535U, 65536U}) {
        const Value value(std::string(size, 'x'));
        const auto bytes = encode_dag_cbor(value);
        ASSERT_TRUE(bytes.ok());
        EXPECT_EQ(bytes->size(), size + (size < 24 ? 1U : size < 256 ? 2U : size < 65536 ? 3U : 5U));
        EXPECT_TRUE(*decode_dag_cbor(*bytes) == value);
    }
}

TEST(DagCbor, LinksAreTag42) {
    const std::string encoded = "d82a582700" + to_hex(some_cid.bytes());
    expect_same(some_cid, encoded);
    const Cid v0 = *Cid::parse("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n");
    expect_same(Value::Map{{"x", v0}}, "a16178d82a582300" + to_hex(v0.bytes()));
}

TEST(DagCbor, MapsAreSortedByLengthThenBytes) {
    // FRC-0108's metadata block: its keys are made in another order than they stand in.
    const Value value = Value::Map{{"HeadTipsetKey", Value::List{some_cid}}, {"Version", 2}, {"F3Data", Value()}};
    const auto bytes = encode_dag_cbor(value);
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(to_hex(*bytes),
              "a3"
              "66463344617461"
              "f6"
              "6756657273696f6e"
              "02"
              "6d486561645469707365744b6579"
              "81"
              "d82a582700" +
                  to_hex(some_cid.bytes()));
    const auto back = decode_dag_cbor(*bytes);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->find("Version")->as_integer()->as_int64(), 2);
    EXPECT_TRUE(back->find("F3Data")->is_null());
    EXPECT_EQ(back->find("Nothing"), nullptr);
    EXPECT_EQ(back->find("Version")->find("x"), nullptr);
    expect_same(Value::Map{{"", 0}, {"z", 1}, {"aa", 2}, {"ab", 3}},
                "a46000617a0162616102"
                "62616203");
}

TEST(DagCbor, RefusesOtherEncodings) {
    expect_refused("1800", ErrorCode::corrupt, "shortest");
    expect_refused("1817", ErrorCode::corrupt, "shortest");
    expect_refused("1900ff", ErrorCode::corrupt, "shortest");
    expect_refused("1a0000ffff", ErrorCode::corrupt, "shortest");
    expect_refused("1b00000000ffffffff", ErrorCode::corrupt, "shortest");
    expect_refused("3800", ErrorCode::corrupt, "shortest");
    expect_refused("580100", ErrorCode::corrupt, "shortest");
    expect_refused("780161", ErrorCode::corrupt, "shortest");
    expect_refused("980100", ErrorCode::corrupt, "shortest");
    expect_refused("b801616100", ErrorCode::corrupt, "shortest");
    expect_refused(
        "d9002a"
        "4100",
        ErrorCode::corrupt, "shortest");
    expect_refused("5f4100ff", ErrorCode::corrupt, "indefinite");
    expect_refused("7f6161ff", ErrorCode::corrupt, "indefinite");
    expect_refused("9f00ff", ErrorCode::corrupt, "indefinite");
    expect_refused("bf616100ff", ErrorCode::corrupt, "indefinite");
    expect_refused("1c", ErrorCode::corrupt, "reserved");
}

TEST(DagCbor, RefusesOtherMaps) {
    expect_refused(
        "a2"
        "616200"
        "616100",
        ErrorCode::corrupt, "order");
    expect_refused(
        "a2"
        "62616100"
        "616200",
        ErrorCode::corrupt, "order");
    expect_refused(
        "a2"
        "616100"
        "616100",
        ErrorCode::corrupt, "twice");
    expect_refused("a10000", ErrorCode::corrupt, "no text");
    expect_refused("a1416100", ErrorCode::corrupt, "no text");
    expect_refused("a1f600", ErrorCode::corrupt, "no text");
}

TEST(DagCbor, RefusesOtherKinds) {
    expect_refused("f7", ErrorCode::corrupt, "simple");
    expect_refused("e0", ErrorCode::corrupt, "simple");
    expect_refused("f8ff", ErrorCode::corrupt, "simple");
    expect_refused("ff", ErrorCode::corrupt, "simple");
    expect_refused("f90000", ErrorCode::corrupt, "64 bits");
    expect_refused("fa3f800000", ErrorCode::corrupt, "64 bits");
    expect_refused("fb3ff0000000000000", ErrorCode::unsupported, "float");
    expect_refused("c000", ErrorCode::corrupt, "tag 0");
    expect_refused("c249010000000000000000", ErrorCode::corrupt, "tag 2");
    expect_refused("d9d9f700", ErrorCode::corrupt, "tag 55799");
    expect_refused("d82a00", ErrorCode::corrupt, "no byte string");
    expect_refused("d82a40", ErrorCode::corrupt, "0x00");
    expect_refused("d82a582701" + to_hex(some_cid.bytes()), ErrorCode::corrupt, "0x00");
    expect_refused("d82a4100", ErrorCode::corrupt, "no CID");
    expect_refused("d82a582800" + to_hex(some_cid.bytes()) + "00", ErrorCode::corrupt, "no CID");
}

TEST(DagCbor, RefusesTruncationAtEveryByteAndTrailingBytes) {
    const auto bytes = encode_dag_cbor(
        Value::Map{{"a", Value::List{1000, -5, "text", hex("0102"), some_cid}}, {"b", Value::Map{{"c", true}}}});
    ASSERT_TRUE(bytes.ok());
    for (std::size_t n = 0; n < bytes->size(); ++n) {
        const Bytes cut(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(n));
        EXPECT_EQ(decode_dag_cbor(cut).error().code, ErrorCode::truncated) << n;
    }
    Bytes more = *bytes;
    more.push_back(std::byte{0});
    EXPECT_EQ(decode_dag_cbor(more).error().code, ErrorCode::corrupt);
    EXPECT_NE(decode_dag_cbor(more).error().message.find("at byte " + std::to_string(bytes->size())),
              std::string::npos);
}

TEST(DagCbor, HugeCountsTakeNoMemory) {
    for (const std::string_view block : {"9bffffffffffffffff", "9a7fffffff", "bb7fffffffffffffff", "bbffffffffffffffff",
                                         "5bffffffffffffffff", "7bffffffffffffffff", "a26161006162"})
        EXPECT_EQ(decode_dag_cbor(hex(block)).error().code, ErrorCode::truncated) << block;
}

TEST(DagCbor, DepthIsBounded) {
    const auto nested = [](std::size_t depth) {
        Bytes block(depth, std::byte{0x81});
        block.back() = std::byte{0x80};
        return block;
    };
    EXPECT_TRUE(decode_dag_cbor(nested(128)).ok());
    EXPECT_EQ(decode_dag_cbor(nested(129)).error().code, ErrorCode::too_large);
    EXPECT_TRUE(decode_dag_cbor(nested(3), {.max_depth = 3}).ok());
    EXPECT_FALSE(decode_dag_cbor(nested(3), {.max_depth = 2}).ok());
    EXPECT_TRUE(decode_dag_cbor(hex("00"), {.max_depth = 0}).ok());
    EXPECT_FALSE(decode_dag_cbor(hex("80"), {.max_depth = 0}).ok());
    EXPECT_TRUE(decode_dag_cbor(nested(1024), {.max_depth = 4'000'000}).ok());
    EXPECT_EQ(decode_dag_cbor(nested(2'000'000), {.max_depth = 4'000'000}).error().code, ErrorCode::too_large);

    Value value = Value::List{};
    for (int i = 0; i < 128; ++i) value = Value::List{std::move(value)};
    EXPECT_EQ(encode_dag_cbor(value).error().code, ErrorCode::too_large);
    EXPECT_TRUE(encode_dag_cbor(value, {.max_depth = 129}).ok());
}

TEST(DagCbor, Utf8IsCheckedWhereAskedFor) {
    const Bytes label = hex("62c328");
    EXPECT_EQ(decode_dag_cbor(label).error().code, ErrorCode::corrupt);
    const auto tolerated = decode_dag_cbor(label, {.check_utf8 = false});
    ASSERT_TRUE(tolerated.ok());
    EXPECT_EQ(encode_dag_cbor(*tolerated).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(*encode_dag_cbor(*tolerated, {.check_utf8 = false}), label);
    EXPECT_FALSE(decode_dag_cbor(hex("a161ff00")).ok());
    EXPECT_TRUE(decode_dag_cbor(hex("a161ff00"), {.check_utf8 = false}).ok());
}

TEST(DagCbor, RefusesToEncodeWhatHasNoEncoding) {
    EXPECT_EQ(encode_dag_cbor(Value::Map{{"a", 1}, {"b", 2}, {"a", 3}}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(encode_dag_cbor(Value::List{Cid{}}).error().code, ErrorCode::invalid_argument);
}

TEST(DagCbor, IntegersSayWhereTheyFit) {
    EXPECT_EQ(Integer(-1).as_int64(), -1);
    EXPECT_EQ(Integer(-1).as_uint64(), std::nullopt);
    EXPECT_EQ(Integer(~std::uint64_t{0}).as_int64(), std::nullopt);
    EXPECT_EQ(Integer(~std::uint64_t{0}).as_uint64(), ~std::uint64_t{0});
    EXPECT_EQ(Integer(std::numeric_limits<std::int64_t>::min()).as_int64(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(Integer::minus_one_minus(std::uint64_t{1} << 63).as_int64(), std::nullopt);
    EXPECT_EQ(Integer(std::int8_t{-128}).as_int64(), -128);
}

TEST(Utf8, Boundaries) {
    using namespace std::string_view_literals;
    for (const std::string_view good :
         {""sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv, "\xee\x80\x80"sv,
          "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "a\xc3\xbc z"sv})
        EXPECT_TRUE(is_utf8(good)) << to_hex(bytes_of(good));
    for (const std::string_view bad :
         {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2\x7f"sv, "\xc2\xc0"sv, "\xe0\x9f\xbf"sv,
          "\xed\xa0\x80"sv, "\xef\xbf"sv, "\xef\xbf\x7f"sv, "\xf0\x8f\xbf\xbf"sv, "\xf4\x90\x80\x80"sv,
          "\xf5\x80\x80\x80"sv, "\xff"sv, "\xf0\x90\x80"sv, "\xf0\x90\x80\xc0"sv, "a\xc3"sv})
        EXPECT_FALSE(is_utf8(bad)) << to_hex(bytes_of(bad));
}

}    // namespace
}    // namespace filfil::ipld
