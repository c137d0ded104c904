// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/holder_filter.hpp"

#include "incentive/contract_types.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

using incentive::Held;
using rpc::Json;

HolderFacts facts(Held state, std::uint64_t until = 500) {
    HolderFacts out;
    out.holder = {.miner = 1000, .piece = 0, .state = static_cast<std::uint8_t>(state), .sector = 7, .until = until};
    return out;
}

SectorPlace place(SectorStatus status, std::uint64_t expiration) {
    return {.status = static_cast<std::uint8_t>(status), .aux = {}, .expiration = expiration};
}

Result<HolderFilter> read(const Json& json) {
    const auto params = Params::open(json, HolderFilter::names());
    if (!params.ok()) return params.error();
    return HolderFilter::read(*params);
}

TEST(HolderFilter, AliveIsWhatTheContractSaysUntilTheSectorIsLookedAt) {
    EXPECT_TRUE(is_alive(facts(Held::active), 499));
    EXPECT_FALSE(is_alive(facts(Held::active), 500));
    for (const Held state : {Held::none, Held::published, Held::done, Held::dead})
        EXPECT_FALSE(is_alive(facts(state), 1));
    HolderFacts looked = facts(Held::active);
    looked.sector = place(SectorStatus::active, 900);
    EXPECT_TRUE(is_alive(looked, 600));
    EXPECT_FALSE(is_alive(looked, 900));
    looked.sector = place(SectorStatus::faulty, 900);
    EXPECT_FALSE(is_alive(looked, 1));
    looked = facts(Held::done);
    looked.sector = place(SectorStatus::active, 900);
    EXPECT_TRUE(is_alive(looked, 600));
}

TEST(HolderFilter, WithoutWishesEverybodyPasses) {
    const HolderFilter any;
    for (const Held state : {Held::published, Held::active, Held::done, Held::dead})
        EXPECT_TRUE(any.passes(facts(state), 1000));
    EXPECT_FALSE(any.asks_sector(facts(Held::active)));
}

TEST(HolderFilter, EachWishIsHeldAgainstWhatIsKnown) {
    HolderFacts good = facts(Held::active);
    good.endpoint = read_endpoint("https://sp.example#region=eu");
    good.success_rate = 0.9;
    EXPECT_TRUE(HolderFilter{.alive = true}.passes(good, 1));
    EXPECT_FALSE(HolderFilter{.alive = true}.passes(good, 500));
    EXPECT_TRUE(HolderFilter{.min_success_rate = 0.9}.passes(good, 1));
    EXPECT_FALSE(HolderFilter{.min_success_rate = 0.91}.passes(good, 1));
    EXPECT_TRUE(HolderFilter{.region = "eu"}.passes(good, 1));
    EXPECT_FALSE(HolderFilter{.region = "us"}.passes(good, 1));
    const HolderFacts unknown = facts(Held::active);
    EXPECT_FALSE(HolderFilter{.min_success_rate = 0.1}.passes(unknown, 1));
    EXPECT_TRUE(HolderFilter{.min_success_rate = 0.0}.passes(unknown, 1));
    EXPECT_FALSE(HolderFilter{.region = "eu"}.passes(unknown, 1));
}

TEST(HolderFilter, AnExpirationIsTheSectorsAndNobodyElses) {
    const HolderFilter wish{.sectors = true, .min_expiration = 800};
    HolderFacts held = facts(Held::active, 10'000);
    EXPECT_TRUE(wish.asks_sector(held));
    EXPECT_TRUE(wish.may_pass(held, 1));
    EXPECT_FALSE(wish.passes(held, 1)) << "nobody has said when it ends";
    held.sector = place(SectorStatus::active, 800);
    EXPECT_TRUE(wish.passes(held, 1));
    held.sector = place(SectorStatus::active, 799);
    EXPECT_FALSE(wish.passes(held, 1));
    held.sector = place(SectorStatus::dead, 900);
    EXPECT_FALSE(wish.passes(held, 1));
    EXPECT_FALSE(wish.may_pass(facts(Held::published), 1)) << "it has no sector to be asked for";
}

TEST(HolderFilter, ParametersAreReadStrictly) {
    const auto all = read({{"alive", true}, {"min_expiration", 5}, {"min_success_rate", 1}, {"region", "eu-west"}});
    ASSERT_TRUE(all.ok());
    EXPECT_TRUE(all->alive);
    EXPECT_TRUE(all->sectors) << "an expiration is the sector's";
    EXPECT_EQ(all->min_expiration, 5U);
    EXPECT_EQ(all->min_success_rate, 1.0);
    EXPECT_EQ(all->region, "eu-west");
    EXPECT_FALSE(read(Json::object())->sectors);
    for (const Json& wrong :
         {Json{{"alive", 1}}, Json{{"min_expiration", -1}}, Json{{"min_success_rate", "0.5"}},
          Json{{"min_success_rate", 1.01}}, Json{{"min_success_rate", -0.1}}, Json{{"region", ""}},
          Json{{"region", "eu west"}}, Json{{"region", std::string(33, 'a')}}, Json{{"sectors", "yes"}}}) {
        const auto refused = read(wrong);
        ASSERT_FALSE(refused.ok()) << wrong.dump();
        EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    }
}

TEST(HolderFilter, NumbersBeyondAllRangesAreNoRate) {
    EXPECT_FALSE(read(Json::parse(R"({"min_success_rate": 1e300})")).ok());
}

}    // namespace
}    // namespace filfil::service
