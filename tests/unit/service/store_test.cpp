// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_rig.hpp"

#include "ipld/piece_cid.hpp"

namespace filfil::service {
namespace {

/// Hands off: from the window to the money, by each market.
template <class Fake>
class Store : public StoreRig<Fake> {};
using AllMarkets = testing::Types<market::FakeMk20, market::FakeMk12, market::FakeBoost>;
TYPED_TEST_SUITE(Store, AllMarkets);

std::vector<std::string> stages_of(const Json& deal) {
    std::vector<std::string> out;
    for (const Json& one : deal["timeline"]) out.push_back(one["stage"]);
    return out;
}

TYPED_TEST(Store, TakesASlotFromItsWindowToItsPaymentByItself) {
    this->start();
    ASSERT_TRUE(this->stage());
    ASSERT_TRUE(this->until([&] {
        const Json all = this->deals({{"slot", this->slot}});
        return !all.empty() && std::ranges::all_of(all, [](const Json& one) { return one["stage"] == "paid"; });
    })) << this->deals().dump(1)
        << this->rig->ask("FilFil.Log", {{"level", "warning"}}).dump(1);
    const Json all = this->deals({{"slot", this->slot}});
    const auto info = this->template look<calls::SlotInfo>({.slot = this->slot});
    ASSERT_EQ(all.size(), info.pieces);
    ASSERT_GT(info.pieces, 1U) << "the test wants several pieces";
    EXPECT_EQ(this->fake->accepted(), info.pieces);
    EXPECT_EQ(this->yard.sealed, info.pieces);
    for (const Json& one : all) {
        const auto piece = one["piece"].template get<std::uint8_t>();
        const auto holder =
            this->template look<calls::Holder>({.slot = this->slot, .index = piece, .miner = this->miner}).value;
        EXPECT_EQ(holder.state, 2U);
        EXPECT_FALSE(holder.paid.zero());
        EXPECT_EQ(one["sector"], holder.sector);
        EXPECT_EQ(one["open"], false);
        EXPECT_EQ(one["error"], nullptr);
        const auto stages = stages_of(one);
        // The first was planned before anything was staged, the others were found with it.
        EXPECT_EQ(stages.front(), "planned");
        EXPECT_EQ(stages.back(), "paid");
        EXPECT_NE(std::ranges::find(stages, "proposing"), stages.end());
        EXPECT_NE(std::ranges::find(stages, "notified"), stages.end());
    }
    // What the market got are the pieces.
    if (this->kind != MarketKind::boost) {
        ASSERT_EQ(this->pulled.size(), info.pieces);
        for (const std::string& bytes : this->pulled) EXPECT_GT(bytes.size(), 127U);
    }
    const Json shown = this->rig->ask("FilFil.Deal", {{"id", all[0]["id"]}});
    EXPECT_TRUE(std::ranges::any_of(shown["steps"], [](const Json& step) { return step["kind"] == "answer"; }));
}

using StoreMk20 = Store<market::FakeMk20>;

TEST_F(StoreMk20, ForecastsWhenThePiecesOfTheNextSlotAreStored) {
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
    const std::uint32_t before = slot;
    ASSERT_TRUE(until([&] { return window().slot != before; }));
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return deal()["slot"] == slot && stage_now() == "proposed"; })) << deals().dump(1);
    const Json now = deal();
    ASSERT_TRUE(now["predicted_at"].is_number()) << now.dump(1);
    EXPECT_GT(now["predicted_at"].get<double>(), now["changed_at"].get<double>());
    EXPECT_EQ(now["late"], false);
    // A market that stands still makes it late, and says so.
    for (int i = 0; i < 58 && !alert("deal_late_"); ++i) pass(1, false);
    EXPECT_TRUE(alert("deal_late_").has_value() || alert("window_closes_").has_value());
}

TEST_F(StoreMk20, StoresOnlyWhatIsAskedForWhereThePolicyIsToAsk) {
    rig->config.incentive.policy = SlotPolicy::ask;
    start();
    const auto own = window();
    ASSERT_TRUE(until([&] { return epoch() >= own.start; }));
    const Json target = {{"epoch", own.start - lead}};
    ASSERT_EQ(rig->job(rig->ask("FilFil.TakeSnapshot", {{"epoch", own.start - lead}, {"target", "none"}}))["state"],
              "done");
    ASSERT_TRUE(stage());
    pass(5);
    EXPECT_TRUE(deals().empty());
    const Json begun = rig->ask("FilFil.Store", target);
    ASSERT_EQ(begun["deals"].size(), 1U) << begun.dump();
    // Once more is the same.
    EXPECT_EQ(rig->ask("FilFil.Store", target)["deals"][0], begun["deals"][0]);
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
    EXPECT_EQ(fake->accepted(), look<calls::SlotInfo>({.slot = slot}).pieces);
    // And what is paid is told, not stored again.
    EXPECT_EQ(rig->ask("FilFil.Store", target)["deals"].size(), fake->accepted());
    pass(5);
    EXPECT_EQ(fake->accepted(), look<calls::SlotInfo>({.slot = slot}).pieces);
}

TEST_F(StoreMk20, RefusesToStoreWhatNoWindowWants) {
    start();
    const rpc::Answer none = rig->call("FilFil.Store", {{"epoch", 3}});
    ASSERT_TRUE(none.error.has_value());
    EXPECT_NE(none.error->message.find("no open or coming window"), std::string::npos) << none.error->message;
    EXPECT_TRUE(rig->call("FilFil.Store", {{"epoch", 3}, {"miner", "t02000"}}).error.has_value());
    EXPECT_TRUE(rig->call("FilFil.Store", {{"epoch", "x"}}).error.has_value());
    EXPECT_TRUE(rig->call("FilFil.RetryDeal", {{"id", 77}}).error.has_value());
    EXPECT_TRUE(rig->call("FilFil.CancelDeal", {{"id", 77}}).error.has_value());
    EXPECT_TRUE(rig->call("FilFil.ExportDeal", {{"id", 77}}).error.has_value());
    EXPECT_TRUE(rig->call("FilFil.Deal", {{"id", 77}}).error.has_value());
}

TEST_F(StoreMk20, ClaimsUnaskedOnceEnoughIsEarned) {
    rig->config.incentive.claim_at = "0.0001 FIL";
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
    const auto claimed = [&] {
        const Json jobs = rig->ask("FilFil.Jobs", {{"kind", "transaction"}})["jobs"];
        return std::ranges::any_of(jobs, [](const Json& job) {
            return job["params"]["method"] == "FilFil.Claim" && job["state"] == "done" &&
                   job["result"]["withdrawn"] != "0";
        });
    };
    ASSERT_TRUE(until(claimed, 60)) << rig->ask("FilFil.Jobs").dump(1);
    EXPECT_TRUE(rig->logged("it is claimed"));
}

TEST_F(StoreMk20, TellsAllOfADealInItsEvidence) {
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
    const Json bundle = rig->ask("FilFil.ExportDeal", {{"id", deal()["id"]}});
    EXPECT_EQ(bundle["format"], "fil-fil deal evidence 1");
    EXPECT_EQ(bundle["deal"]["stage"], "paid");
    EXPECT_EQ(bundle["holder"]["state"], "active");
    EXPECT_EQ(bundle["staged_piece"]["piece_cid"], bundle["deal"]["piece_cid"]);
    EXPECT_EQ(bundle["proposal"]["state"], "done");
    EXPECT_EQ(bundle["order"]["deal"], std::to_string(std::uint64_t{slot} << 8));
    EXPECT_EQ(bundle["snapshot"]["epoch"], deal()["target_epoch"]);
    EXPECT_FALSE(bundle["steps"].empty());
    const auto has = [&](const char* name) {
        return std::ranges::any_of(bundle["events"], [&](const Json& event) { return event["name"] == name; });
    };
    EXPECT_TRUE(has("PieceActivated")) << bundle["events"].dump(1);
    EXPECT_TRUE(has("SnapshotStaged"));
}

}    // namespace
}    // namespace filfil::service
