// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/amount.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace filfil::chain {
namespace {

TEST(Amount, IsWrittenAsGoStateTypesDoes) {
    const std::pair<std::string, std::string_view> cases[] = {
        {"0", ""},
        {"1", "0001"},
        {"255", "00ff"},
        {"256", "000100"},
        {"1000000000", "003b9aca00"},
        {"999999999", "003b9ac9ff"},
        {"4294967296", "000100000000"},
        {"18446744073709551615", "00ffffffffffffffff"},
        {"18446744073709551616", "00010000000000000000"},
        {"2000000000000000000000000000", "000676 5c793fa10079d0000000"},
        {"-1", "0101"},
        {"-4294967296", "010100000000"},
    };
    for (const auto& [text, spaced] : cases) {
        std::string hex(spaced);
        std::erase(hex, ' ');
        const auto bytes = parse_amount(text);
        ASSERT_TRUE(bytes.ok()) << bytes.error().text();
        EXPECT_EQ(to_hex(*bytes), hex) << text;
        const auto back = amount_text(*bytes);
        ASSERT_TRUE(back.ok()) << back.error().text();
        EXPECT_EQ(*back, text);
    }
    EXPECT_TRUE(parse_amount("")->empty());
    EXPECT_EQ(amount_of(0), Bytes());
    EXPECT_EQ(to_hex(amount_of(1'000'000'000)), "003b9aca00");
    EXPECT_EQ(to_hex(amount_of(std::numeric_limits<std::uint64_t>::max())), "00ffffffffffffffff");
}

TEST(Amount, OfEveryLengthReadsBack) {
    SeededRandom random(3);
    for (std::size_t size = 2; size <= 128; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        bytes[0] = static_cast<std::byte>(size % 2);
        if (bytes[1] == std::byte{0}) bytes[1] = std::byte{1};
        const auto text = amount_text(bytes);
        ASSERT_TRUE(text.ok()) << text.error().text();
        const auto back = parse_amount(*text);
        ASSERT_TRUE(back.ok()) << *text << ": " << back.error().text();
        EXPECT_EQ(to_hex(*back), to_hex(bytes)) << *text;
    }
}

TEST(Amount, TextThatIsNoAmountIsRefused) {
    for (const std::string& text :
         {std::string("00"), std::string("01"), std::string("-0"), std::string("-"), std::string("+1"),
          std::string("1 "), std::string(" 1"), std::string("1.5"), std::string("1e9"), std::string("0x10"),
          std::string("--1"), std::string("12a"), std::string("1\0", 2)}) {
        const auto bytes = parse_amount(text);
        ASSERT_FALSE(bytes.ok()) << text;
        EXPECT_EQ(bytes.error().code, ErrorCode::invalid_argument) << text;
    }
    for (const std::size_t digits : {306U, 307U, 1'000'000U}) {
        const auto bytes = parse_amount(std::string(digits, '9'));
        ASSERT_FALSE(bytes.ok());
        EXPECT_EQ(bytes.error().code, ErrorCode::too_large) << bytes.error().text();
        EXPECT_LT(bytes.error().message.size(), 200);
    }
    EXPECT_TRUE(parse_amount(std::string(305, '9')).ok());
}

TEST(Amount, BytesThatAreNoAmountAreRefused) {
    for (const std::string_view hex : {"00", "01", "0000", "000001", "0201", "ff", "010000"}) {
        const auto text = amount_text(from_hex(hex).value());
        ASSERT_FALSE(text.ok()) << hex;
        EXPECT_EQ(text.error().code, ErrorCode::corrupt);
    }
    Bytes large(129, std::byte{1});
    large[0] = std::byte{0};
    EXPECT_FALSE(amount_text(large).ok());
    large.resize(128);
    EXPECT_TRUE(amount_text(large).ok());
}

}    // namespace
}    // namespace filfil::chain
