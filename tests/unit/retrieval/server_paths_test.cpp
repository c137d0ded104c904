// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "served.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval {
namespace {

using samples::Answer;
using samples::expect_plain_line;
using samples::Served;

TEST(RetrievalServer, WhatIsNotThereIsTold) {
    Served served;
    for (const char* target : {"/", "/piece", "/piece/a/b", "/pieces/", "/ipfs", "/metrics/x", "/healthz/", "/rpc/v1",
                               "/favicon.ico", "/PIECE/x", "/.git/config"}) {
        const Answer answer = served.get(target);
        EXPECT_EQ(answer.status, 404) << target;
        expect_plain_line(answer);
        EXPECT_NE(answer.text().find("/piece/{piece CID}"), std::string::npos);
        EXPECT_NE(answer.text().find("/healthz"), std::string::npos);
    }
}

TEST(RetrievalServer, OnlyGetAndHeadAreServed) {
    Served served;
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "", "G\nT"})
        for (const char* target : {"/healthz", "/piece/x", "/nowhere", "*"}) {
            const Answer answer = served.ask({.method = method, .target = target});
            EXPECT_EQ(answer.status, 405) << method;
            EXPECT_EQ(answer.field("Allow"), "GET, HEAD");
            expect_plain_line(answer);
        }
}

TEST(RetrievalServer, HostileTargetsAre400) {
    Served served;
    for (const std::string& target :
         {std::string("/piece/../../etc/passwd"), std::string("/piece/%2e%2e%2fx"), std::string("/piece/%00"),
          std::string("/piece/\0", 8), std::string("/ipfs/%"), "/" + std::string(5000, 'x'),
          "/pieces?id=" + std::string(5000, '%'), std::string("/piece/\xff"), std::string("")}) {
        const Answer answer = served.get(target);
        EXPECT_EQ(answer.status, 400) << target.substr(0, 50);
        expect_plain_line(answer);
        EXPECT_LT(answer.body.size(), 400U);
    }
}

TEST(RetrievalServer, BodiesOfGetsAreIgnored) {
    Served served;
    EXPECT_EQ(served.ask({.target = "/healthz", .body = std::string(100'000, 'x')}).status, 200);
}

TEST(RetrievalServer, WebSocketsAreRefused) {
    Served served;
    const auto refused = served.server.refuse_socket({.target = "/rpc/v1"});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 400);
    EXPECT_EQ(served.server.counters().requests, 1U);
}

TEST(RetrievalServer, AnswersOverATransport) {
    Served served;
    const auto sample = samples::make_sample(samples::random_bytes(3, 5000));
    served.catalog.add(sample.served);
    auto listener = served.outside.transport.listen({.at = {"127.0.0.1", 0}}, served.server);
    ASSERT_TRUE(listener.ok());
    const auto url = parse_url("http://" + text_of((*listener)->endpoint()) + "/piece/" + sample.v2);
    ASSERT_TRUE(url.ok());
    std::optional<Result<HttpResponse>> got;
    served.outside.transport.request(*url, {.fields = {{"Range", "bytes=10-19"}}}, {},
                                     [&](Result<HttpResponse> response) { got = std::move(response); });
    served.outside.run_until([&] { return got.has_value(); });
    ASSERT_TRUE(got && got->ok());
    EXPECT_EQ((*got)->status, 206);
    EXPECT_EQ((*got)->body, chars_of(ByteView(sample.payload).subspan(10, 10)));
}

}    // namespace
}    // namespace filfil::retrieval
