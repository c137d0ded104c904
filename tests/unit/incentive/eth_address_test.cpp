// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/eth_address.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

TEST(EthAddress, WritesTheChecksumOfEip55) {
    // The test cases of EIP-55.
    for (const std::string text :
         {"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
          "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
          "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
          "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}) {
        const auto read = EthAddress::parse(text);
        ASSERT_TRUE(read.ok()) << text;
        EXPECT_EQ(read->text(), text);
        std::string lower = text;
        for (char& c : lower)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        EXPECT_EQ(EthAddress::parse(lower).value(), *read);
        EXPECT_EQ(read->lower_text(), lower);
    }
}

TEST(EthAddress, RefusesAWrongChecksum) {
    const auto read = EthAddress::parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(read.error().message.find("EIP-55"), std::string::npos);
    EXPECT_TRUE(EthAddress::parse("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED").ok());
}

TEST(EthAddress, RefusesTextThatIsNone) {
    for (const std::string text :
         {"", "0x", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae",
          "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg",
          "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", " 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"})
        EXPECT_EQ(EthAddress::parse(text).error().code, ErrorCode::invalid_argument) << text;
    EXPECT_EQ(EthAddress::parse(std::string(100'000, 'a')).error().message.size() < 200, true);
    EXPECT_EQ(EthAddress::from_bytes(Bytes(19)).error().code, ErrorCode::corrupt);
    EXPECT_EQ(EthAddress::from_bytes(Bytes(21)).error().code, ErrorCode::corrupt);
}

TEST(EthAddress, HoldsAnActorsNumber) {
    const EthAddress market = EthAddress::of_id(5);
    EXPECT_EQ(market.lower_text(), "0xff00000000000000000000000000000000000005");
    EXPECT_EQ(market.id(), 5U);
    EXPECT_EQ(eth_address_of(chain::Address::of_id(5)).value(), market);
    EXPECT_EQ(filecoin_address_of(market)->text(), "f05");
    for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{1000}, (std::uint64_t{1} << 63) - 1}) {
        EXPECT_EQ(EthAddress::of_id(id).id(), id);
        EXPECT_EQ(eth_address_of(filecoin_address_of(EthAddress::of_id(id)).value()).value(), EthAddress::of_id(id));
    }
    EXPECT_EQ(filecoin_address_of(EthAddress::of_id(std::uint64_t{1} << 63)).error().code, ErrorCode::corrupt);
    EXPECT_FALSE(EthAddress::parse("0xff00000000000000000000010000000000000005")->id().has_value());
    EXPECT_FALSE(EthAddress::parse("0xfe00000000000000000000000000000000000003")->id().has_value());
}

TEST(EthAddress, IsAnF410Address) {
    const EthAddress address = EthAddress::parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value();
    const chain::Address made = filecoin_address_of(address).value();
    EXPECT_TRUE(made.text().starts_with("f410f"));
    EXPECT_EQ(to_hex(made.bytes()), "040a5aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
    EXPECT_EQ(eth_address_of(made).value(), address);
    EXPECT_EQ(EthAddress::parse_any(made.text('t')).value(), address);
    EXPECT_EQ(EthAddress::parse_any(address.text()).value(), address);
    EXPECT_EQ(EthAddress::parse_any("f01000").value(), EthAddress::of_id(1000));
}

TEST(EthAddress, OthersHaveNo0xFormAndTheRemedySaysWhatToDo) {
    const Bytes other_giver = from_hex("040b5aaeb6053f3e94c9b9a09f33669435e7ef1beaed").value();
    const Bytes short_one = from_hex("040a5aaeb6").value();
    const Bytes key = from_hex("01" + std::string(40, '1')).value();
    const Bytes actor = from_hex("02" + std::string(40, '2')).value();
    const Bytes bls = from_hex("03" + std::string(96, '3')).value();
    for (const Bytes& bytes : {other_giver, short_one, key, actor, bls}) {
        const auto made = eth_address_of(chain::Address::from_bytes(bytes).value());
        ASSERT_FALSE(made.ok()) << to_hex(bytes);
        EXPECT_EQ(made.error().code, ErrorCode::unsupported);
        EXPECT_NE(made.error().remedy.find("f0"), std::string::npos);
    }
    EXPECT_EQ(eth_address_of(chain::Address()).error().code, ErrorCode::invalid_argument);
    const Bytes masked = from_hex("040aff00000000000000000000000000000000000005").value();
    EXPECT_EQ(eth_address_of(chain::Address::from_bytes(masked).value()).error().code, ErrorCode::corrupt);
    EXPECT_EQ(EthAddress::parse_any("nobody").error().code, ErrorCode::invalid_argument);
}

}    // namespace
}    // namespace filfil::incentive
