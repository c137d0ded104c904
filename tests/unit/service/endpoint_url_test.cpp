// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/endpoint_url.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

TEST(EndpointUrl, IsABaseAndARegion) {
    const auto read = read_endpoint("https://sp.example:5347#region=eu-west");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->base, "https://sp.example:5347");
    EXPECT_EQ(read->region, "eu-west");
    EXPECT_EQ(read->url.at.port, 5347);
    EXPECT_EQ(place_at(*read, "/piece/baga").target, "/piece/baga");
    const auto plain = read_endpoint("http://sp.example/filecoin//");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->base, "http://sp.example/filecoin");
    EXPECT_FALSE(plain->region);
    EXPECT_EQ(place_at(*plain, "/piece/baga").target, "/filecoin/piece/baga");
}

TEST(EndpointUrl, WhatIsNoneIsNothing) {
    for (const std::string text :
         {"", "#region=eu", "sp.example", "ftp://sp.example", "ws://sp.example", "https://", "https://u:p@sp.example",
          "https://sp.example?x=y", "https://sp example", "javascript:alert(1)", "https://sp.example:99999"})
        EXPECT_FALSE(read_endpoint(text)) << text;
    EXPECT_FALSE(read_endpoint("https://" + std::string(121, 'a')));
    EXPECT_TRUE(read_endpoint("https://" + std::string(120, 'a')));
}

TEST(EndpointUrl, AFragmentThatIsNoRegionIsNone) {
    for (const std::string fragment : {"", "region=", "region=eu west", "region=<b>", "Region=eu", "region=eu&x=1",
                                       "x=1&region=eu", "region=eu#region=us", "region=ü"}) {
        const auto read = read_endpoint("https://sp.example#" + fragment);
        ASSERT_TRUE(read) << fragment;
        EXPECT_FALSE(read->region) << fragment;
    }
    EXPECT_TRUE(is_region(std::string(32, 'a')));
    EXPECT_FALSE(is_region(std::string(33, 'a')));
    EXPECT_FALSE(is_region(""));
}

TEST(EndpointUrl, IsCheckedBeforeItIsAnnounced) {
    EXPECT_EQ(*endpoint_to_announce("https://sp.example:5347/", std::nullopt), "https://sp.example:5347");
    EXPECT_EQ(*endpoint_to_announce("https://sp.example", "eu-west"), "https://sp.example#region=eu-west");
    EXPECT_EQ(*endpoint_to_announce("https://sp.example#region=eu", "eu"), "https://sp.example#region=eu");
    EXPECT_FALSE(endpoint_to_announce("https://sp.example#region=eu", "us").ok());
    EXPECT_FALSE(endpoint_to_announce("https://sp.example#eu", std::nullopt).ok());
    EXPECT_FALSE(endpoint_to_announce("https://sp.example", "eu west").ok());
    EXPECT_FALSE(endpoint_to_announce("https://sp.example?a=b", std::nullopt).ok());
    EXPECT_FALSE(endpoint_to_announce("wss://sp.example", std::nullopt).ok());
    // 128 bytes with the region, and one more.
    const std::string host(128 - 8 - 10, 'a');
    EXPECT_TRUE(endpoint_to_announce("https://" + host, "eu").ok());
    const auto longer = endpoint_to_announce("https://" + host, "eur");
    ASSERT_FALSE(longer.ok());
    EXPECT_NE(longer.error().message.find("129 bytes"), std::string::npos);
}

}    // namespace
}    // namespace filfil::service
