// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/json.hpp"

#include <gtest/gtest.h>

namespace filfil::rpc {
namespace {

Json parsed(std::string_view text) {
    auto out = parse_json(text);
    EXPECT_TRUE(out.ok()) << text << ": " << (out.ok() ? "" : out.error().message);
    return out.ok() ? std::move(*out) : Json("failed");
}

TEST(Json, ReadsEveryKindOfValue) {
    EXPECT_EQ(parsed("null"), nullptr);
    EXPECT_EQ(parsed("true"), true);
    EXPECT_EQ(parsed("false"), false);
    EXPECT_EQ(parsed("\"text\""), "text");
    EXPECT_EQ(parsed("[]"), Json::array());
    EXPECT_EQ(parsed("{}"), Json::object());
    EXPECT_EQ(parsed(" \t\r\n[ 1 , [ ] , { \"a\" : { } } ] "),
              Json::array({1, Json::array(), {{"a", Json::object()}}}));
}

TEST(Json, KeepsTheOrderOfFields) {
    EXPECT_EQ(write_json(parsed(R"({"z":1,"a":2,"m":{"y":3,"b":4}})")), R"({"z":1,"a":2,"m":{"y":3,"b":4}})");
}

TEST(Json, IntegersKeepAll64Bits) {
    EXPECT_EQ(parsed("18446744073709551615"), 18446744073709551615U);
    EXPECT_TRUE(parsed("18446744073709551615").is_number_unsigned());
    EXPECT_EQ(parsed("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parsed("-0"), 0);
    EXPECT_TRUE(parsed("0").is_number_unsigned());
}

TEST(Json, NumbersBeyond64BitsAndThoseWithAFractionAreDoubles) {
    EXPECT_EQ(parsed("18446744073709551616").get<double>(), 18446744073709551616.0);
    EXPECT_EQ(parsed("-9223372036854775809").get<double>(), -9223372036854775809.0);
    EXPECT_TRUE(parsed("1.0").is_number_float());
    EXPECT_EQ(parsed("-1.5e-3").get<double>(), -0.0015);
    EXPECT_EQ(parsed("1E+2").get<double>(), 100.0);
}

TEST(Json, ReadsEscapes) {
    EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(parsed(R"("\u0041\u00e9\u20AC\ud83d\ude00")"), "A\u00e9\u20ac\U0001f600");
    EXPECT_EQ(parsed(R"("a\u0000b")"), std::string("a\0b", 3));
    EXPECT_EQ(parsed(R"("\udbff\udfff")"), "\U0010ffff");
}

TEST(Json, ReadsUtf8OfEveryLength) {
    for (const std::string text : {"\u007f", "\u0080", "\u07ff", "\u0800", "\xed\x9f\xbf", "\xee\x80\x80", "\uffff",
                                   "\U00010000", "\U0010ffff", "a\u00e9b\u20acc\U0001f600d"})
        EXPECT_EQ(parsed("\"" + text + "\""), text);
}

TEST(Json, FindsTheEndOfAStringAtEveryPlace) {
    // The reader takes eight bytes at a time.
    for (std::size_t length = 0; length < 40; ++length) {
        const std::string text(length, 'x');
        EXPECT_EQ(parsed("\"" + text + "\""), text);
        for (std::size_t at = 0; at < length; ++at) {
            std::string special = text;
            special.replace(at, 1, "\\n");
            std::string wanted = text;
            wanted[at] = '\n';
            EXPECT_EQ(parsed("\"" + special + "\""), wanted);
            special = text;
            special.replace(at, 1, "\u00e9");
            EXPECT_EQ(parsed("\"" + special + "\""), special);
            special = text;
            special[at] = '\x1f';
            EXPECT_FALSE(parse_json("\"" + special + "\"").ok());
            special[at] = '\x7f';
            EXPECT_EQ(parsed("\"" + special + "\""), special);
            special[at] = '\x80';
            EXPECT_FALSE(parse_json("\"" + special + "\"").ok());
        }
    }
}

TEST(Json, ManyFieldsAreRead) {
    std::string text = "{";
    for (int i = 0; i < 1000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + std::to_string(i);
    const Json out = parsed(text + "}");
    ASSERT_EQ(out.size(), 1000U);
    EXPECT_EQ(*field(out, "999").value(), 999);
}

TEST(Json, WritesWhatIsNoUtf8) { EXPECT_EQ(write_json("a\xff"), "\"a\xef\xbf\xbd\""); }

TEST(JsonFields, AreRead) {
    const Json object = parsed(R"({"t":"x","i":-7,"b":true,"n":null})");
    EXPECT_EQ(*text_field(object, "t"), "x");
    EXPECT_EQ(*integer_field(object, "i"), -7);
    EXPECT_EQ(*bool_field(object, "b"), true);
    EXPECT_TRUE((*field(object, "n"))->is_null());
}

TEST(JsonFields, ErrorsNameTheFieldAndBothTypes) {
    const Json object =
        parsed(R"({"t":"x","i":-7,"f":1.5,"big":18446744073709551615,"l":[],"o":{},"n":null,"b":false})");
    const auto message = [](const auto& result) {
        EXPECT_FALSE(result.ok());
        EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
        return result.error().message;
    };
    EXPECT_EQ(message(text_field(object, "i")), "the field 'i' is an integer, and a string is expected");
    EXPECT_EQ(message(text_field(object, "n")), "the field 'n' is null, and a string is expected");
    EXPECT_EQ(message(integer_field(object, "f")),
              "the field 'f' is a number with a fraction, and an integer is expected");
    EXPECT_EQ(message(integer_field(object, "l")), "the field 'l' is a list, and an integer is expected");
    EXPECT_EQ(message(integer_field(object, "big")),
              "the field 'big' is 18446744073709551615, which is more than fits");
    EXPECT_EQ(message(integer_field(object, "b")), "the field 'b' is true or false, and an integer is expected");
    EXPECT_EQ(message(bool_field(object, "o")), "the field 'o' is an object, and true or false is expected");
    EXPECT_EQ(message(bool_field(object, "t")), "the field 't' is a string, and true or false is expected");
    EXPECT_EQ(message(text_field(object, "none")), "the field 'none' is missing");
}

TEST(JsonFields, OtherValuesHaveNone) {
    for (const char* text : {"null", "[]", "[{\"t\":1}]", "\"t\"", "7", "true"})
        EXPECT_EQ(field(parsed(text), "t").error().message, "the field 't' is missing");
}

}    // namespace
}    // namespace filfil::rpc
