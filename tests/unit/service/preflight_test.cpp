// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "preflight_rig.hpp"

namespace filfil::service {
namespace {

class PreflightApi : public PreflightRig {};

TEST_F(PreflightApi, EverySourceIsGoodWhereAllIsWell) {
    start();
    const auto own = take();
    stage_own(own);
    const Json miner = preflight();
    EXPECT_EQ(last["ready"], true) << miner.dump(1);
    EXPECT_EQ(miner["ready"], true);
    EXPECT_EQ(miner["miner"], "t01000");
    EXPECT_EQ(miner["market"], "curio-mk20");
    EXPECT_EQ(miner["policy"], "ask");
    EXPECT_EQ(miner["slot"], slot);
    EXPECT_EQ(miner["target_epoch"], target);
    EXPECT_EQ(miner["state"], "ahead");
    const std::set<std::string> not_good = {
        "the contract is the one that this program knows",    // a fake's code
        "this daemon serves pieces to the market",            // at an address of this machine alone
        "Curio snaps deals into sectors that are there", "Curio asks this daemon for pieces"};
    std::set<std::string> parts;
    for (const Json& one : miner["rows"]) {
        parts.insert(one["part"]);
        EXPECT_EQ(one["state"] == "good", !not_good.contains(one["what"])) << one.dump(1);
    }
    EXPECT_EQ(parts, (std::set<std::string>{"contract", "snapshot", "market", "node"}));
    EXPECT_NE(row(miner, "gives the piece")["found"].get<std::string>().find("HTTP 200"), std::string::npos)
        << "the snapshot's own piece is asked for";
    EXPECT_EQ(row(miner, "reward")["found"], "2.5 FIL");
}

TEST_F(PreflightApi, LongBeforeTheSnapshotWhatCannotBeKnownIsUnknownAndNotBad) {
    start();
    const Json miner = preflight();
    EXPECT_EQ(miner["ready"], true) << miner.dump(1);
    EXPECT_EQ(row(miner, "snapshot is staged")["state"], "unknown");
    EXPECT_EQ(row(miner, "reward")["state"], "unknown");
    EXPECT_EQ(row(miner, "own piece is the one")["state"], "unknown");
    EXPECT_NE(row(miner, "gives the piece")["found"].get<std::string>().find("404"), std::string::npos);
    EXPECT_EQ(row(miner, "fits into a sector")["state"], "good") << "a piece as the recipe makes them";
}

TEST_F(PreflightApi, TheContractsRowsSayWhatStandsInTheWay) {
    start();
    window(100'000, 101'000, 4);
    Json miner = preflight();
    EXPECT_EQ(row(miner, "registered")["state"], "bad");
    EXPECT_EQ(row(miner, "registered")["fix"], "register it: fil-fil register t01000");
    EXPECT_EQ(miner["ready"], false);
    window(100'000, 101'000, 2);
    EXPECT_EQ(state("registered"), "warning");
    office->put<calls::Windows>({.start = 100'000, .end = 101'000, .slot = slot, .misses = 2, .standing = 1});
    EXPECT_EQ(state("registered"), "warning");
    window(100'000, 101'000);
    office->put<calls::Paused>({.value = true});
    EXPECT_EQ(state("not paused"), "warning");
    // Open and nothing staged is another thing than ahead.
    window(epoch() - 1, epoch() + 1000);
    EXPECT_EQ(state("snapshot is staged"), "warning");
    office->put<calls::Schedule>({});
    office->put<calls::Windows>({.standing = 1});
    miner = preflight();
    EXPECT_EQ(miner["state"], "none");
    EXPECT_EQ(row(miner, "next window")["state"], "bad");
    EXPECT_EQ(row(miner, "Curio's market can be reached")["state"], "good") << "the market is asked all the same";
}

TEST_F(PreflightApi, ANamedEpochHasToBeWhatAWindowWants) {
    start();
    EXPECT_EQ(state("a window wants", {{"epoch", target}}), "good");
    const Json miner = preflight({{"epoch", 999}});
    EXPECT_EQ(row(miner, "a window wants")["state"], "bad");
    EXPECT_NE(row(miner, "a window wants")["found"].get<std::string>().find("the next wants 27"), std::string::npos);
    EXPECT_EQ(miner["ready"], false);
}

TEST_F(PreflightApi, AnotherRecipeIsBad) {
    office->params.recipe[0] ^= std::byte{1};
    start();
    EXPECT_EQ(state("contract's recipe"), "bad");
}

TEST_F(PreflightApi, TheContractItselfIsLookedAt) {
    node_says["eth_getCode"] = "0x" + to_hex(contract::runtime_code());
    start();
    EXPECT_EQ(state("this program knows"), "good");
    EXPECT_EQ(state("can be read"), "good");
    rig->kill();
    office->put<calls::Successor>({.value = incentive::EthAddress::of_id(5)});
    start();
    EXPECT_EQ(state("this program knows"), "warning");
    EXPECT_NE(row(preflight(), "this program knows")["fix"].get<std::string>().find("incentive.contract"),
              std::string::npos);
    rig->kill();
    node_does_not.insert("eth_getCode");
    start();
    const Json miner = preflight();
    EXPECT_EQ(row(miner, "can be read")["state"], "bad");
    EXPECT_EQ(row(miner, "this program knows")["state"], "unknown");
    EXPECT_EQ(row(miner, "contract's recipe")["state"], "unknown");
}

TEST_F(PreflightApi, WhatIsStagedIsLookedAt) {
    start();
    contract::Piece piece;
    piece.raw_size = 1000;
    piece.log2_padded = 10;
    stage({piece});
    Json miner = preflight();
    EXPECT_EQ(row(miner, "snapshot is staged")["state"], "good");
    EXPECT_EQ(row(miner, "own piece is the one")["state"], "unknown") << "it was not taken here";
    EXPECT_EQ(row(miner, "reward")["state"], "good");
    EXPECT_NE(row(miner, "fits into a sector")["found"].get<std::string>().find("1KiB"), std::string::npos)
        << "the staged piece is what is asked about";
    calls::SlotInfo::Output info{.epoch = target, .pieces = 1, .staged_at = target, .disputed = true};
    office->put<calls::SlotInfo>(info);
    miner = preflight();
    EXPECT_EQ(row(miner, "snapshot is staged")["state"], "warning");
    EXPECT_EQ(row(miner, "reward")["state"], "warning") << "nothing";
}

TEST_F(PreflightApi, MarketsThatCannotBeOpenedAndAMissingWalletAreRows) {
    rig->config.incentive.wallet.clear();
    start();
    const Json miner = preflight();
    EXPECT_EQ(row(miner, "markets can be dealt with")["state"], "bad");
    EXPECT_EQ(row(miner, "a wallet is set")["state"], "warning");
    EXPECT_EQ(row(miner, "in sync")["state"], "good");
}

TEST_F(PreflightApi, AContractThatDoesNotAnswerLeavesTheOtherRows) {
    start();
    node_does_not.insert("eth_call");
    const Json miner = preflight();
    EXPECT_EQ(row(miner, "registered")["state"], "unknown");
    EXPECT_EQ(row(miner, "next window")["state"], "unknown");
    EXPECT_EQ(row(miner, "not paused")["state"], "unknown");
    EXPECT_EQ(row(miner, "Curio's market can be reached")["state"], "good");
    EXPECT_EQ(row(miner, "wallet")["part"], "market");
}

TEST_F(PreflightApi, OwnPiecesThatAreOthersThanTheStagedOnesAreBad) {
    start();
    const auto own = take();
    stage_own(own);
    staged.front().root[3] ^= std::byte{1};
    const Json miner = preflight();
    const Json same = row(miner, "own piece is the one");
    EXPECT_EQ(same["state"], "bad");
    EXPECT_NE(same["found"].get<std::string>().find("piece 0 of"), std::string::npos);
    EXPECT_NE(same["fix"].get<std::string>().find("preflight --compare 27"), std::string::npos);
    EXPECT_EQ(miner["ready"], false);
}

TEST_F(PreflightApi, CuriosSwitchesAreRows) {
    start();
    const std::string contract = curio->contracts.begin()->first;
    curio->contracts[contract] = false;
    EXPECT_EQ(state("contract is allowed in Curio"), "bad");
    curio->contracts[contract] = true;
    curio->products["ddo_v1"] = false;
    EXPECT_EQ(state("direct data onboarding"), "bad");
    curio->products["ddo_v1"] = true;
    curio->sources["offline"] = false;
    EXPECT_EQ(state("offline data"), "bad");
    curio->sources["offline"] = true;
    curio->deny_unknown_clients = true;
    EXPECT_EQ(state("lets the wallet in"), "bad");
    curio->deny_unknown_clients = false;
    curio->traps.web_page = true;
    EXPECT_EQ(state("can be reached"), "bad");
}

TEST_F(PreflightApi, AMarketThatNeverAnswersIsARowAfterTwentySeconds) {
    start();
    curio->traps.silent = true;
    const auto before = rig->clock.steady();
    const Json miner = preflight();
    EXPECT_EQ(row(miner, "the market answers")["state"], "bad");
    EXPECT_LE(rig->clock.steady() - before, 25s);
    EXPECT_EQ(row(miner, "in sync")["state"], "good") << "the node was asked at the same time";
}

TEST_F(PreflightApi, TheNodesRowsAreThere) {
    start();
    node_says["Filecoin.WalletBalance"] = "0";
    EXPECT_EQ(state("funds"), "bad");
    node_says["Filecoin.StateMinerInfo"] = {{"SectorSize", 2048}};
    EXPECT_EQ(state("fits into a sector"), "bad");
    node_says["Filecoin.StateMinerActiveSectors"] = Json::array();
    EXPECT_EQ(state("empty sectors"), "warning");
    node_does_not.insert("Filecoin.StateMinerActiveSectors");
    EXPECT_EQ(state("empty sectors"), "unknown");
    node_says["Filecoin.ChainGetFinalizedTipSet"] = {{"Height", target - 1}};
    EXPECT_EQ(state("final"), "unknown");
}

TEST_F(PreflightApi, WithoutAMarketTheRowHasTheConfigurationToWrite) {
    rig->config.markets = {{.miner = "t02000", .kind = MarketKind::curio_mk20, .url = "http://market:12310"}};
    start();
    const Json miner = preflight();
    EXPECT_TRUE(miner["market"].is_null());
    const Json market = row(miner, "a market is set");
    EXPECT_EQ(market["state"], "bad");
    EXPECT_NE(market["fix"].get<std::string>().find("miner = \"t01000\""), std::string::npos);
    EXPECT_EQ(miner["ready"], false);
    // Another's is asked for by name.
    EXPECT_EQ(preflight({{"miner", "t02000"}})["market"], "curio-mk20");
}

TEST_F(PreflightApi, WithoutRetrievalOrItsLocatorCurioHasNothingToFetch) {
    rig->config.retrieval.locator_token_file.clear();
    start();
    Json serves = row(preflight(), "serves pieces");
    EXPECT_EQ(serves["state"], "bad");
    EXPECT_NE(serves["fix"].get<std::string>().find("locator_token_file"), std::string::npos);
    rig->kill();
    rig->config.retrieval.listen.clear();
    start();
    const Json miner = preflight();
    serves = row(miner, "serves pieces");
    EXPECT_EQ(serves["state"], "bad");
    EXPECT_EQ(serves["found"], "retrieval is off");
    EXPECT_NE(serves["fix"].get<std::string>().find("[retrieval] listen"), std::string::npos);
    for (const Json& one : miner["rows"]) EXPECT_NE(one["what"], "this daemon gives the piece to the market");
}

TEST_F(PreflightApi, AFileMarketNeedsNoLocator) {
    rig->config.markets = {{.kind = MarketKind::file}};
    rig->config.retrieval.listen.clear();
    start();
    const Json miner = preflight();
    EXPECT_EQ(row(miner, "folder of manifests")["state"], "good");
    EXPECT_EQ(row(miner, "operator can get the piece")["state"], "bad");
    for (const Json& one : miner["rows"]) EXPECT_NE(one["what"], "this daemon serves pieces to the market");
}

TEST_F(PreflightApi, AnF05MarketIsAskedWithACollateralThatFits) {
    rig->config.markets = {{.kind = MarketKind::curio_mk12, .url = "http://nobody:12310"}};
    start();
    node_says["Filecoin.StateDealProviderCollateralBounds"] = {{"Min", "1000"}, {"Max", "9999"}};
    const Json miner = preflight();
    EXPECT_EQ(row(miner, "collateral")["state"], "good");
    EXPECT_NE(row(miner, "collateral")["found"].get<std::string>().find("1200"), std::string::npos);
    EXPECT_EQ(miner["ready"], false) << "nobody is at the market's address";
    EXPECT_EQ(row(miner, "serves pieces")["state"], "warning");
}

TEST_F(PreflightApi, WrongParametersAreRefusedBeforeAnything) {
    rig->config.incentive.contract.clear();
    start();
    for (const Json& bad :
         {Json{{"miner", "x"}}, Json{{"miner", 5}}, Json{{"epoch", -1}}, Json{{"epoch", "soon"}}, Json{{"epoc", 5}}}) {
        const rpc::Answer answer = rig->call("FilFil.Preflight", bad);
        ASSERT_TRUE(answer.error) << bad.dump();
        EXPECT_EQ(answer.error->code, -32602) << answer.error->message;
    }
    for (const Json& bad : {Json{{"from", "ftp://x"}}, Json{{"from", "http://x/?a=b"}}, Json{{"epoch", false}}}) {
        const rpc::Answer answer = rig->call("FilFil.ComparePieces", bad);
        ASSERT_TRUE(answer.error) << bad.dump();
        EXPECT_EQ(answer.error->code, -32602) << answer.error->message;
    }
    const rpc::Answer answer = rig->call("FilFil.Preflight");
    ASSERT_TRUE(answer.error);
    EXPECT_NE(answer.error->message.find("no contract is set"), std::string::npos) << answer.error->message;
}

// ------------------------------------------------------------------------------------------------ ahead of a window

class PreflightAhead : public PreflightRig {
protected:
    /// @param name part of an alert's message
    std::vector<Json> alerts() {
        std::vector<Json> out;
        const Json status = rig->ask("FilFil.Status");
        for (const Json& one : status["alerts"])
            if (one["code"].get<std::string>().starts_with("preflight_t01000_")) out.push_back(one);
        return out;
    }
    void wait(Clock::Duration time) {
        for (Clock::Duration done{}; done < time; done += 5s) rig->clock.advance(5s);
    }
};

TEST_F(PreflightAhead, WhatIsBadBeforeAWindowIsAnAlertUntilItIsGood) {
    rig->config.incentive.policy = SlotPolicy::automatic;
    curio->products["ddo_v1"] = false;
    window(60, 100);
    start();
    wait(30s);
    const auto told = alerts();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NE(told[0]["message"].get<std::string>().find("direct data onboarding"), std::string::npos)
        << told[0].dump();
    EXPECT_NE(told[0]["message"].get<std::string>().find("epoch 60"), std::string::npos);
    EXPECT_NE(told[0]["remedy"].get<std::string>().find("ddo_v1"), std::string::npos);
    EXPECT_EQ(told[0]["severity"], "error");
    curio->products["ddo_v1"] = true;
    const std::size_t asked = curio->requests("/products");
    wait(60s);
    EXPECT_EQ(alerts().size(), 1U) << "it is looked at again every ten minutes";
    EXPECT_EQ(curio->requests("/products"), asked);
    wait(600s);
    EXPECT_TRUE(alerts().empty());
    const std::size_t good = curio->requests("/products");
    EXPECT_EQ(good, asked + 1);
    wait(1300s);
    EXPECT_EQ(curio->requests("/products"), good) << "once a window where all is good";
}

TEST_F(PreflightAhead, NothingIsLookedAtLongBeforeAWindowOrWithoutThePolicy) {
    rig->config.incentive.policy = SlotPolicy::automatic;
    curio->products["ddo_v1"] = false;
    // Forty epochs long, and more than forty away.
    window(1000, 1040);
    start();
    wait(60s);
    EXPECT_TRUE(alerts().empty());
    EXPECT_EQ(curio->requests("/products"), 0U);
    rig->kill();
    rig->config.incentive.policy = SlotPolicy::ask;
    window(60, 100);
    start();
    wait(60s);
    EXPECT_TRUE(alerts().empty());
    EXPECT_EQ(curio->requests("/products"), 0U);
}

}    // namespace
}    // namespace filfil::service
