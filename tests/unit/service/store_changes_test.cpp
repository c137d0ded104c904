// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_faults.hpp"

namespace filfil::service {
namespace {

/// What people do to a market, and to what is set of it, while deals are on their way.
class StoreChanges : public StoreFaults {
protected:
    void restart_with(const MarketSetting& market) {
        rig->kill();
        rig->config.markets = {market};
        start();
    }
    static MarketSetting manifests() { return {.kind = MarketKind::file, .folder = "/manifests"}; }
    [[nodiscard]] std::vector<std::string> manifests_there() {
        const auto names = rig->files.list("/manifests");
        std::vector<std::string> out;
        if (!names.ok()) return out;
        for (const std::string& name : *names)
            if (name.ends_with(".json")) out.push_back("/manifests/" + name);
        return out;
    }
};

TEST_F(StoreChanges, AProxyThatKnowsNoSuchPageEndsNoDeal) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false));
    fake->traps.always = HttpResponse{.status = 404, .body = "404 page not found\n"};
    pass(5, false);
    EXPECT_EQ(stage_now(), "proposed") << of_slot().dump(1);
    EXPECT_NE(error_now(), "");
    fake->traps.always.reset();
    expect_paid_once();
}

TEST_F(StoreChanges, WhatOneMarketMayHaveIsSentToNoneOfAnotherKind) {
    start();
    ASSERT_TRUE(stage());
    pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    fake->traps.lose_answers = 100;
    ASSERT_TRUE(until([&] { return fake->accepted() > 0; }, 20, false));
    const MarketSetting before = rig->config.markets.front();
    restart_with(manifests());
    const std::string sentence = "made with curio-mk20, and no such market is set for t01000 any more";
    ASSERT_TRUE(until([&] { return error_now().find(sentence) != std::string::npos; }, 10, false)) << of_slot().dump(1);
    EXPECT_TRUE(manifests_there().empty());
    fake->traps.lose_answers = 0;
    restart_with(before);
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false)) << of_slot().dump(1);
    restart_with(manifests());
    const rpc::Answer answer = rig->call("FilFil.CancelDeal", {{"id", deal()["id"]}});
    ASSERT_TRUE(answer.error.has_value());
    EXPECT_NE(answer.error->message.find(sentence), std::string::npos) << answer.error->message;
    restart_with(before);
    expect_paid_once();
}

TEST_F(StoreChanges, WhatAMarketThatIsGoneWasToHaveCanBeTakenBackAndSentToAnother) {
    market_listener.reset();
    staged();
    expect_held_up("proposing", "market:12310");
    restart_with(manifests());
    ASSERT_TRUE(until([&] { return error_now().find("no such market is set") != std::string::npos; }, 10));
    EXPECT_NE(deal()["error"].value("remedy", "").find("deals cancel"), std::string::npos) << deal()["error"].dump();
    const Json id = deal()["id"];
    EXPECT_FALSE(rig->call("FilFil.CancelDeal", {{"id", id}}).error.has_value());
    EXPECT_EQ(rig->ask("FilFil.Deal", {{"id", id}})["stage"], "cancelled");
    rig->ask("FilFil.RetryDeal", {{"id", id}});
    EXPECT_TRUE(until([&] { return manifests_there().size() == 1; }, 20)) << of_slot().dump(1);
    EXPECT_EQ(deal()["market"], "file");
}

TEST_F(StoreChanges, WhatWasRefusedIsOrderedAnewForAnotherKindOfMarket) {
    fake->contracts.clear();
    staged();
    expect_held_up("proposing", "not");
    restart_with(manifests());
    ASSERT_TRUE(until([&] { return manifests_there().size() == pieces; }, 20)) << of_slot().dump(1);
    pass();
    for (const Json& one : of_slot()) EXPECT_EQ(one["market"], "file") << one.dump();
    EXPECT_FALSE(alert("deal_held_up_").has_value());
}

TEST_F(StoreChanges, AManifestThatIsMovedAwayEndsNoDeal) {
    rig->config.markets = {manifests()};
    staged();
    ASSERT_TRUE(until([&] { return manifests_there().size() == pieces; }, 20)) << of_slot().dump(1);
    pass();
    const std::string stage = stage_now();
    for (const std::string& path : manifests_there()) ASSERT_TRUE(rig->files.remove(path).ok());
    pass(5);
    EXPECT_EQ(stage_now(), stage) << of_slot().dump(1);
    EXPECT_FALSE(alert("deal_").has_value());
    EXPECT_TRUE(manifests_there().empty()) << "written again";
}

TEST_F(StoreChanges, WhatHasFailedIsAnAlertWhileItsWindowIsOpenAndNobodyHasTriedItAgain) {
    fake->traps.fails_later = "unsealed sector corrupted";
    staged();
    ASSERT_TRUE(until([&] { return all("failed"); })) << of_slot().dump(1);
    const std::string code = "deal_failed_1000_" + std::to_string(slot) + "_0";
    ASSERT_TRUE(until([&] { return alert(code).has_value(); }, 3)) << of_slot().dump(1);
    const Json told = *alert(code);
    EXPECT_NE(told["message"].get<std::string>().find("unsealed sector corrupted"), std::string::npos) << told.dump();
    EXPECT_NE(told["remedy"].get<std::string>().find("fil-fil deals retry"), std::string::npos) << told.dump();
    rig->kill();
    start();
    ASSERT_TRUE(until([&] { return alert(code).has_value(); }, 5, false)) << "after a restart";
    retry();
    ASSERT_TRUE(until([&] { return !alert(code).has_value(); }, 2, false)) << alert(code)->dump();
    ASSERT_TRUE(until([&] { return alert(code).has_value(); }, 20)) << of_slot().dump(1);
    const std::uint64_t close = deal()["close_epoch"];
    ASSERT_TRUE(until([&] { return epoch() >= close; }, 100));
    EXPECT_TRUE(until([&] { return !alert(code).has_value(); }, 3));
}

}    // namespace
}    // namespace filfil::service
