// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/bytes.hpp"

#include <string>

namespace filfil {
namespace {

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
    const Bytes bytes{std::byte{0x00}, std::byte{0x0f}, std::byte{0xa5}, std::byte{0xff}};
    EXPECT_EQ(to_hex(bytes), "000fa5ff");
    EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, ReadsEitherCase) {
    const Result<Bytes> bytes = from_hex("00fFAb");
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(*bytes, (Bytes{std::byte{0x00}, std::byte{0xff}, std::byte{0xab}}));
    ASSERT_TRUE(from_hex("").ok());
    EXPECT_TRUE(from_hex("")->empty());
}

TEST(Hex, EveryByteReadsBack) {
    Bytes all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
    const Result<Bytes> back = from_hex(to_hex(all));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, all);
}

TEST(Hex, RefusesAnOddLength) {
    const Result<Bytes> bytes = from_hex("abc");
    ASSERT_FALSE(bytes.ok());
    EXPECT_EQ(bytes.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(bytes.error().message.find("3"), std::string::npos) << bytes.error().message;
}

TEST(Hex, NamesTheCharacterThatIsNoDigit) {
    for (const auto& [text, place] : {std::pair<std::string, std::string>{"0g", "1"}, {"ab:0", "2"}, {"abc/", "3"}}) {
        const Result<Bytes> bytes = from_hex(text);
        ASSERT_FALSE(bytes.ok()) << text;
        EXPECT_EQ(bytes.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(bytes.error().message.find("character " + place), std::string::npos) << bytes.error().message;
    }
}

TEST(Bytes, ViewsOfTextShareItsMemory) {
    const std::string text = "piece";
    const ByteView view = bytes_of(text);
    EXPECT_EQ(view.size(), text.size());
    EXPECT_EQ(static_cast<const void*>(view.data()), static_cast<const void*>(text.data()));
    EXPECT_EQ(chars_of(view), text);
    EXPECT_EQ(chars_of(to_bytes(view)), text);
}

}    // namespace
}    // namespace filfil
