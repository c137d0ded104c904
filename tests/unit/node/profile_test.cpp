// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/profile.hpp"

#include "snapshot/file_name.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace filfil::node {
namespace {

ipld::Cid some_cid(std::string_view text) { return ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of(text)); }

TEST(Profile, KnowsTheNetworks) {
    const auto mainnet = find_profile("mainnet");
    ASSERT_TRUE(mainnet.ok()) << mainnet.error().text();
    EXPECT_EQ(mainnet->chain_id, 314);
    EXPECT_EQ(mainnet->address_prefix, 'f');
    EXPECT_EQ(mainnet->node_name, "mainnet");
    ASSERT_TRUE(mainnet->genesis.has_value());
    EXPECT_EQ(snapshot::network_of(*mainnet->genesis), "mainnet");

    const auto calibnet = find_profile("calibnet");
    ASSERT_TRUE(calibnet.ok()) << calibnet.error().text();
    EXPECT_EQ(calibnet->chain_id, 314'159);
    EXPECT_EQ(calibnet->address_prefix, 't');
    EXPECT_EQ(calibnet->node_name, "calibrationnet");
    ASSERT_TRUE(calibnet->genesis.has_value());
    EXPECT_EQ(snapshot::network_of(*calibnet->genesis), "calibnet");
    EXPECT_EQ(find_profile("calibrationnet").value(), *calibnet);

    const auto devnet = find_profile("devnet");
    ASSERT_TRUE(devnet.ok()) << devnet.error().text();
    EXPECT_EQ(devnet->chain_id, 31'415'926);
    EXPECT_FALSE(devnet->genesis.has_value());
    EXPECT_EQ(devnet->node_name, "");
    for (const Profile& profile : {*mainnet, *calibnet, *devnet}) {
        EXPECT_EQ(profile.seconds_per_epoch, 30);
        EXPECT_EQ(profile.finality, 900);
    }
}

TEST(Profile, OtherNamesAreRefused) {
    for (const std::string& name :
         {std::string(), std::string("Mainnet"), std::string("butterflynet"), std::string(100'000, 'x')}) {
        const auto profile = find_profile(name);
        ASSERT_FALSE(profile.ok());
        EXPECT_EQ(profile.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(profile.error().remedy.find("calibnet"), std::string::npos);
        EXPECT_LT(profile.error().message.size(), 100);
    }
}

TEST(Profile, ADevnetTakesTheFirstGenesisAndKeepsIt) {
    Profile devnet = find_profile("devnet").value();
    ASSERT_TRUE(adopt_genesis(devnet, some_cid("a"), 1'000).ok());
    EXPECT_EQ(devnet.genesis, some_cid("a"));
    EXPECT_EQ(devnet.genesis_time, 1'000);
    EXPECT_TRUE(adopt_genesis(devnet, some_cid("a"), 1'000).ok());
    const auto other = adopt_genesis(devnet, some_cid("b"), 2'000);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, ErrorCode::mismatch);
    EXPECT_NE(other.error().message.find(some_cid("a").text()), std::string::npos);
    EXPECT_NE(other.error().message.find(some_cid("b").text()), std::string::npos);
    EXPECT_EQ(devnet.genesis, some_cid("a"));
    EXPECT_EQ(devnet.genesis_time, 1'000);
}

TEST(Profile, MainnetTakesNoOtherGenesis) {
    Profile mainnet = find_profile("mainnet").value();
    const auto other = adopt_genesis(mainnet, some_cid("a"), 1'598'306'400);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, ErrorCode::mismatch);
    EXPECT_FALSE(other.error().remedy.empty());
    EXPECT_TRUE(adopt_genesis(mainnet, *find_profile("mainnet").value().genesis, 5).ok());
    EXPECT_EQ(mainnet, find_profile("mainnet").value());
}

TEST(Profile, TheNameThatANodeAnswersIsHeldAgainstIt) {
    const Profile calibnet = find_profile("calibnet").value();
    EXPECT_TRUE(check_node_name(calibnet, "calibrationnet").ok());
    const auto wrong = check_node_name(calibnet, "mainnet");
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().code, ErrorCode::mismatch);
    EXPECT_NE(wrong.error().message.find("\"mainnet\""), std::string::npos) << wrong.error().text();
    EXPECT_FALSE(check_node_name(calibnet, std::string(1'000'000, 'x')).ok());
    EXPECT_TRUE(check_node_name(find_profile("devnet").value(), "localnet-4711").ok());
}

// Times of real tipsets: 3,897,964 of mainnet and 1,162,295 of calibnet.
TEST(Profile, EpochsAreCountedFromTheGenesis) {
    using std::chrono::milliseconds;
    using std::chrono::seconds;
    const Profile mainnet = find_profile("mainnet").value();
    EXPECT_EQ(expected_epoch(mainnet, seconds(1'715'245'320)), Epoch{3'897'964});
    EXPECT_EQ(expected_epoch(mainnet, milliseconds(1'715'245'319'999)), Epoch{3'897'963});
    EXPECT_EQ(expected_epoch(mainnet, seconds(1'715'245'349)), Epoch{3'897'964});
    EXPECT_EQ(expected_epoch(mainnet, seconds(1'598'306'400)), Epoch{0});
    EXPECT_EQ(expected_epoch(find_profile("calibnet").value(), seconds(1'702'195'230)), Epoch{1'162'295});
    EXPECT_EQ(expected_epoch(mainnet, seconds(0)), Epoch{0});
    EXPECT_EQ(expected_epoch(mainnet, seconds(-5)), Epoch{0});
    EXPECT_EQ(expected_epoch(find_profile("devnet").value(), seconds(5)), std::nullopt);
    EXPECT_EQ(time_of_epoch(mainnet, Epoch{3'897'964}), 1'715'245'320);
    EXPECT_EQ(time_of_epoch(mainnet, Epoch{-1}), std::nullopt);
    EXPECT_EQ(time_of_epoch(mainnet, Epoch{std::numeric_limits<std::int64_t>::max()}), std::nullopt);
    EXPECT_EQ(time_of_epoch(find_profile("devnet").value(), Epoch{1}), std::nullopt);
}

}    // namespace
}    // namespace filfil::node
