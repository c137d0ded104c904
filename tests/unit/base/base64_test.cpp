// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"

#include "base/random.hpp"

#include <cctype>
#include <string>

namespace filfil {
namespace {

// RFC 4648 section 10.
TEST(Base64, IsThatOfTheRfc) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [plain, text] : vectors) {
        EXPECT_EQ(to_base64(bytes_of(plain)), text);
        const auto back = from_base64(text);
        ASSERT_TRUE(back.ok()) << back.error().text();
        EXPECT_EQ(chars_of(*back), plain);
    }
    EXPECT_EQ(to_base64(from_hex("fbff3e3f").value()), "+/8+Pw==");
}

TEST(Base64, BytesOfEveryLengthReadBack) {
    SeededRandom random(1);
    for (std::size_t size = 0; size < 300; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        const auto back = from_base64(to_base64(bytes));
        ASSERT_TRUE(back.ok()) << back.error().text();
        EXPECT_EQ(*back, bytes);
    }
}

TEST(Base64, EveryPairOfDigitsReadsBack) {
    for (unsigned value = 0; value < 65536; value += 7) {
        const Bytes bytes{static_cast<std::byte>(value >> 8), static_cast<std::byte>(value), std::byte{0x5a}};
        EXPECT_EQ(from_base64(to_base64(bytes)).value(), bytes);
    }
}

TEST(Base64, NamesTheCharacterThatIsNoDigit) {
    const std::pair<std::string, std::string> cases[] = {
        {"Zm9*Zm9v", "'*' at character 3"},
        {"*m9v", "'*' at character 0"},
        {"Zm9vZm-v", "'-' at character 6"},
        {"Zm9v Zm9", "byte 0x20 at character 4"},
        {"Zm=v", "'=' at character 2"},
        {"Zg==Zm9v", "'=' at character 2"},
        {"Z===", "'=' at character 1"},
        {"====", "'=' at character 0"},
        {"Zm9vZ\x80==", "byte 0x80 at character 5"},
        {"Zm9\n", "byte 0x0a at character 3"},
        {"Z*==", "'*' at character 1"},
        {"Zm_=", "'_' at character 2"},
    };
    for (const auto& [text, where] : cases) {
        const auto bytes = from_base64(text);
        ASSERT_FALSE(bytes.ok()) << text;
        EXPECT_EQ(bytes.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(bytes.error().message.find(where), std::string::npos) << text << ": " << bytes.error().message;
    }
}

TEST(Base64, EveryByteThatIsNoDigitIsRefusedInEveryPlace) {
    std::size_t refused = 0;
    for (int c = 0; c < 256; ++c) {
        const bool digit = std::isalnum(c) != 0 || c == '+' || c == '/';
        for (std::size_t place = 0; place < 8; ++place) {
            std::string text = "Zm9vZm9v";
            text[place] = static_cast<char>(c);
            const bool padding = c == '=' && place == 7;
            // "Zm9vZm9=" leaves bits of the last digit over.
            EXPECT_EQ(from_base64(text).ok(), digit && !padding) << c << " at " << place;
            refused += digit ? 0 : 1;
        }
    }
    EXPECT_EQ(refused, 192 * 8);
}

TEST(Base64, RefusesLengthsThatNoBytesHave) {
    for (const std::string_view text : {"Z", "Zm", "Zm9", "Zm9vZ", "=", "=="}) {
        const auto bytes = from_base64(text);
        ASSERT_FALSE(bytes.ok()) << text;
        EXPECT_NE(bytes.error().message.find("no multiple of 4"), std::string::npos) << bytes.error().message;
    }
}

TEST(Base64, RefusesBitsThatNoByteUses) {
    for (const std::string_view text : {"Zh==", "Zv==", "Zm9=", "Zm+=", "Zm9vZm9="}) {
        const auto bytes = from_base64(text);
        ASSERT_FALSE(bytes.ok()) << text;
        EXPECT_NE(bytes.error().message.find("bits that no byte uses"), std::string::npos) << bytes.error().message;
    }
}

}    // namespace
}    // namespace filfil
