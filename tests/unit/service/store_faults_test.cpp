// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_faults.hpp"

namespace filfil::service {
namespace {

TEST_F(StoreFaults, SaysWhatTheMarketRefusesAndGoesOnWhenItIsPutRight) {
    fake->contracts.clear();
    staged();
    expect_held_up("proposing", "not");
    EXPECT_EQ(fake->accepted(), 0U);
    fake->contracts[at.text()] = true;
    retry();
    expect_paid_once();
    EXPECT_FALSE(alert("deal_held_up_").has_value());
}

struct Rejection {
    int status;
    std::string reason;
};
class StoreRejections : public StoreFaults, public testing::WithParamInterface<Rejection> {};

/// Every documented refusal of Curio's mk20: nothing is taken, the operator reads why, and it goes on by itself.
TEST_P(StoreRejections, WaitsWithTheReasonAndGoesOnByItself) {
    fake->traps.reject = GetParam().reason;
    fake->traps.reject_status = GetParam().status;
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposing" && !error_now().empty(); }, 40)) << of_slot().dump(1);
    EXPECT_FALSE(deal()["error"].value("remedy", "").empty()) << deal()["error"].dump();
    EXPECT_EQ(fake->accepted(), 0U);
    fake->traps.reject.reset();
    expect_paid_once();
}

INSTANTIATE_TEST_SUITE_P(Mk20, StoreRejections,
                         testing::Values(Rejection{400, "Bad proposal"}, Rejection{401, "unauthorized"},
                                         Rejection{422, "Unsupported data source"},
                                         Rejection{423, "Unsupported product"}, Rejection{424, "Product not enabled"},
                                         Rejection{425, "Invalid products"}, Rejection{426, "Deal rejected by market"},
                                         Rejection{429, "backpressure"}, Rejection{430, "Malformed data source"},
                                         Rejection{440, "Market not enabled"}, Rejection{441, "Duration too short"},
                                         Rejection{500, "Internal error"}, Rejection{503, "Service unavailable"}),
                         [](const auto& info) { return "Status" + std::to_string(info.param.status); });

TEST_F(StoreFaults, WaitsForAMarketThatIsDown) {
    market_listener.reset();
    staged();
    expect_held_up("proposing", "market:12310");
    market_listener = std::move(rig->node.transport.listen({.at = {"market", 12310}}, *fake).value());
    expect_paid_once();
}

TEST_F(StoreFaults, TakesAWebPageForNoAnswer) {
    fake->traps.web_page = true;
    staged();
    expect_held_up("proposing", " ");
    EXPECT_EQ(fake->accepted(), 0U);
    fake->traps.web_page = false;
    expect_paid_once();
}

TEST_F(StoreFaults, ProposesOnceToAMarketThatTakesItAndDoesNotAnswer) {
    fake->traps.lose_answers = 2;
    fake->traps.fail_after = 1;
    fake->traps.fail_before = 1;
    staged();
    expect_paid_once();
}

TEST_F(StoreFaults, GoesOnWithAMarketThatIsSilentForAWhile) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false));
    fake->traps.silent = true;
    pass(10, false);
    fake->traps.silent = false;
    expect_paid_once();
}

TEST_F(StoreFaults, TellsWhatHasFailedAndMakesAnotherDealOfItWhenAsked) {
    fake->traps.fails_later = "unsealed sector corrupted";
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "failed"; })) << of_slot().dump(1);
    EXPECT_NE(error_now().find("unsealed sector corrupted"), std::string::npos) << error_now();
    EXPECT_EQ(deal()["open"], false);
    fake->traps.fails_later.reset();
    for (const Json& one : of_slot())
        if (one["stage"] == "failed") {
            const Json again = rig->ask("FilFil.RetryDeal", {{"id", one["id"]}});
            EXPECT_NE(again["deal"], one["id"]);
        }
    ASSERT_TRUE(until([&] { return all("paid"); })) << of_slot().dump(1);
    EXPECT_EQ(fake->accepted(), 2 * pieces);
    EXPECT_EQ(yard.sealed, pieces);
}

TEST_F(StoreFaults, MakesOneDealOfItHoweverOftenSomebodyAsks) {
    fake->traps.fails_later = "unsealed sector corrupted";
    staged();
    ASSERT_TRUE(until([&] { return all("failed"); })) << of_slot().dump(1);
    const Json first = deal();
    rig->connect();
    std::vector<Json> told;
    for (int i = 0; i < 2; ++i)
        rig->client->call("FilFil.RetryDeal", {{"id", first["id"]}},
                          [&](const rpc::Answer& answer) { told.push_back(answer.result.value_or(Json())); });
    ASSERT_TRUE(rig->clock.run_until([&] { return told.size() == 2; }));
    EXPECT_EQ(told[0], told[1]);
    EXPECT_NE(told[0]["deal"], first["id"]);
    ASSERT_TRUE(until([&] { return rig->ask("FilFil.Deal", {{"id", told[0]["deal"]}})["stage"] == "failed"; }));
    // The number of the one before stands for the piece.
    fake->traps.fails_later.reset();
    const Json third = rig->ask("FilFil.RetryDeal", {{"id", first["id"]}});
    EXPECT_NE(third["deal"], told[0]["deal"]);
    ASSERT_TRUE(until([&] { return rig->ask("FilFil.Deal", {{"id", third["deal"]}})["stage"] == "paid"; }))
        << of_slot().dump(1);
    EXPECT_EQ(rig->ask("FilFil.Deal", {{"id", third["deal"]}})["attempt"], 2);
    const rpc::Answer paid = rig->call("FilFil.RetryDeal", {{"id", first["id"]}});
    ASSERT_TRUE(paid.error.has_value());
    EXPECT_NE(paid.error->message.find("stored and paid"), std::string::npos) << paid.error->message;
    EXPECT_EQ(yard.sealed, 1U);
}

TEST_F(StoreFaults, TakesBackWhatTheMarketHasRefused) {
    fake->contracts.clear();
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposing" && !error_now().empty(); }, 20)) << of_slot().dump(1);
    const Json id = deal()["id"];
    EXPECT_FALSE(rig->call("FilFil.CancelDeal", {{"id", id}}).error.has_value());
    EXPECT_EQ(rig->ask("FilFil.Deal", {{"id", id}})["stage"], "cancelled");
    fake->contracts[at.text()] = true;
    pass(10);
    EXPECT_EQ(rig->ask("FilFil.Deal", {{"id", id}})["stage"], "cancelled");
    EXPECT_EQ(fake->accepted(), pieces - 1);
}

TEST_F(StoreFaults, TakesBackWhatIsBeingProposedOrSaysWhyNot) {
    fake->traps.slow = std::chrono::seconds(7);
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return fake->requests("POST /market/mk20/deal") > 0; }, 20, false));
    ASSERT_EQ(stage_now(), "proposing");
    const rpc::Answer answer = rig->call("FilFil.CancelDeal", {{"id", deal()["id"]}});
    fake->traps.slow = {};
    // Curio had it by then, and takes none back: the truth is told, and the deal goes on.
    ASSERT_TRUE(answer.error.has_value());
    EXPECT_NE(answer.error->message.find("no way to take a deal back"), std::string::npos) << answer.error->message;
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << of_slot().dump(1);
}

TEST_F(StoreFaults, ProposesNothingBehindTheWindow) {
    fake->contracts.clear();
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposing"; }, 20));
    const std::uint64_t close = deal()["close_epoch"];
    ASSERT_TRUE(until([&] { return epoch() >= close; }, 100));
    fake->contracts[at.text()] = true;
    ASSERT_TRUE(until([&] { return all("missed"); }, 20)) << of_slot().dump(1);
    EXPECT_EQ(fake->accepted(), 0U);
    EXPECT_NE(of_slot()[0]["error"].value("message", "").find("the window closed at epoch"), std::string::npos);
}

TEST_F(StoreFaults, StoresWhatIsStagedNowWhereTheOperatorHasTakenBackAnother) {
    start();
    ASSERT_TRUE(stage(true));
    pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    expect_held_up("commp", "is the first that differs");
    const std::size_t steps = rig->ask("FilFil.Deal", {{"id", deal()["id"]}})["timeline"].size();
    pass(10);
    EXPECT_EQ(rig->ask("FilFil.Deal", {{"id", deal()["id"]}})["timeline"].size(), steps) << "it goes to and fro";
    chain.send_as(person(3), {.to = at, .data = incentive::encode_call<calls::Cancel>({.slot = slot}).value()});
    pass();
    ASSERT_TRUE(stage());
    expect_paid_once();
}

TEST_F(StoreFaults, SaysThatTheMarketHasLostADeal) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false));
    fake->forget(deal()["market_id"]);
    ASSERT_TRUE(until([&] { return stage_now() == "failed"; }, 20, false)) << of_slot().dump(1);
    EXPECT_NE(error_now().find("does not know"), std::string::npos) << error_now();
    EXPECT_NE(deal()["error"].value("remedy", "").find("retry"), std::string::npos);
    retry();
    ASSERT_TRUE(until([&] { return all("paid"); })) << of_slot().dump(1);
}

TEST_F(StoreFaults, StoresNothingThatIsNotWhatIsStaged) {
    start();
    ASSERT_TRUE(stage(true));
    pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    expect_held_up("commp", "piece 0 of " + std::to_string(pieces) + " is the first that differs");
    EXPECT_EQ(fake->requests("/deal"), 0U);
    ASSERT_TRUE(until([&] { return stage_now() == "missed" && deal()["slot"] == slot; }, 100) ||
                of_slot()[0]["stage"] == "missed")
        << of_slot().dump(1);
    EXPECT_NE(of_slot()[0]["error"].value("message", "").find("first that differs"), std::string::npos);
}

TEST_F(StoreFaults, SaysWhyAWindowWasMissed) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "fetching" || stage_now() == "sealing"; }));
    ASSERT_TRUE(until([&] { return of_slot()[0]["stage"] == "missed"; }, 100, false)) << of_slot().dump(1);
    for (const Json& one : of_slot()) {
        EXPECT_EQ(one["stage"], "missed");
        EXPECT_NE(one["error"].value("message", "").find("the window closed at epoch"), std::string::npos);
    }
    // What is over is not tried again.
    const rpc::Answer again = rig->call("FilFil.RetryDeal", {{"id", of_slot()[0]["id"]}});
    ASSERT_TRUE(again.error.has_value());
    EXPECT_NE(again.error->message.find("the window closed"), std::string::npos);
}

TEST_F(StoreFaults, TakesTheSnapshotAgainThatIsGoneWhileTheMarketWantsItsBytes) {
    rig->config.chain.slack = 100;
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false));
    rig->ask("FilFil.ForgetSnapshot", {{"id", deal()["snapshot"]}});
    expect_paid_once();
    EXPECT_TRUE(rig->logged("is not served any more"));
}

TEST_F(StoreFaults, SaysThatAPieceIsGoneForGood) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false));
    rig->ask("FilFil.ForgetSnapshot", {{"id", deal()["snapshot"]}});
    ASSERT_TRUE(until([&] { return alert("piece_gone_").has_value(); }, 20)) << of_slot().dump(1);
    EXPECT_FALSE((*alert("piece_gone_"))["remedy"].get<std::string>().empty());
    ASSERT_TRUE(until([&] { return of_slot()[0]["stage"] == "missed"; }, 100)) << of_slot().dump(1);
    EXPECT_NE(of_slot()[0]["error"].value("message", "").find("older state"), std::string::npos)
        << of_slot()[0]["error"].dump();
}

TEST_F(StoreFaults, LosesNothingWhileTheJournalIsFull) {
    start();
    ASSERT_TRUE(until([&] { return stage_now() == "planned"; }));
    rig->journal.failure = Error(ErrorCode::io, "the disk is full", "free some space");
    ASSERT_TRUE(stage());
    pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    pass(6);
    EXPECT_EQ(fake->accepted(), 0U);
    EXPECT_TRUE(alert("deals_not_written").has_value());
    rig->journal.failure.reset();
    expect_paid_once();
    EXPECT_FALSE(alert("deals_not_written").has_value());
}

TEST_F(StoreFaults, ProposesNothingThatIsNotWrittenDown) {
    start();
    ASSERT_TRUE(until([&] { return stage_now() == "planned"; }));
    // What is to be sent can be written down, and the deal it is of cannot: a crash would leave it a stranger's.
    rig->journal.deal_failure = Error(ErrorCode::io, "the disk is full", "free some space");
    ASSERT_TRUE(stage());
    pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    pass(6);
    EXPECT_EQ(fake->accepted(), 0U);
    rig->kill();
    rig->journal.deal_failure.reset();
    start();
    expect_paid_once();
    for (const auto& [id, one] : rig->journal.deals) EXPECT_TRUE(fake->deals().contains(one.record.market_id)) << id;
}

TEST_F(StoreFaults, StillKnowsWhatItProposedBeforeTheJournalWasFull) {
    fake->contracts.clear();
    staged();
    expect_held_up("proposing", "not");
    const std::string sent = deal()["market_id"];
    rig->journal.deal_failure = Error(ErrorCode::io, "the disk is full", "free some space");
    retry();
    ASSERT_TRUE(until([&] { return error_now().find("cannot be written down") != std::string::npos; }, 40));
    EXPECT_EQ(deal()["market_id"], sent);
    rig->kill();
    rig->journal.deal_failure.reset();
    start();
    EXPECT_EQ(deal()["market_id"], sent) << "the market was sent a deal that nobody knows of";
    fake->contracts[at.text()] = true;
    retry();
    expect_paid_once();
}

TEST_F(StoreFaults, ProposesNothingTwiceAlsoWithoutItsJournal) {
    staged();
    ASSERT_TRUE(until([&] { return all("proposed"); }, 20, false));
    // Another daemon, that knows of none of it.
    rig->kill();
    rig->journal.deals.clear();
    rig->journal.effects.clear();
    start();
    expect_paid_once();
}

TEST_F(StoreFaults, GoesOnAfterBeingKilledAtAnyTime) {
    start();
    ASSERT_TRUE(stage());
    pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    for (int i = 0; i < 12; ++i) {
        rig->kill();
        start();
        pass();
    }
    expect_paid_once();
}

TEST_F(StoreFaults, GoesBackWhereAReorganisationTakesThePieceOutOfTheContract) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "notified"; })) << of_slot().dump(1);
    chain.reorg(1, false);
    ASSERT_TRUE(until([&] { return stage_now() == "proven"; }, 5)) << of_slot().dump(1);
    EXPECT_TRUE(rig->logged("was reorganised"));
    // Its message is sent once more.
    for (const auto& [id, deal] : fake->deals()) fake->on_proven(deal);
    ASSERT_TRUE(until([&] { return all("paid"); })) << of_slot().dump(1);
    EXPECT_EQ(fake->accepted(), pieces);
}

TEST_F(StoreFaults, SaysThatCurioTakesNoDealBack) {
    staged();
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false));
    const rpc::Answer answer = rig->call("FilFil.CancelDeal", {{"id", deal()["id"]}});
    ASSERT_TRUE(answer.error.has_value());
    EXPECT_NE(answer.error->message.find("no way to take a deal back"), std::string::npos) << answer.error->message;
    expect_paid_once();
}

TEST_F(StoreFaults, LeavesAWindowAloneThatNobodyHasAMarketFor) {
    rig->config.markets.clear();
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return alert("no_market_1000").has_value(); }));
    EXPECT_TRUE(deals().empty());
    const rpc::Answer answer = rig->call("FilFil.Store", {{"epoch", window().start - lead}});
    ASSERT_TRUE(answer.error.has_value());
    EXPECT_NE(answer.error->message.find("no market is set for t01000"), std::string::npos) << answer.error->message;
}

class BoostFaults : public StoreRig<market::FakeBoost> {};

TEST_F(BoostFaults, TakesADealBackAndMakesAnother) {
    // Boost takes one back until it has begun to read the piece's file, of which it is told at the next look.
    rig->config.deals.poll = std::chrono::hours(1);
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "proposed"; }, 20, false)) << deals().dump(1);
    const Json first = deal()["id"];
    const std::size_t accepted = fake->accepted();
    rig->ask("FilFil.CancelDeal", {{"id", first}});
    ASSERT_TRUE(until([&] { return rig->ask("FilFil.Deal", {{"id", first}})["stage"] == "cancelled"; }, 10, false));
    const Json again = rig->ask("FilFil.RetryDeal", {{"id", first}});
    EXPECT_NE(again["deal"], first);
    ASSERT_TRUE(
        until([&] { return rig->ask("FilFil.Deal", {{"id", again["deal"]}})["stage"] == "proposed"; }, 20, false))
        << deals().dump(1);
    EXPECT_EQ(fake->accepted(), accepted + 1);
    EXPECT_EQ(rig->ask("FilFil.Deal", {{"id", again["deal"]}})["attempt"], 1);
}

TEST_F(BoostFaults, WaitsWhereTheNodeDoesNotSayWhatCollateralIsWanted) {
    evm.has_collateral = false;
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return error_now().find("what f05 wants as collateral") != std::string::npos; }, 20))
        << deals().dump(1);
    evm.has_collateral = true;
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
}

TEST_F(BoostFaults, GoesBackWhereAReorganisationTakesADealsActivation) {
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "notified"; })) << deals().dump(1);
    // What told the contract of the sector waits for a block that has room.
    chain.takes_in = false;
    chain.reorg(2, true);
    ASSERT_TRUE(until([&] { return stage_now() == "proven"; }, 5)) << deals().dump(1);
    EXPECT_TRUE(rig->logged("has the piece as published only"));
    chain.takes_in = true;
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
}

TEST_F(BoostFaults, SaysThatADealIsVoidWhereTheContractHasThePieceFromAnotherThatIsInNoSector) {
    rig->config.deals.start_after = std::chrono::minutes(6);
    // What the market has proven is not the deal that the contract was told of.
    fake->on_proven = {};
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "proven"; })) << deals().dump(1);
    ASSERT_TRUE(until([&] { return stage_now() == "failed"; }, 400)) << deals().dump(1);
    EXPECT_NE(error_now().find("from a deal that was in no sector by its start"), std::string::npos) << error_now();
    EXPECT_NE(error_now().find("the deal is void"), std::string::npos) << error_now();
}

TEST_F(BoostFaults, WaitsToBeActivatedAlsoBehindItsStartWhereTheSectorIsProven) {
    rig->config.deals.start_after = std::chrono::minutes(6);
    rig->config.incentive.upkeep = false;
    start();
    ASSERT_TRUE(stage());
    ASSERT_TRUE(until([&] { return stage_now() == "proven"; })) << deals().dump(1);
    ASSERT_TRUE(until([&] { return error_now().find("waits to be activated") != std::string::npos; }, 400))
        << deals().dump(1);
    EXPECT_EQ(stage_now(), "proven");
    rig->ask("FilFil.SetConfig", {{"key", "incentive.upkeep"}, {"value", true}});
    ASSERT_TRUE(until([&] { return stage_now() == "paid"; })) << deals().dump(1);
}

}    // namespace
}    // namespace filfil::service
