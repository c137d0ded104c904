// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/boost_wire.hpp"
#include "market/f05_deal.hpp"
#include "market_rig.hpp"

namespace filfil::market {
namespace {

using State = PreflightRow::State;

TEST_F(BoostRig, ADealIsProposedGivenItsFilePublishedAndProven) {
    fake->publishes_by_itself = false;
    EXPECT_EQ(state(), DealState::unknown);
    EXPECT_EQ(provide().error().code, ErrorCode::not_found);
    const auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::awaiting_data);
    EXPECT_EQ(told->id, uuid_of(order));
    EXPECT_EQ(state(), DealState::awaiting_data);
    EXPECT_EQ(provide()->state, DealState::processing);
    EXPECT_EQ(provide()->state, DealState::processing);
    EXPECT_EQ(fake->imports(), 1U);
    EXPECT_EQ(fake->deals().begin()->second.path, order.path);
    step();
    EXPECT_EQ(state(), DealState::publishing);
    step();
    EXPECT_EQ(state(), DealState::publishing);    // it waits for others
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { backend->publish_now(order, handler); })->state,
              DealState::publishing);
    step();
    EXPECT_EQ(state(), DealState::published);
    EXPECT_EQ(status()->chain_deal, 88U);
    step();
    EXPECT_EQ(state(), DealState::sealing);
    step();
    EXPECT_EQ(state(), DealState::proven);
    EXPECT_EQ(provide()->state, DealState::proven);
    EXPECT_TRUE(propose()->found);
    EXPECT_EQ(fake->requests("BoostDummyDeal"), 1U);
}

TEST_F(BoostRig, TheProposalOnTheWireIsTheOneThatMk12Gets) {
    ASSERT_TRUE(propose().ok());
    const rpc::Json& deal = fake->last_deal();
    EXPECT_EQ(deal["ClientDealProposal"]["ClientSignature"], (rpc::Json{{"Type", 2}, {"Data", "3q0="}}));
    EXPECT_EQ(deal["IsOffline"], true);
    EXPECT_EQ(deal["SkipIPNIAnnounce"], true);
    EXPECT_EQ(deal["ClientDealProposal"]["Proposal"]["StoragePricePerEpoch"], "0");
    // The fake makes a proposal of the JSON: its CID has to be ours.
    EXPECT_EQ(fake->deals().begin()->second.proposal, incentive::cid_of(f05_proposal(order).value())->text());
}

TEST_F(BoostRig, RefusalsAreNamedAndGoAwayWhenTheyArePutRight) {
    struct Trap {
        const char* name;
        std::function<void(bool)> set;
    };
    const std::vector<Trap> traps = {
        {"offline_refused", [&](bool on) { fake->deny_offline = on; }},
        {"price_below_ask", [&](bool on) { fake->rules.free = !on; }},
        {"provider_not_here", [&](bool on) { fake->rules.miners = {on ? "f02" : "f01000"}; }},
        {"start_elapsed", [&](bool on) { fake->rules.head = on ? 9000 : 100; }},
        {"rejected_by_contract",
         [&](bool on) {
             fake->rules.authenticate = {};
             if (on) fake->rules.authenticate = [](const incentive::DealProposal&) { return false; };
         }},
        {"filter_refused",
         [&](bool on) {
             fake->traps.reject.reset();
             if (on) fake->traps.reject = "rejected by custom filter";
         }},
    };
    for (const Trap& trap : traps) {
        ++order.deal;
        ++order.start;
        trap.set(true);
        const auto told = propose();
        ASSERT_TRUE(told.ok()) << trap.name << ": " << told.error().text();
        ASSERT_EQ(told->state, DealState::refused) << trap.name;
        EXPECT_EQ(told->why->name, trap.name);
        trap.set(false);
        EXPECT_EQ(propose()->state, DealState::awaiting_data) << trap.name;
    }
    EXPECT_EQ(fake->accepted(), traps.size());
}

TEST_F(BoostRig, FaultsOfEveryKindLeaveOneDealAndOneImport) {
    fake->traps.lose_answers = 1;
    EXPECT_EQ(propose()->state, DealState::awaiting_data);
    EXPECT_EQ(fake->accepted(), 1U);
    fake->traps.lose_answers = 1;
    EXPECT_EQ(provide().error().code, ErrorCode::io);
    EXPECT_EQ(provide()->state, DealState::processing);
    EXPECT_EQ(fake->imports(), 1U);

    ++order.deal;
    ++order.start;
    fake->traps.fail_before = 2;
    EXPECT_EQ(propose()->state, DealState::awaiting_data);
    EXPECT_EQ(fake->accepted(), 2U);
    for (const bool page : {false, true}) {
        ++order.deal;
        ++order.start;
        fake->traps.web_page = page;
        fake->traps.silent = !page;
        const auto told = propose();
        ASSERT_FALSE(told.ok());
        EXPECT_EQ(told.error().code, page ? ErrorCode::corrupt : ErrorCode::io);
        fake->traps = {};
        EXPECT_EQ(propose()->state, DealState::awaiting_data);
    }
    EXPECT_EQ(fake->accepted(), 4U);
}

TEST_F(BoostRig, AnotherDaemonWithAnotherStartMakesNoSecondDeal) {
    ASSERT_TRUE(propose().ok());
    const auto other = another();
    DealOrder later = order;
    later.start += 50;
    const auto told = answer<DealStatus>([&](auto handler) { other->propose(later, handler); });
    EXPECT_TRUE(told->found);
    EXPECT_EQ(fake->accepted(), 1U);
}

TEST_F(BoostRig, AWrongTokenIsNamed) {
    backend = another("wrong");
    const auto told = propose();
    EXPECT_EQ(told.error().code, ErrorCode::denied);
    EXPECT_NE(told.error().remedy.find("auth create-token"), std::string::npos);
    EXPECT_EQ(row(preflight(), "lets this daemon in")->state, State::bad);
}

TEST_F(BoostRig, AFileThatIsMissingPausesTheDealAndMoneyThatIsMissingRefusesIt) {
    order.path.clear();
    ASSERT_TRUE(propose().ok());
    EXPECT_EQ(provide().error().code, ErrorCode::invalid_argument);
    order.path = "/gone.car";
    fake->escrow = "0";
    auto told = provide();
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(told->state, DealState::awaiting_data);
    EXPECT_EQ(told->why->name, "provider_without_funds");
    fake->escrow = "5000";
    fake->has_file = [](const std::string& path) { return path != "/gone.car"; };
    EXPECT_TRUE(provide().ok());
    told = status();
    EXPECT_EQ(told->state, DealState::paused);
    EXPECT_NE(told->why->sentence.find("no such file"), std::string::npos);
}

TEST_F(BoostRig, ADealIsCancelledUntilItHasItsFile) {
    ASSERT_TRUE(propose().ok());
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { backend->cancel(order, handler); })->state, DealState::cancelled);
    ++order.deal;
    ++order.start;
    ASSERT_TRUE(propose().ok());
    ASSERT_TRUE(provide().ok());
    const auto told = answer<DealStatus>([&](auto handler) { backend->cancel(order, handler); });
    ASSERT_FALSE(told.ok());
    EXPECT_NE(told.error().message.find("already started importing"), std::string::npos);
}

TEST_F(BoostRig, PreflightNamesEachSettingThatIsWrong) {
    auto rows = preflight();
    expect_fixes(rows);
    for (const PreflightRow& one : rows) EXPECT_EQ(one.state, State::good) << one.what << ": " << one.found;
    fake->rules.free = false;
    fake->rules.miners = {"f02"};
    fake->on_curio = true;
    fake->escrow = "1";
    fake->publisher = "0";
    fake->rules.least_piece = 1 << 20;
    rows = preflight();
    expect_fixes(rows);
    for (const char* part :
         {"serves this miner", "lotus-miner", "without a price", "this size", "collateral", "publishing wallet"})
        EXPECT_EQ(row(rows, part)->state, State::bad) << part;
}

TEST(BoostAnswers, OfAWrongShapeAreRefused) {
    EXPECT_TRUE(read_boost_answer(R"({"jsonrpc":"2.0","id":1,"result":{"Accepted":true,"Reason":""}})")->accepted);
    EXPECT_EQ(read_boost_answer(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}})")->reason, "no");
    for (const char* bad : {"", "{}", "[]", "null", R"({"jsonrpc":"2.0","id":1,"result":null})",
                            R"({"jsonrpc":"2.0","id":1,"result":{"Accepted":1,"Reason":""}})",
                            R"({"jsonrpc":"2.0","id":1,"result":{"Accepted":true}})"})
        EXPECT_FALSE(read_boost_answer(bad).ok()) << bad;
    const auto deal = [](const std::string& checkpoint, const std::string& number) {
        return R"({"data":{"deal":{"ID":"x","Checkpoint":")" + checkpoint +
               R"(","Err":"","Retry":"auto","Message":"m","InboundFilePath":"","ChainDealID":)" + number +
               R"(,"SealingState":"To be sealed"}}})";
    };
    EXPECT_EQ(read_boost_deal(deal("Published", R"({"n":"5"})"))->status.chain_deal, 5U);
    EXPECT_FALSE(read_boost_deal(deal("Melted", R"({"n":"5"})")).ok());
    EXPECT_FALSE(read_boost_deal(deal("Published", "5")).ok());
    EXPECT_FALSE(read_boost_deal(deal("Published", R"({"n":"-5"})")).ok());
    EXPECT_FALSE(read_boost_deal(deal("Published", R"({"n":"18446744073709551616"})")).ok());
    EXPECT_EQ(
        read_boost_deal(R"({"errors":[{"message":"sql: no rows in result set"}],"data":{"deal":null}})")->status.state,
        DealState::unknown);
    EXPECT_EQ(read_boost_deal(R"({"errors":[{"message":"database is locked"}],"data":{"deal":null}})").error().code,
              ErrorCode::io);
    for (const char* bad : {"", "[]", "{}", R"({"data":null})", R"({"data":{"deal":null}})", R"({"errors":[7]})",
                            R"({"errors":[{}],"data":{}})", R"({"data":{"deal":{}}})"}) {
        EXPECT_FALSE(read_boost_deal(bad).ok()) << bad;
        EXPECT_FALSE(read_boost_facts(bad).ok()) << bad;
        EXPECT_FALSE(read_boost_names(bad, "dealCancel", "x").ok()) << bad;
    }
    EXPECT_FALSE(read_boost_deal(std::string(100'000, '[')).ok());
}

}    // namespace
}    // namespace filfil::market
