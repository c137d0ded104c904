// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/node_preflight.hpp"

#include "market_rig.hpp"

namespace filfil::market {
namespace {

using rpc::Json;
using State = PreflightRow::State;

Json sector(std::int64_t expiration, const char* weight = "0", const char* verified = "0", const Json& key = nullptr) {
    return {{"SectorNumber", 1},
            {"Expiration", expiration},
            {"DealWeight", weight},
            {"VerifiedDealWeight", verified},
            {"SectorKeyCID", key}};
}

class NodeRows : public testing::Test {
protected:
    void SetUp() override {
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(outside.clock.wall()).count();
        results = {{"Filecoin.ChainHead", {{"Height", 5000}, {"Blocks", Json::array({{{"Timestamp", now - 20}}})}}},
                   {"Filecoin.ChainGetFinalizedTipSet", {{"Height", 4990}}},
                   {"Filecoin.WalletBalance", "5000"},
                   {"Filecoin.StateMinerInfo", {{"SectorSize", 2048}}},
                   {"Filecoin.StateMinerActiveSectors", Json::array({sector(700'000)})},
                   {"Filecoin.StateDealProviderCollateralBounds", {{"Min", "1000"}, {"Max", "9999"}}}};
        options.wallet = "f1abc";
        options.least_funds = 100;
        options.f05 = true;
        options.target = 4980;
        options.locator = parse_url("http://daemon:9100/pieces").value();
        options.locator_token = "secret";
        listener = std::move(*outside.transport.listen({.at = {"daemon", 9100}}, locator));
        locator.pieces[piece_cid_v2(order)->text()] = std::string(order.payload_size, 'x');
    }

    Preflight run() {
        std::optional<Preflight> out;
        NodePreflight preflight(
            outside.world,
            [this](const std::string& method, const Json&, rpc::Client::AnswerHandler handler) {
                rpc::Answer answer;
                if (missing.contains(method))
                    answer.error = rpc::RemoteError{.code = -32601, .message = "no such method"};
                else if (dead)
                    answer.failure = Error(ErrorCode::io, "the node is away");
                else
                    answer.result = results[method];
                outside.loop.post([handler = std::move(handler), answer] { handler(answer); });
            },
            options);
        preflight.run(order, [&](Preflight rows) { out = std::move(rows); });
        EXPECT_FALSE(out.has_value());
        outside.run_until([&] { return out.has_value(); });
        return out.value_or(Preflight{});
    }
    State state_of(std::string_view part) {
        for (const PreflightRow& row : run())
            if (row.what.find(part) != std::string::npos) {
                EXPECT_EQ(row.fix.empty(), row.state == State::good) << row.what;
                EXPECT_FALSE(row.why.empty());
                return row.state;
            }
        ADD_FAILURE() << "no row " << part;
        return State::unknown;
    }

    Outside outside;
    TestLocator locator;
    std::unique_ptr<Transport::Listener> listener;
    DealOrder order = test_order();
    NodePreflightOptions options;
    std::map<std::string, Json> results;
    std::set<std::string> missing;
    bool dead = false;
};

TEST_F(NodeRows, AreAllGoodWhereAllIsWell) {
    const auto rows = run();
    EXPECT_EQ(rows.size(), 7U);
    for (const PreflightRow& row : rows) EXPECT_EQ(row.state, State::good) << row.what << ": " << row.found;
}

TEST_F(NodeRows, ANodeThatIsBehindOrAClockThatIsWrongIsBad) {
    outside.clock.jump_wall(10min);
    EXPECT_EQ(state_of("in sync"), State::bad);
    outside.clock.jump_wall(-20min);
    EXPECT_EQ(state_of("in sync"), State::bad);
    outside.clock.jump_wall(10min);
    for (const Json& bad : {Json(), Json::array(), Json{{"Height", 5}}, Json{{"Height", 5}, {"Blocks", Json::array()}},
                            Json{{"Height", 5}, {"Blocks", Json::array({7})}}}) {
        results["Filecoin.ChainHead"] = bad;
        EXPECT_EQ(state_of("in sync"), State::bad);
    }
}

TEST_F(NodeRows, FinalityIsLookedAtForTheSlotsEpoch) {
    options.target = 4995;
    EXPECT_EQ(state_of("final"), State::unknown);
    options.target = 0;
    results["Filecoin.ChainGetFinalizedTipSet"] = {{"Height", 4000}};
    EXPECT_EQ(state_of("final"), State::warning);
    missing.insert("Filecoin.ChainGetFinalizedTipSet");
    EXPECT_EQ(state_of("final"), State::warning);
}

TEST_F(NodeRows, MoneySectorsAndCollateralAreCompared) {
    results["Filecoin.WalletBalance"] = "99";
    EXPECT_EQ(state_of("funds"), State::bad);
    results["Filecoin.WalletBalance"] = 5;
    EXPECT_EQ(state_of("funds"), State::unknown);
    results["Filecoin.StateMinerInfo"] = {{"SectorSize", 512}};
    EXPECT_EQ(state_of("fits"), State::bad);
    results["Filecoin.StateMinerInfo"] = {{"SectorSize", -5}};
    EXPECT_EQ(state_of("fits"), State::unknown);
    order.collateral = 999;
    EXPECT_EQ(state_of("collateral"), State::bad);
    order.collateral = 2001;
    EXPECT_EQ(state_of("collateral"), State::bad);
    order.collateral = 2000;
    EXPECT_EQ(state_of("collateral"), State::good);
}

TEST_F(NodeRows, OnlySectorsThatAreEmptyAndLiveLongEnoughCount) {
    results["Filecoin.StateMinerActiveSectors"] =
        Json::array({sector(600'000), sector(700'000, "5"), sector(700'000, "0", "5"),
                     sector(700'000, "0", "0", {{"/", "bagboea"}}), 7, nullptr, Json::object()});
    EXPECT_EQ(state_of("empty sectors"), State::warning);
    results["Filecoin.StateMinerActiveSectors"].push_back(sector(605'000));
    EXPECT_EQ(state_of("empty sectors"), State::good);
    options.sectors = 2;
    EXPECT_EQ(state_of("empty sectors"), State::warning);
    results["Filecoin.StateMinerActiveSectors"] = nullptr;
    EXPECT_EQ(state_of("empty sectors"), State::warning);
    results["Filecoin.StateMinerActiveSectors"] = "x";
    EXPECT_EQ(state_of("empty sectors"), State::unknown);
}

TEST_F(NodeRows, BeforeTheSnapshotIsTakenTheLocatorNeedNotHaveIt) {
    locator.pieces.clear();
    EXPECT_EQ(state_of("gives the piece"), State::bad);
    options.piece_is_here = false;
    EXPECT_EQ(state_of("gives the piece"), State::good);
    options.locator_token = "other";
    EXPECT_EQ(state_of("gives the piece"), State::bad) << "the token has to be right all the same";
}

TEST_F(NodeRows, TheDaemonsOwnLocatorIsTried) {
    const auto pieces = std::exchange(locator.pieces, {});
    EXPECT_EQ(state_of("gives the piece"), State::bad);
    locator.pieces = pieces;
    options.locator_token = "other";
    EXPECT_EQ(state_of("gives the piece"), State::bad);
    options.locator_token = "secret";
    locator.pieces.begin()->second += "y";
    EXPECT_EQ(state_of("gives the piece"), State::bad);
    listener.reset();
    EXPECT_EQ(state_of("gives the piece"), State::bad);
}

TEST_F(NodeRows, ANodeThatIsAwayLeavesEverythingUnknownButItself) {
    dead = true;
    const auto rows = run();
    EXPECT_EQ(rows.size(), 7U);
    EXPECT_EQ(rows[0].state, State::bad);
    for (std::size_t i = 1; i < 6; ++i) EXPECT_EQ(rows[i].state, State::unknown) << rows[i].what;
}

}    // namespace
}    // namespace filfil::market
