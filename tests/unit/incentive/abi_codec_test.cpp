// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/abi_codec.hpp"

#include "vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

AbiType type(std::string_view text) { return AbiType::parse(text).value(); }

/// A word of so much.
std::string word(std::uint64_t value) { return to_hex(U256(value).bytes()); }

Result<AbiValue> decode(std::string_view types, const std::string& hex) {
    return decode_abi(type(types), hex_bytes(hex));
}

void expect_refused(std::string_view types, const std::string& hex, ErrorCode code, std::string_view says) {
    const auto read = decode(types, hex);
    ASSERT_FALSE(read.ok()) << types << " " << hex;
    EXPECT_EQ(read.error().code, code) << read.error().message;
    EXPECT_NE(read.error().message.find(says), std::string::npos) << read.error().message;
}

TEST(AbiCodec, WritesAndReadsAsAnotherProgramDoes) {
    const rpc::Json all = vectors("abi.json");
    ASSERT_GE(all.size(), 100U);
    for (const rpc::Json& one : all) {
        const auto types = one["types"].get<std::string>();
        const Bytes expected = hex_bytes(one["encoded"].get<std::string>());
        const AbiValue value = value_of(type(types), one["value"]);
        const auto written = encode_abi(type(types), value);
        ASSERT_TRUE(written.ok()) << types << ": " << written.error().text();
        EXPECT_EQ(to_hex(*written), to_hex(expected)) << types;
        const auto read = decode_abi(type(types), expected);
        ASSERT_TRUE(read.ok()) << types << ": " << read.error().text();
        EXPECT_EQ(*read, value) << types;
    }
}

TEST(AbiCodec, RefusesEveryFrontOfAnEncoding) {
    for (const rpc::Json& one : vectors("abi.json")) {
        const auto types = one["types"].get<std::string>();
        const Bytes whole = hex_bytes(one["encoded"].get<std::string>());
        for (std::size_t size = 0; size < whole.size(); size += size % 32 == 0 ? 1 : 31) {
            const auto read = decode_abi(type(types), ByteView(whole).first(size));
            ASSERT_FALSE(read.ok()) << types << " " << size;
            EXPECT_TRUE(read.error().code == ErrorCode::truncated) << read.error().message;
        }
    }
}

TEST(AbiCodec, ReadsNoTwoEncodingsAsTheSameValue) {
    // Whatever byte is changed, it is refused or another value.
    for (const rpc::Json& one : vectors("abi.json")) {
        const auto types = one["types"].get<std::string>();
        Bytes changed = hex_bytes(one["encoded"].get<std::string>());
        const AbiValue value = value_of(type(types), one["value"]);
        for (std::size_t i = 0; i < changed.size(); i += 1 + i / 64) {
            for (const std::byte flip : {std::byte{0x01}, std::byte{0x80}}) {
                changed[i] ^= flip;
                const auto read = decode_abi(type(types), changed);
                EXPECT_TRUE(!read.ok() || *read != value) << types << " " << i;
                changed[i] ^= flip;
            }
        }
    }
}

TEST(AbiCodec, RefusesNumbersOutOfTheirRange) {
    expect_refused("(uint8)", word(256), ErrorCode::corrupt, "byte 0: a number is out of the range of uint8");
    expect_refused("(bool,uint64)", word(1) + "01" + std::string(62, '0'), ErrorCode::corrupt, "byte 32");
    expect_refused("(int8)", word(128), ErrorCode::corrupt, "int8");
    expect_refused("(int8)", std::string(62, 'f') + "7f", ErrorCode::corrupt, "int8");
    EXPECT_TRUE(decode("(int8)", std::string(62, 'f') + "80").ok());
    expect_refused("(bool)", word(2), ErrorCode::corrupt, "neither 0 nor 1");
    expect_refused("(address)", "01" + std::string(62, '0'), ErrorCode::corrupt, "longer than 20 bytes");
    expect_refused("(bytes4)", "0102030405" + std::string(54, '0'), ErrorCode::corrupt, "byte 4: what fills");
}

TEST(AbiCodec, RefusesOffsetsThatPointAnywhereElse) {
    const std::string tail = word(1) + "ff" + std::string(62, '0');
    EXPECT_TRUE(decode("(bytes)", word(32) + tail).ok());
    for (const std::uint64_t offset : {0U, 1U, 31U, 33U, 64U, 96U, 1000000U})
        expect_refused("(bytes)", word(offset) + tail, ErrorCode::corrupt, "byte 0: an offset is");
    expect_refused("(bytes)", std::string(64, 'f') + tail, ErrorCode::corrupt, "and 32 is expected");
    // Two that share what they point at, in order the wrong way, or with a gap.
    expect_refused("(bytes,bytes)", word(64) + word(64) + tail, ErrorCode::corrupt, "byte 32: an offset is 64");
    expect_refused("(bytes,bytes)", word(128) + word(64) + tail + tail, ErrorCode::corrupt, "byte 0");
    expect_refused("(bytes,bytes)", word(64) + word(160) + tail + word(0) + tail, ErrorCode::corrupt, "byte 32");
    expect_refused("(bytes)", word(32) + tail + word(0), ErrorCode::corrupt, "byte 96: 32 bytes follow");
}

TEST(AbiCodec, RefusesLengthsBeyondTheEnd) {
    for (const std::string& length : {word(33), word(1'000'000), std::string(64, 'f'), "8" + std::string(63, '0'),
                                      std::string(48, '0') + std::string(16, 'f')}) {
        expect_refused("(bytes)", word(32) + length + word(0), ErrorCode::truncated, "byte");
        expect_refused("(string)", word(32) + length + word(0), ErrorCode::truncated, "byte");
        expect_refused("(uint8[])", word(32) + length + word(0), ErrorCode::truncated, "a length of");
        expect_refused("(bytes[])", word(32) + length + word(0), ErrorCode::truncated, "a length of");
        expect_refused("((uint8,uint8)[])", word(32) + length + word(0), ErrorCode::truncated, "a length of");
    }
    expect_refused("(bytes)", word(32) + word(31) + std::string(62, '0'), ErrorCode::truncated,
                   "32 bytes are expected");
}

TEST(AbiCodec, DoesNotGrowByListsInListsThatShareTheirItems) {
    // 1000 lists, each of which would be read from the same 1000 words.
    std::string data = word(32) + word(1000);
    for (int i = 0; i < 1000; ++i) data += word(32 * 1000);
    data += word(1000);
    for (int i = 0; i < 1000; ++i) data += word(7);
    expect_refused("(uint256[][])", data, ErrorCode::corrupt, "an offset is 32000");
}

TEST(AbiCodec, HasALimitOfSize) {
    const auto read = decode_abi(type("(bytes)"), Bytes(64 + 1), {.bytes = 64});
    EXPECT_EQ(read.error().code, ErrorCode::too_large);
}

TEST(AbiCodec, RefusesToWriteWhatIsNotOfTheType) {
    const auto refused = [](std::string_view types, AbiValue value, std::string_view says) {
        const auto written = encode_abi(type(types), value);
        ASSERT_FALSE(written.ok()) << types;
        EXPECT_EQ(written.error().code, ErrorCode::invalid_argument);
        EXPECT_EQ(written.error().message, says);
    };
    using List = AbiValue::List;
    refused("(uint8)", List{256U}, "member 0: a number is out of the range of uint8");
    refused("(uint8)", List{true}, "member 0: a value is not of the type uint8");
    refused("(uint8)", List{}, "a value is not of the type (uint8)");
    refused("(uint8)", 1U, "a value is not of the type (uint8)");
    refused("(bytes4)", List{Bytes(3)}, "member 0: a value is not of the type bytes4");
    refused("(bool[2])", List{List{true}}, "member 0: a value is not of the type bool[2]");
    refused("(bool,string[])", List{true, List{std::string("a"), Bytes()}},
            "member 1: item 1: a value is not of the type string");
    refused("(address)", List{Bytes(20)}, "member 0: a value is not of the type address");
    refused("(int8)", List{128U}, "member 0: a number is out of the range of int8");
}

}    // namespace
}    // namespace filfil::incentive
