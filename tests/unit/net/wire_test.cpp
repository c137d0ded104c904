// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/wire.hpp"
#include "net/rate.hpp"

#include <gtest/gtest.h>

namespace filfil::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Url url_of(std::string_view text) { return parse_url(text).value(); }

TEST(RequestHead, HasHostAgentAndLength) {
    HttpRequest request;
    request.method = "POST";
    request.body = "abc";
    request.fields = {{"Content-Type", "application/json"}};
    const auto head =
        request_head(url_of("http://node.example:1234/rpc/v1?a=b"), request, {{"Authorization", "Bearer t"}});
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(*head,
              "POST /rpc/v1?a=b HTTP/1.1\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n"
              "Host: node.example:1234\r\nUser-Agent: fil-fil\r\nContent-Length: 3\r\n\r\n");
}

TEST(RequestHead, LeavesOutTheUsualPortAndPutsBracketsAroundIpv6) {
    EXPECT_NE(request_head(url_of("https://node.example/"), {}, {})->find("\r\nHost: node.example\r\n"),
              std::string::npos);
    EXPECT_NE(request_head(url_of("http://[::1]:5/"), {}, {})->find("\r\nHost: [::1]:5\r\n"), std::string::npos);
}

TEST(RequestHead, TheRequestsFieldsStandInForTheOptions) {
    HttpRequest request;
    request.fields = {{"authorization", "Bearer mine"}, {"Host", "other"}};
    const auto head = request_head(url_of("http://h/"), request, {{"Authorization", "Bearer theirs"}, {"X", "y"}});
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(head->find("theirs"), std::string::npos);
    EXPECT_NE(head->find("X: y"), std::string::npos);
    EXPECT_EQ(head->find("Host: h\r\n"), std::string::npos);
}

TEST(RequestHead, RefusesWhatWouldBeReadAsSomethingElse) {
    const Url url = url_of("http://h/");
    const auto refused = [&](HttpRequest request, const HttpFields& fields = {}) {
        const auto head = request_head(url, request, fields);
        return !head.ok() && head.error().code == ErrorCode::invalid_argument;
    };
    HttpRequest request;
    request.method = "GET / HTTP/1.1\r\nX: y\r\n\r\nGET";
    EXPECT_TRUE(refused(request));
    request = {};
    request.fields = {{"X", "y\r\nZ: w"}};
    EXPECT_TRUE(refused(request));
    request.fields = {{"X: y\r\nZ", "w"}};
    EXPECT_TRUE(refused(request));
    request.fields = {{"", "w"}};
    EXPECT_TRUE(refused(request));
    EXPECT_TRUE(refused({}, {{"X", std::string("a\0b", 3)}}));
    EXPECT_FALSE(refused({}, {{"X", "a\tb"}}));
    Url bent = url;
    bent.target = "/ HTTP/1.1\r\nX: y";
    EXPECT_FALSE(request_head(bent, {}, {}).ok());
    bent.target = "other";
    EXPECT_FALSE(request_head(bent, {}, {}).ok());
}

TEST(ResponseHead, SaysHowTheBodyComes) {
    HttpResponse response;
    response.fields = {{"Content-Length", "77"}, {"Transfer-Encoding", "gzip"}, {"date", "never"}, {"ETag", "\"a\""}};
    BodyKind kind;
    kind.size = 5;
    const auto head = response_head(response, kind, seconds(0));
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(*head,
              "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 5\r\n\r\n");
    kind = {};
    kind.chunked = true;
    kind.keep_alive = false;
    EXPECT_NE(response_head(response, kind, seconds(0))->find("Transfer-Encoding: chunked\r\nConnection: close\r\n"),
              std::string::npos);
    kind = {};
    kind.none = true;
    kind.size = 0;
    response.status = 204;
    EXPECT_EQ(response_head(response, kind, seconds(0))->find("Content-Length"), std::string::npos);
}

TEST(ResponseHead, RefusesStatusesAndFieldsThatAreNone) {
    HttpResponse response;
    for (const int status : {-1, 0, 99, 101, 600, 2000}) {
        response.status = status;
        EXPECT_FALSE(response_head(response, {}, seconds(0)).ok()) << status;
    }
    response.status = 200;
    response.fields = {{"X", "a\nb"}};
    EXPECT_FALSE(response_head(response, {}, seconds(0)).ok());
}

TEST(DateText, IsWhatHttpWants) {
    EXPECT_EQ(date_text(seconds(1'709'210'096)), "Thu, 29 Feb 2024 12:34:56 GMT");
    EXPECT_EQ(date_text(seconds(951'782'400)), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(Rate, WithoutALimitNobodyWaits) {
    Rate rate(0);
    EXPECT_EQ(rate.slice(1000), 1000U);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(rate.take(1'000'000, seconds(1)), Clock::Duration::zero());
}

TEST(Rate, SpreadsWhatIsTakenEvenly) {
    Rate rate(1000);
    EXPECT_EQ(rate.take(500, seconds(10)), Clock::Duration::zero());
    EXPECT_EQ(rate.take(500, seconds(10)), milliseconds(500));
    EXPECT_EQ(rate.take(500, seconds(10)), milliseconds(1000));
    EXPECT_EQ(rate.take(100, milliseconds(11'200)), milliseconds(300));
}

TEST(Rate, WhatWasNotTakenIsNotSavedUp) {
    Rate rate(1000);
    EXPECT_EQ(rate.take(1000, seconds(1)), Clock::Duration::zero());
    EXPECT_EQ(rate.take(1000, seconds(100)), Clock::Duration::zero());
    EXPECT_EQ(rate.take(1000, seconds(100)), seconds(1));
}

TEST(Rate, SlicesAreSmallWhereTheLimitIs) {
    EXPECT_EQ(Rate(1).slice(262'144), 512U);
    EXPECT_EQ(Rate(160'000).slice(262'144), 10'000U);
    EXPECT_EQ(Rate(1'000'000'000).slice(262'144), 262'144U);
    EXPECT_EQ(Rate(1).slice(100), 100U);
}

}    // namespace
}    // namespace filfil::net
