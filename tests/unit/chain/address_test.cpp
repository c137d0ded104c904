// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/address.hpp"

#include "ipld/digest.hpp"
#include "ipld/multibase.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace filfil::chain {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

void reads_and_prints(const std::string& rest, const Bytes& bytes) {
    for (const char letter : {mainnet_letter, testnet_letter}) {
        const std::string text = letter + rest;
        const auto parsed = Address::parse(text);
        ASSERT_TRUE(parsed.ok()) << parsed.error().text();
        EXPECT_EQ(to_hex(parsed->bytes()), to_hex(bytes)) << text;
        EXPECT_EQ(parsed->text(letter), text);
        const auto read = Address::from_bytes(bytes);
        ASSERT_TRUE(read.ok()) << read.error().text();
        EXPECT_EQ(*read, *parsed);
    }
}

// go-address address_test.go TestVectorsIDAddress.
TEST(Address, NumbersAreThoseOfGoAddress) {
    reads_and_prints("00", hex("0000"));
    reads_and_prints("01", hex("0001"));
    reads_and_prints("010", hex("000a"));
    reads_and_prints("0150", hex("009601"));
    reads_and_prints("0499", hex("00f303"));
    reads_and_prints("01024", hex("008008"));
    reads_and_prints("01729", hex("00c10d"));
    reads_and_prints("0999999", hex("00bf843d"));
    reads_and_prints("09223372036854775807", hex("00ffffffffffffffff7f"));
    EXPECT_EQ(Address::of_id(1729).text(), "f01729");
    EXPECT_EQ(Address::of_id(1729), Address::parse("t01729").value());
    EXPECT_EQ(Address::of_id((std::uint64_t{1} << 63) - 1).text('t'), "t09223372036854775807");
    EXPECT_TRUE(Address::of_id(std::uint64_t{1} << 63).empty());
    EXPECT_EQ(Address().text(), "<empty>");
    EXPECT_EQ(Address::of_id(0).protocol(), AddressProtocol::id);
}

// TestVectorSecp256k1Address and TestVectorActorAddress: what is hashed with 20 bytes of BLAKE2b, and the address.
TEST(Address, HashesAreThoseOfGoAddress) {
    const struct {
        unsigned kind;
        std::string_view hashed;
        std::string rest;
    } vectors[] = {
        {1,
         "049402fac37e6432a416a3a0ca5426b5185ab3b24f6134efa25ce487c82d2e4e13bf452511e0d2245421f8613bc10d72fa216666a96c3"
         "b"
         "c13920d3ff233fd0bc05",
         "15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq"},
        {1,
         "0403ed12c814b6b10d2ee09d95b4688db2d180d0a9a37a6b6a7db63d29811ee9730479d8ef9139e91249cabd393291cfe5d277ba76de4"
         "5"
         "e3e085a37681bf3645d2",
         "1xtwapqc6nh4si2hcwpr3656iotzmlwumogqbuaa"},
        {1,
         "0442832bf87cce9ea345b90350de7d3495859ca449059c5e88dde74285dffb9ec01ebabc5fc86268cfeaeba7ae05bfb8d68eb75a52687"
         "8"
         "2cf86fc8702bef8a1fe0",
         "17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy"},
        {2, "76128190cdf068d1418044acc03e0b6781970d60", "24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i"},
        {2, "022c9e0ea29d8f40c56abec35c8d587da0a64c18", "2nuqrg7vuysaue2pistjjnt3fadsdzvyuatqtfei"},
        {2, "3d3a89e8ddab547832716c6d468c3560c9f47fd8", "2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y"},
    };
    for (const auto& [kind, hashed, rest] : vectors) {
        Bytes bytes(21, static_cast<std::byte>(kind));
        ipld::blake2b_portable(hex(hashed), ByteSpan(bytes).subspan(1));
        reads_and_prints(rest, bytes);
    }
}

// TestVectorBLSAddress.
TEST(Address, KeysAreThoseOfGoAddress) {
    reads_and_prints("3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a",
                     hex("03ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3"
                         "414dd"));
    reads_and_prints("3u5zgwa4ael3vuocgc5mfgygo4yuqocrntuuhcklf4xzg5tcaqwbyfabxetwtj4tsam3pbhnwghyhijr5mixa",
                     hex("03a7726b038022f75a384617585360cee629070a2d9d28712965e5f26ecc40858382803724ed34f2720336f09db63"
                         "1f074"));
}

// TestDelegatedAddress, and the Ethereum address 0x0.
TEST(Address, DelegatedOnesAreThoseOfGoAddress) {
    reads_and_prints("432f77777777x32lpna", hex("0420ffffffffff"));
    reads_and_prints("49223372036854775807fiic6zsy", hex("04ffffffffffffffff7f"));
    Bytes longest = hex("04ffffffffffffffff7f");
    longest.resize(longest.size() + 54);
    reads_and_prints("49223372036854775807f" + std::string(86, 'a') + "hwgiuam", longest);
    Bytes ethereum = hex("040a");
    ethereum.resize(22);
    reads_and_prints("410faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaonc6iji", ethereum);
}

// TestInvalidStringAddresses, TestInvalidByteAddresses and more.
TEST(Address, TextThatIsNoAddressIsRefusedWithTheReason) {
    const auto of = [](std::string_view front, std::size_t size) {
        return std::string(front) + ipld::to_base32(Bytes(size, std::byte{'a'}));
    };
    const std::pair<std::string, std::string_view> cases[] = {
        {"", "too short"},
        {"t", "too short"},
        {"t0", "too short"},
        {"t2", "too short"},
        {std::string(116, 'a'), "longer than 115"},
        {std::string(1'000'000, 'f'), "longer than 115"},
        {"Q2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y", "neither f nor t"},
        {"F01234", "neither f nor t"},
        {"t5gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y", "kind"},
        {"f/1234", "kind"},
        {"t2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y", "checksum"},
        {"t0banananananannnnnnn", "decimal"},
        {"f01234x", "decimal"},
        {"f0 1234", "decimal"},
        {"f0-1", "decimal"},
        {"f0+1", "decimal"},
        {"f001", "decimal"},
        {"f09223372036854775808", "decimal"},
        {"f018446744073709551616", "decimal"},
        {"f099999999999999999999999999", "decimal"},
        {"t2gfvuyh7v2sx3patm1k23wdzmhyhtmqctasbr24y", "'1' at character 18"},
        {"t2gfvuyh7v2sx3paTm1k23wdzmhyhtmqctasbr24y", "character 16 is in upper case"},
        {"t1234q", "short"},
        {"t1q", "character"},
        {of("t1", 24), "checksum"},
        {of("t1", 25), "length"},
        {of("t1", 23), "length"},
        {of("t2", 25), "length"},
        {of("t3", 52), "checksum"},
        {of("t3", 51), "length"},
        {of("t3", 53), "length"},
        {of("f410f", 24), "checksum"},
        {of("f410f", 59), "length"},
        {of("f410f", 3), "short"},
        {"f410aaaaaaaaaa", "f behind its namespace"},
        {"f4faaaaaaaaaaaa", "namespace"},
        {"f4010faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaonc6iji", "namespace"},
        {"f49223372036854775808fiic6zsy", "namespace"},
        {"f410faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaonc6ijj", "bits that no byte uses"},
        {"f410faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaonc6iji=", "'=' at character"},
        {"f411faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaonc6iji", "checksum"},
        {std::string("f0123\0", 6), "decimal"},
    };
    for (const auto& [text, why] : cases) {
        const auto address = Address::parse(text);
        ASSERT_FALSE(address.ok()) << text;
        EXPECT_EQ(address.error().code, ErrorCode::invalid_argument) << text;
        EXPECT_NE(address.error().message.find(why), std::string::npos) << address.error().text();
        EXPECT_LT(address.error().message.size(), 300) << "long text stays out of messages";
    }
}

TEST(Address, BytesThatAreNoAddressAreRefused) {
    const auto with_payload = [](unsigned kind, std::size_t size) {
        Bytes out(size + 1);
        out[0] = static_cast<std::byte>(kind);
        return out;
    };
    const std::pair<Bytes, ErrorCode> cases[] = {
        {Bytes(), ErrorCode::truncated},           {hex("00"), ErrorCode::truncated},
        {hex("050404"), ErrorCode::corrupt},       {hex("ff00"), ErrorCode::corrupt},
        {hex("000000"), ErrorCode::corrupt},       {hex("008000"), ErrorCode::corrupt},
        {hex("00ff"), ErrorCode::truncated},       {hex("00ffffffffffffffffff01"), ErrorCode::corrupt},
        {with_payload(1, 19), ErrorCode::corrupt}, {with_payload(1, 21), ErrorCode::corrupt},
        {with_payload(2, 19), ErrorCode::corrupt}, {with_payload(2, 21), ErrorCode::corrupt},
        {with_payload(3, 47), ErrorCode::corrupt}, {with_payload(3, 49), ErrorCode::corrupt},
        {with_payload(4, 56), ErrorCode::corrupt}, {hex("04ff"), ErrorCode::truncated},
        {hex("048000"), ErrorCode::corrupt},       {Bytes(1 << 20), ErrorCode::corrupt},
    };
    for (const auto& [bytes, code] : cases) {
        const auto address = Address::from_bytes(bytes);
        ASSERT_FALSE(address.ok()) << to_hex(ByteView(bytes).first(std::min<std::size_t>(bytes.size(), 40)));
        EXPECT_EQ(address.error().code, code) << address.error().text();
    }
    EXPECT_TRUE(Address::from_bytes(with_payload(4, 55)).ok());
}

TEST(Address, NoSingleMistypedCharacterIsReadAsAnotherAddress) {
    const std::string right = "f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq";
    for (std::size_t i = 1; i < right.size(); ++i)
        for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz234567")) {
            std::string wrong = right;
            wrong[i] = c;
            EXPECT_EQ(Address::parse(wrong).ok(), wrong == right) << wrong;
        }
}

// RFC 7693 appendix A gives 64 bytes; the 4 bytes are not the front of them.
TEST(Blake2b, DigestsOfOtherLengthsAreOfTheirOwn) {
    std::array<std::byte, 64> whole{};
    ipld::blake2b_portable(bytes_of("abc"), whole);
    EXPECT_EQ(to_hex(whole),
              "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
              "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    std::array<std::byte, 4> four{};
    ipld::blake2b_portable(bytes_of("abc"), four);
    EXPECT_NE(to_hex(four), to_hex(ByteView(whole).first(4)));
    ipld::Digest256 as_span{};
    ipld::blake2b_portable(bytes_of("abc"), as_span);
    EXPECT_EQ(as_span, ipld::blake2b_256(bytes_of("abc")));
}

}    // namespace
}    // namespace filfil::chain
