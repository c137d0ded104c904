// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_rig.hpp"

namespace filfil::service {
namespace {

class StoreFaults : public StoreRig<market::FakeMk20> {};

TEST_F(StoreFaults, SaysWhatTheMarketRefusesAndGoesOnWhenItIsPutRight) {
    fake->contracts.clear();
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "proposing" && !error_now().empty(); })) << deals().dump(1);
    EXPECT_FALSE(deal()["error"].value("remedy", "").empty());
    EXPECT_TRUE(alert("deal_held_up_").has_value());
    EXPECT_EQ(fake->accepted(), 0U);
    fake->contracts[at.text()] = true;
    rig->ask("FilFil.RetryDeal", {{"id", deal()["id"]}});
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
    EXPECT_FALSE(alert("deal_held_up_").has_value());
}

}    // namespace
}    // namespace filfil::service
