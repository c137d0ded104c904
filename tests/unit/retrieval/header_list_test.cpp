// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/header_list.hpp"
#include "retrieval/answers.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval {
namespace {

TEST(HeaderList, FieldsOfOneNameAreOneList) {
    const HttpFields fields = {{"Accept", "a"}, {"Range", "x"}, {"ACCEPT", "b, c"}};
    EXPECT_EQ(joined_fields(fields, "accept"), "a, b, c");
    EXPECT_EQ(joined_fields(fields, "range"), "x");
    EXPECT_EQ(joined_fields(fields, "If-Range"), std::nullopt);
}

TEST(HeaderList, ElementsEndAtCommasOutsideOfQuotes) {
    std::string_view list = " a ,\"b, \\\" c\" ,, d";
    EXPECT_EQ(take_element(list), "a");
    EXPECT_EQ(take_element(list), "\"b, \\\" c\"");
    EXPECT_EQ(take_element(list), "");
    EXPECT_EQ(take_element(list), "d");
    EXPECT_TRUE(list.empty());
    for (std::string_view open : {"\"never closed, x", "\"\\", "\\"}) {
        take_element(open);
        EXPECT_TRUE(open.empty());
    }
}

TEST(HeaderList, WeightsHaveThreeDigitsAtMost) {
    EXPECT_EQ(parse_weight("1"), 1000U);
    EXPECT_EQ(parse_weight("1.000"), 1000U);
    EXPECT_EQ(parse_weight("0"), 0U);
    EXPECT_EQ(parse_weight("0."), 0U);
    EXPECT_EQ(parse_weight("0.5"), 500U);
    EXPECT_EQ(parse_weight("0.123"), 123U);
    for (const char* bad : {"", "2", "1.001", "0.1234", "-1", ".5", "0,5", "0.5x", "1e0", "nan"})
        EXPECT_EQ(parse_weight(bad), std::nullopt) << bad;
}

TEST(HeaderList, ZstdIsTakenWhereItIsNamedAndNotLikedLessThanPlain) {
    for (const char* yes : {"zstd", "ZSTD", "gzip, zstd", "zstd;q=0.1", "zstd;q=0.5, identity;q=0.5",
                            "gzip;q=1.0, zstd;q=0.001", "*;q=0, zstd", "identity;q=0, *", "br , zstd ; q=0.3"})
        EXPECT_TRUE(prefers_zstd(yes)) << yes;
    for (const char* no :
         {"", "gzip", "identity", "*", "zstd;q=0", "zstd;q=0.0", "zstd;q=0.4, identity;q=0.5", "zstd;q=high", "zstdx",
          "x-zstd", "zstd q=1", "*;q=0.5, zstd;q=0", "identity;q=0, *;q=0", "\"zstd\"", "identity;q=0"})
        EXPECT_FALSE(prefers_zstd(no)) << no;
}

TEST(HeaderList, TheHeaviestFormatThatIsServedIsTaken) {
    EXPECT_EQ(accepted_format("application/vnd.ipld.car"), BlockFormat::car);
    EXPECT_EQ(accepted_format("application/vnd.ipld.raw"), BlockFormat::raw);
    EXPECT_EQ(accepted_format("Application/VND.ipld.CAR; version=1; order=dfs; dups=y"), BlockFormat::car);
    EXPECT_EQ(accepted_format("application/vnd.ipld.car;q=0.5, application/vnd.ipld.raw;q=0.6"), BlockFormat::raw);
    EXPECT_EQ(accepted_format("text/html, application/vnd.ipld.raw;q=0.1, */*"), BlockFormat::raw);
    EXPECT_EQ(accepted_format("application/vnd.ipld.car;version=2, application/vnd.ipld.raw;q=0.1"), BlockFormat::raw);
    EXPECT_EQ(accepted_format("application/vnd.ipld.car;version=\"1\""), BlockFormat::car);
    for (const char* none :
         {"", "*/*", "text/html", "application/*", "application/vnd.ipld.car;q=0", "application/vnd.ipld.car;version=2",
          "application/vnd.ipld.car;q=x", "application/vnd.ipld.dag-json"})
        EXPECT_EQ(accepted_format(none), std::nullopt) << none;
}

TEST(HeaderList, ATagIsNamedWholeOrByAStar) {
    EXPECT_TRUE(names_tag("\"a\"", "\"a\""));
    EXPECT_TRUE(names_tag("\"b\", W/\"a\"", "\"a\""));
    EXPECT_TRUE(names_tag("\"a\"", "W/\"a\""));
    EXPECT_TRUE(names_tag("*", "\"a\""));
    EXPECT_TRUE(names_tag("\"x,y\"", "\"x,y\""));
    EXPECT_FALSE(names_tag("", "\"a\""));
    EXPECT_FALSE(names_tag("a", "\"a\""));
    EXPECT_FALSE(names_tag("\"ab\"", "\"a\""));
    EXPECT_FALSE(names_tag("\"b\",", "\"a\""));
}

TEST(Answers, ASecretIsTheSameOrNot) {
    EXPECT_TRUE(same_secret("secret", "secret"));
    for (const char* other : {"", "s", "secre", "secret2", "secretsecret", "Secret", "tecret"})
        EXPECT_FALSE(same_secret(other, "secret")) << other;
    EXPECT_FALSE(same_secret("x", ""));
}

TEST(Answers, ABearerTokenIsTheWholeRest) {
    EXPECT_EQ(bearer_token({{"Authorization", "Bearer abc"}}), "abc");
    EXPECT_EQ(bearer_token({{"authorization", "bearer  abc "}}), "abc");
    EXPECT_EQ(bearer_token({{"Authorization", "Basic abc"}}), "");
    EXPECT_EQ(bearer_token({{"Authorization", "Bearer"}}), "");
    EXPECT_EQ(bearer_token({}), "");
}

TEST(Answers, ALineIsOneLineWhateverStandsInIt) {
    const HttpResponse answer = text_answer(500, "a\nb\r\x7f\x01");
    EXPECT_EQ(answer.body, "a b   \n");
}

}    // namespace
}    // namespace filfil::retrieval
