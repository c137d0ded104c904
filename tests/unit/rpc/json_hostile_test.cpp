// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/json.hpp"

#include <gtest/gtest.h>

namespace filfil::rpc {
namespace {

std::string refusal(std::string_view text, ErrorCode code = ErrorCode::corrupt) {
    const auto out = parse_json(text);
    EXPECT_FALSE(out.ok()) << text;
    if (out.ok()) return {};
    EXPECT_EQ(out.error().code, code) << text;
    return out.error().message;
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += part;
    return out;
}

TEST(HostileJson, SaysTheByteAndWhatIsThere) {
    EXPECT_EQ(refusal(""), "JSON: byte 0: a value is expected, not the end");
    EXPECT_EQ(refusal("  "), "JSON: byte 2: a value is expected, not the end");
    EXPECT_EQ(refusal("<html>"), "JSON: byte 0: a value is expected, not '<'");
    EXPECT_EQ(refusal("[1,]"), "JSON: byte 3: a value is expected, not ']'");
    EXPECT_EQ(refusal("[1 2]"), "JSON: byte 3: ',' or ']' is expected, not '2'");
    EXPECT_EQ(refusal("{\"a\" 1}"), "JSON: byte 5: ':' is expected, not '1'");
    EXPECT_EQ(refusal("{\"a\":1,}"), "JSON: byte 7: a key in quotation marks is expected, not '}'");
    EXPECT_EQ(refusal("{a:1}"), "JSON: byte 1: a key in quotation marks is expected, not 'a'");
    EXPECT_EQ(refusal("{\"a\":1"), "JSON: byte 6: ',' or '}' is expected, not the end");
    EXPECT_EQ(refusal("1 2"), "JSON: byte 2: the end of the text is expected, not '2'");
    EXPECT_EQ(refusal("\"abc"), "JSON: byte 4: '\"' at the end of a string is expected, not the end");
    EXPECT_EQ(refusal("tru"), "JSON: byte 0: a value is expected, not 't'");
}

TEST(HostileJson, NothingButJsonIsTaken) {
    for (const char* text : {"nul", "True", "NaN", "Infinity", "-Infinity", "'a'", "// c\n1", "[1]x", "{}{}", "]", "}",
                             ",", ":", "{1:2}", "{\"a\"}", "[,1]", "{,}", "\xef\xbb\xbf{}", "undefined"})
        refusal(text);
}

TEST(HostileJson, NumbersFollowTheGrammar) {
    for (const char* text :
         {"01", "-", "-a", "+1", ".5", "1.", "1.e3", "1e", "1e+", "0x10", "--1", "1_000", "-01", "00"})
        refusal(text);
    EXPECT_EQ(refusal("1e999"), "JSON: byte 0: the number is beyond what a double can hold");
    refusal("[" + std::string(1'000'000, '9') + "]");
}

TEST(HostileJson, EveryTruncationIsRefused) {
    const std::string whole = R"({"jsonrpc":"2.0","id":12,"result":[true,null,-1.5e3,"é\u00e9\ud83d\ude00",{"a":{}}]})";
    ASSERT_TRUE(parse_json(whole).ok());
    for (std::size_t size = 0; size < whole.size(); ++size) refusal(std::string_view(whole).substr(0, size));
}

TEST(HostileJson, EveryByteThatIsReplacedGivesAValueOrAnError) {
    const std::string whole = R"({"jsonrpc":"2.0","id":12,"result":[true,null,-1.5e3,"é\u00e9\ud83d\ude00",{"a":{}}]})";
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = whole;
            text[at] = static_cast<char>(byte);
            const auto out = parse_json(text);
            if (!out.ok()) EXPECT_FALSE(out.error().message.empty());
            if (out.ok()) EXPECT_TRUE(parse_json(write_json(*out)).ok());
        }
}

TEST(HostileJson, DepthIsLimited) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(parse_json(nested(64)).ok());
    EXPECT_EQ(refusal(nested(65), ErrorCode::too_large), "JSON: byte 64: too many lists or objects in one another");
    refusal(nested(100'000), ErrorCode::too_large);
    refusal(std::string(100'000, '['), ErrorCode::too_large);
    refusal(repeated("{\"a\":", 100'000) + "1" + std::string(100'000, '}'), ErrorCode::too_large);
    refusal(repeated("[{\"a\":", 100'000), ErrorCode::too_large);
    // Depth is given back.
    EXPECT_TRUE(parse_json("[" + repeated("[[]],", 1000) + "1]").ok());
    EXPECT_TRUE(parse_json(nested(3), {.depth = 3}).ok());
    EXPECT_FALSE(parse_json(nested(4), {.depth = 3}).ok());
    EXPECT_TRUE(parse_json("1", {.depth = 0}).ok());
    EXPECT_FALSE(parse_json(nested(100'000), {.depth = 1'000'000'000}).ok());
}

TEST(HostileJson, AKeyStandsOnce) {
    EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"), "JSON: byte 13: the key \"a\" stands there twice");
    EXPECT_EQ(refusal(R"([{"a":1},{"b":{"c":1,"c":2}}])"), "JSON: byte 21: the key \"c\" stands there twice");
    EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), "JSON: byte 7: the key \"a\" stands there twice");
    EXPECT_TRUE(parse_json(R"({"a":{"a":{"a":1}},"b":{"a":1}})").ok());
    std::string many = "{";
    for (int i = 0; i < 1000; ++i) many += "\"" + std::to_string(i) + "\":0,";
    EXPECT_EQ(refusal(many + "\"500\":0}"),
              "JSON: byte " + std::to_string(many.size()) + ": the key \"500\" stands there twice");
}

TEST(HostileJson, AHundredThousandKeysAreNoWork) {
    std::string many = "{";
    for (int i = 0; i < 300'000; ++i) many += "\"" + std::to_string(i) + "\":0,";
    EXPECT_TRUE(parse_json(many + "\"x\":0}").ok());
    refusal(many + "\"0\":0}");
}

TEST(HostileJson, StringsAreUtf8WithoutControlCharacters) {
    for (const std::string& text : {"\xff",
                                    "\x80",
                                    "\xc0\x80",
                                    "\xc1\xbf",
                                    "\xc3",
                                    "\xc3(",
                                    "\xe0\x80\x80",
                                    "\xe0\x9f\xbf",
                                    "\xed\xa0\x80",
                                    "\xed\xbf\xbf",
                                    "\xe2\x82",
                                    "\xf0\x80\x80\x80",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf4\x90\x80\x80",
                                    "\xf5\x80\x80\x80",
                                    "\xf0\x9f\x98",
                                    "\n",
                                    "\t",
                                    "\x01",
                                    "\x1f"})
        refusal("\"" + text + "\"");
    EXPECT_EQ(refusal(std::string_view("\"a\0b\"", 5)),
              "JSON: byte 2: an escaped control character is expected, not '?'");
    refusal(std::string_view("\0", 1));
    refusal(std::string_view("1\0", 2));
    refusal(std::string_view("[\0]", 3));
    refusal(std::string_view("{\"a\"\0:1}", 8));
}

TEST(HostileJson, EscapesAreThoseOfJson) {
    for (const char* text :
         {R"("\x41")", R"("\u12")", R"("\u12G4")", R"("\")", R"("\u")", R"("\ud800")", R"("\ud800x")", R"("\ud800\n")",
          R"("\ud800\ud800")", R"("\udc00")", R"("\udc00\udc00")", R"("\ud800\u")", R"("\'")", R"("\0")"})
        refusal(text);
}

}    // namespace
}    // namespace filfil::rpc
