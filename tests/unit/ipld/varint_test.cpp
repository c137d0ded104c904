// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/varint.hpp"
#include "ipld/multihash.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

TEST(Varint, ReadsBackWhatItWrites) {
    std::vector<std::uint64_t> values = {0, 0x7f, 0x80, 0xb220, 0xf101};
    for (unsigned bit = 1; bit < 63; ++bit)
        for (std::uint64_t near = 0; near < 3; ++near) values.push_back((std::uint64_t{1} << bit) + near - 1);
    values.push_back((std::uint64_t{1} << 63) - 1);
    for (const std::uint64_t value : values) {
        Bytes out;
        append_varint(out, value);
        EXPECT_EQ(out.size(), varint_length(value)) << value;
        out.push_back(std::byte{0xff});
        const auto back = read_varint(out);
        ASSERT_TRUE(back.ok()) << value;
        EXPECT_EQ(back->value, value);
        EXPECT_EQ(back->length, out.size() - 1);
    }
}

TEST(Varint, KnownBytes) {
    Bytes out;
    append_varint(out, 0xb220);
    EXPECT_EQ(to_hex(out), "a0e402");
    EXPECT_EQ(varint_length(127), 1U);
    EXPECT_EQ(varint_length(128), 2U);
    EXPECT_EQ(varint_length((std::uint64_t{1} << 63) - 1), max_varint_length);
}

TEST(Varint, RefusesWhatTheFormatForbids) {
    EXPECT_EQ(read_varint({}).error().code, ErrorCode::truncated);
    EXPECT_EQ(read_varint(hex("80")).error().code, ErrorCode::truncated);
    EXPECT_EQ(read_varint(hex("ffffffffffffffff")).error().code, ErrorCode::truncated);
    EXPECT_EQ(read_varint(hex("8000")).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read_varint(hex("ff00")).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read_varint(hex("ffffffffffffffffff01")).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read_varint(hex("808080808080808080")).error().code, ErrorCode::corrupt);
    EXPECT_TRUE(read_varint(hex("ffffffffffffffff7f")).ok());
}

TEST(Multihash, ReadsFromTheFront) {
    const Bytes bytes = hex("a0e4020401020304ff");
    const auto read = read_multihash(bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->hash.code, HashCode::blake2b_256);
    EXPECT_EQ(to_hex(read->hash.digest), "01020304");
    EXPECT_EQ(read->length, 8U);
    Bytes back;
    append_multihash(back, read->hash);
    EXPECT_EQ(to_hex(back), "a0e4020401020304");
}

TEST(Multihash, RefusesEveryTruncation) {
    const Bytes bytes = hex("a0e4020401020304");
    for (std::size_t n = 0; n < bytes.size(); ++n)
        EXPECT_EQ(read_multihash(ByteView(bytes).first(n)).error().code, ErrorCode::truncated) << n;
}

TEST(Multihash, RefusesLongDigestsBeforeLookingForThem) {
    EXPECT_EQ(read_multihash(hex("128101")).error().code, ErrorCode::too_large);
    EXPECT_EQ(read_multihash(hex("12ffffffffffffffff7f")).error().code, ErrorCode::too_large);
    Bytes longest = hex("008001");
    longest.resize(3 + 128);
    EXPECT_TRUE(read_multihash(longest).ok());
}

TEST(Multihash, Names) {
    EXPECT_EQ(name_of(HashCode::sha2_256_trunc254_padded), "sha2-256-trunc254-padded");
    EXPECT_EQ(name_of(HashCode::fr32_sha256_trunc254_padbintree), "fr32-sha256-trunc254-padbintree");
    EXPECT_EQ(name_of(HashCode{0xb240}), "0xb240");
    EXPECT_EQ(name_of(HashCode{0x1b}), "0x1b");
}

TEST(Multihash, MatchesComputableFunctionsOnly) {
    const ByteView abc = bytes_of("abc");
    const Bytes blake = hex("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    const Bytes sha = hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_TRUE(*matches({HashCode::blake2b_256, blake}, abc));
    EXPECT_FALSE(*matches({HashCode::blake2b_256, sha}, abc));
    EXPECT_TRUE(*matches({HashCode::sha2_256, sha}, abc));
    EXPECT_FALSE(*matches({HashCode::sha2_256, sha}, bytes_of("abd")));
    EXPECT_TRUE(*matches({HashCode::identity, abc}, abc));
    EXPECT_FALSE(*matches({HashCode::identity, abc}, {}));
    EXPECT_EQ(matches({HashCode::poseidon_bls12_381_a2_fc1, sha}, abc).error().code, ErrorCode::unsupported);
    EXPECT_EQ(matches({HashCode::sha2_256_trunc254_padded, sha}, abc).error().code, ErrorCode::unsupported);
    EXPECT_EQ(matches({HashCode::sha2_256, ByteView(sha).first(20)}, abc).error().code, ErrorCode::unsupported);
}

}    // namespace
}    // namespace filfil::ipld
