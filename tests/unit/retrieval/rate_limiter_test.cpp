// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/rate_limiter.hpp"
#include "served.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval {
namespace {

using namespace std::chrono_literals;
using samples::Served;

TEST(RateLimiter, GivesSoManyASecondAndAsManyAtOnce) {
    VirtualClock clock;
    RateLimiter limiter(clock, 10);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(limiter.refuse("a"), std::nullopt) << i;
    const auto wait = limiter.refuse("a");
    ASSERT_TRUE(wait);
    EXPECT_EQ(*wait, 100ms);
    EXPECT_EQ(limiter.refuse("b"), std::nullopt) << "another peer has a bucket of its own";
    clock.advance(*wait - 1ns);
    EXPECT_EQ(limiter.refuse("a"), 1ns);
    clock.advance(1ns);
    EXPECT_EQ(limiter.refuse("a"), std::nullopt);
    EXPECT_NE(limiter.refuse("a"), std::nullopt) << "refused requests cost nothing, and give nothing";
    clock.advance(1h);
    int taken = 0;
    while (!limiter.refuse("a")) ++taken;
    EXPECT_EQ(taken, 10) << "an hour of rest is worth no more than a second's";
}

TEST(RateLimiter, OverALongTimeTheRateHolds) {
    VirtualClock clock;
    RateLimiter limiter(clock, 50);
    int taken = 0;
    for (int i = 0; i < 10'000; ++i) {
        taken += limiter.refuse("a") ? 0 : 1;
        clock.advance(1ms);
    }
    EXPECT_GE(taken, 500);
    EXPECT_LE(taken, 550);
}

TEST(RateLimiter, NoLimitCountsNothing) {
    VirtualClock clock;
    RateLimiter limiter(clock, 0);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(limiter.refuse("a"), std::nullopt);
    EXPECT_EQ(limiter.peers(), 0U);
}

TEST(RateLimiter, AFloodOfPeersCostsNoMemoryAndKnownPeersGoOn) {
    VirtualClock clock;
    RateLimiter limiter(clock, 10, 100);
    ASSERT_EQ(limiter.refuse("known"), std::nullopt);
    int taken = 0;
    for (int i = 0; i < 10'000; ++i) taken += limiter.refuse("flood " + std::to_string(i)) ? 0 : 1;
    EXPECT_EQ(limiter.peers(), 100U);
    EXPECT_EQ(taken, 99 + 10) << "those beyond the table share one bucket";
    EXPECT_EQ(limiter.refuse("known"), std::nullopt);

    clock.advance(2s);
    EXPECT_EQ(limiter.refuse("later"), std::nullopt);
    EXPECT_EQ(limiter.peers(), 1U) << "who rested for a second is forgotten";
}

TEST(RateLimiter, TheServerSaysWhenToComeAgain) {
    Served served({.requests_a_second_a_peer = 2});
    EXPECT_EQ(served.get("/healthz").status, 200);
    EXPECT_EQ(served.get("/healthz").status, 200);
    const auto refused = served.get("/healthz");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.field("Retry-After"), "1");
    samples::expect_plain_line(refused);
    EXPECT_NE(refused.text().find("192.0.2.1"), std::string::npos);
    EXPECT_EQ(served.ask({.target = "/healthz", .peer = "192.0.2.2"}).status, 200);
    EXPECT_EQ(served.server.counters().refused, 1U);
    served.outside.advance(1s);
    EXPECT_EQ(served.get("/healthz").status, 200);
}

}    // namespace
}    // namespace filfil::retrieval
