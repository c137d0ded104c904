// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cid.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::ipld {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

// The example that the multiformats/cid README decodes, and the genesis block of Filecoin's main network.
constexpr std::string_view v0_text = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";
constexpr std::string_view v0_hex = "1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view genesis_text = "bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2";
constexpr std::string_view genesis_hex = "0171a0e402209a0640d0620af5d1c458effce4cbb8969779c9072b164d3fe6f5179d6378d8cd";

TEST(Cid, ReadsAndWritesVersion1) {
    const auto cid = Cid::parse(genesis_text);
    ASSERT_TRUE(cid.ok()) << cid.error().text();
    EXPECT_EQ(to_hex(cid->bytes()), genesis_hex);
    EXPECT_EQ(cid->version(), 1U);
    EXPECT_EQ(cid->codec(), Codec::dag_cbor);
    EXPECT_EQ(cid->hash().code, HashCode::blake2b_256);
    EXPECT_EQ(cid->hash().digest.size(), 32U);
    EXPECT_EQ(cid->text(), genesis_text);
    EXPECT_EQ(Cid(cid->codec(), cid->hash()), *cid);
}

TEST(Cid, ReadsAndWritesVersion0) {
    const auto cid = Cid::parse(v0_text);
    ASSERT_TRUE(cid.ok()) << cid.error().text();
    EXPECT_EQ(to_hex(cid->bytes()), v0_hex);
    EXPECT_EQ(cid->version(), 0U);
    EXPECT_EQ(cid->codec(), Codec::dag_pb);
    EXPECT_EQ(cid->hash().code, HashCode::sha2_256);
    EXPECT_EQ(cid->text(), v0_text);
    EXPECT_EQ(*Cid::from_bytes(hex(v0_hex)), *cid);
}

// One CID in every base, made with an independent implementation (Python's base64 module and integer arithmetic).
TEST(Cid, ReadsEveryMultibase) {
    const auto want = Cid::parse(genesis_text);
    const std::string upper_base32 = [] {
        std::string text(genesis_text);
        std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
        return text;
    }();
    for (const std::string& text :
         {upper_base32, "f" + std::string(genesis_hex),
          std::string("F0171A0E402209A0640D0620AF5D1C458EFFCE4CBB8969779C9072B164D3FE6F5179D6378D8CD"),
          std::string("mAXGg5AIgmgZA0GIK9dHEWO/85Mu4lpd5yQcrFk0/5vUXnWN42M0"),
          std::string("uAXGg5AIgmgZA0GIK9dHEWO_85Mu4lpd5yQcrFk0_5vUXnWN42M0"),
          std::string("zDPWYqFD258bYWszFNp8cwgfeVuGgcu3YgeRuaY6PGSYAat6NKPJ")}) {
        const auto cid = Cid::parse(text);
        ASSERT_TRUE(cid.ok()) << cid.error().text();
        EXPECT_EQ(*cid, *want) << text;
    }
}

TEST(Cid, ReadsFromTheFrontAndKeepsItsLength) {
    for (const std::string_view text : {genesis_hex, v0_hex}) {
        Bytes bytes = hex(text);
        const std::size_t size = bytes.size();
        bytes.resize(size + 5, std::byte{0xaa});
        const auto cid = Cid::read(bytes);
        ASSERT_TRUE(cid.ok());
        EXPECT_EQ(to_hex(cid->bytes()), text);
        EXPECT_EQ(Cid::from_bytes(bytes).error().code, ErrorCode::corrupt);
        for (std::size_t n = 0; n < size; ++n) {
            EXPECT_EQ(Cid::read(ByteView(bytes).first(n)).error().code, ErrorCode::truncated) << text << ' ' << n;
            EXPECT_FALSE(Cid::from_bytes(ByteView(bytes).first(n)).ok());
        }
    }
}

TEST(Cid, RefusesWhatIsNoCid) {
    EXPECT_EQ(Cid::read(hex("00710000")).error().code, ErrorCode::corrupt);
    EXPECT_EQ(Cid::read(hex("02710000")).error().code, ErrorCode::unsupported);
    EXPECT_EQ(Cid::read(hex("1221ff")).error().code, ErrorCode::unsupported);
    EXPECT_EQ(Cid::read(hex("0180000000")).error().code, ErrorCode::corrupt);    // codec not minimal
    EXPECT_EQ(Cid::read(hex("81000000")).error().code, ErrorCode::corrupt);      // version not minimal
    EXPECT_EQ(Cid::read(hex("015512ffffff7f")).error().code, ErrorCode::too_large);
    EXPECT_TRUE(Cid::read(hex("01550000")).ok());    // identity of nothing
}

TEST(Cid, TextErrorsSayWhere) {
    const auto code_and_message = [](std::string_view text) {
        const auto cid = Cid::parse(text);
        EXPECT_FALSE(cid.ok()) << text;
        if (cid.ok()) return std::string();
        EXPECT_EQ(cid.error().code, ErrorCode::invalid_argument) << text;
        EXPECT_FALSE(cid.error().remedy.empty()) << text;
        return cid.error().message;
    };
    const auto says = [&](std::string_view text, std::string_view part) {
        const std::string message = code_and_message(text);
        EXPECT_NE(message.find(part), std::string::npos) << message;
    };
    says("", "empty");
    says("b", "no bytes");
    says("hello", "multibase");
    says("bafy2bzacec1amqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2", "'1' at character 11");
    says(std::string(genesis_text.substr(0, 40)), "cut off");
    says(std::string(genesis_text.substr(0, 41)), "left");
    says(std::string(genesis_text) + "a", "too many");
    says(std::string(genesis_text) + "aa", "follow");
    says(std::string(genesis_text.substr(0, 61)) + "3", "mistyped");
    says("z" + std::string(v0_text), "version 0");
    says(v0_text.substr(0, 45), "version 0");
    says(std::string(v0_text) + "1", "no CID");
    says("b\n", "\\x0a");
    says(std::string(5000, 'b'), "5000 characters");
    says("bafy2bzace cnam", "byte 0x20");
}

TEST(Cid, NoTextButTheWholeIsAccepted) {
    for (const std::string_view text : {genesis_text, v0_text})
        for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(Cid::parse(text.substr(0, n)).ok()) << n;
}

TEST(Cid, OneDigestUnderTwoCodecsIsTwoCids) {
    const Cid block = cid_of_block(Codec::dag_cbor, bytes_of("abc"));
    const Cid raw = cid_of_block(Codec::raw, bytes_of("abc"));
    EXPECT_NE(block, raw);
    EXPECT_TRUE(std::ranges::equal(block.hash().digest, raw.hash().digest));
    EXPECT_NE(std::hash<Cid>{}(block), std::hash<Cid>{}(raw));
    EXPECT_LT(raw, block);
}

TEST(Cid, EmptyNamesNothing) {
    const Cid none;
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.text(), "");
    EXPECT_EQ(none.version(), 0U);
    EXPECT_TRUE(none.hash().digest.empty());
    EXPECT_LT(none, cid_of_block(Codec::raw, {}));
}

TEST(Cid, CodecNames) {
    EXPECT_EQ(name_of(Codec::dag_cbor), "dag-cbor");
    EXPECT_EQ(name_of(Codec::fil_commitment_unsealed), "fil-commitment-unsealed");
    EXPECT_EQ(name_of(Codec{0x0129}), "0x129");
}

}    // namespace
}    // namespace filfil::ipld
