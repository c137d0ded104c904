// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/mk20_wire.hpp"
#include "market_rig.hpp"

namespace filfil::market {
namespace {

using State = PreflightRow::State;

TEST_F(Mk20Rig, ADealGoesFromProposalToProofAndItsBytesThroughTheLocator) {
    pull_from_daemon(piece_cid_v2(order).value());
    std::string bytes;
    std::uint64_t proven = 0;
    fake->on_piece = [&](const FakeDeal&, const std::string& body) { bytes = body; };
    fake->on_proven = [&](const FakeDeal& deal) { proven = deal.contract_deal; };

    EXPECT_EQ(state(), DealState::unknown);
    const auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(told->id, ulid_of(order));
    EXPECT_FALSE(told->found);
    EXPECT_EQ(state(), DealState::accepted);
    step();
    EXPECT_EQ(state(), DealState::processing);
    step();
    EXPECT_EQ(bytes.size(), order.payload_size);
    step();
    EXPECT_EQ(state(), DealState::sealing);
    step();
    EXPECT_EQ(proven, order.deal);
    EXPECT_EQ(state(), DealState::proven);
    step();
    EXPECT_EQ(state(), DealState::complete);
    EXPECT_TRUE(fake->fetch_errors().empty());

    const auto again = propose();
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again->found);
    EXPECT_EQ(again->state, DealState::complete);
    EXPECT_EQ(fake->requests("POST"), 1U);
}

TEST_F(Mk20Rig, TheProposalHasTheContractAsMarketAndListenerAndIsNotIndexed) {
    ASSERT_TRUE(propose().ok());
    const rpc::Json deal = fake->last_deal();
    const rpc::Json& ddo = deal["products"]["ddo_v1"];
    EXPECT_EQ(deal["client"], wallet.address.text());
    EXPECT_EQ(ddo["market_address"], "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    EXPECT_EQ(ddo["market_deal_id"], order.deal);
    EXPECT_TRUE(ddo["start_epoch"].is_null());
    EXPECT_EQ(chain::Address::parse(ddo["notification_address"].get<std::string>()).value(),
              incentive::filecoin_address_of(order.contract).value());
    EXPECT_EQ(from_base64(ddo["notification_payload"].get<std::string>()).value(),
              mk20_notification_payload(order.deal));
    EXPECT_EQ(deal["products"]["retrieval_v1"],
              (rpc::Json{{"indexing", false}, {"announce_payload", false}, {"announce_piece", false}}));
    EXPECT_EQ(deal["data"]["piece_cid"]["/"], piece_cid_v2(order)->text());
}

// Each trap of Curio's: what is set up, the name that the refusal has, and that the same deal is taken once it is put
// right.
struct Mk20Trap {
    const char* name;
    std::function<void(FakeMk20&)> set;
    std::function<void(FakeMk20&)> put_right;
};

TEST_F(Mk20Rig, EveryRefusalHasANameASentenceAndARemedyAndGoesAwayWhenItIsPutRight) {
    const std::string contract = order.contract.text();
    const std::vector<Mk20Trap> traps = {
        {"contract_unknown", [](FakeMk20& f) { f.contracts.clear(); },
         [&](FakeMk20& f) { f.contracts[contract] = true; }},
        // Curio compares the text of the address: in lower case it is another one.
        {"contract_unknown", [&](FakeMk20& f) { f.contracts = {{order.contract.lower_text(), true}}; },
         [&](FakeMk20& f) { f.contracts[contract] = true; }},
        {"contract_not_allowed", [&](FakeMk20& f) { f.contracts[contract] = false; },
         [&](FakeMk20& f) { f.contracts[contract] = true; }},
        {"provider_not_here", [](FakeMk20& f) { f.miners = {"f02"}; }, [](FakeMk20& f) { f.miners = {"f01000"}; }},
        {"piece_too_large", [](FakeMk20& f) { f.sector_size = 512; }, [](FakeMk20& f) { f.sector_size = 2048; }},
        {"product_not_enabled", [](FakeMk20& f) { f.products["ddo_v1"] = false; },
         [](FakeMk20& f) { f.products["ddo_v1"] = true; }},
        {"product_not_enabled", [](FakeMk20& f) { f.products["retrieval_v1"] = false; },
         [](FakeMk20& f) { f.products["retrieval_v1"] = true; }},
        {"unsupported_product", [](FakeMk20& f) { f.products.erase("ddo_v1"); },
         [](FakeMk20& f) { f.products["ddo_v1"] = true; }},
        {"source_not_enabled", [](FakeMk20& f) { f.sources["offline"] = false; },
         [](FakeMk20& f) { f.sources["offline"] = true; }},
        {"client_not_allowed", [](FakeMk20& f) { f.deny_deals = true; }, [](FakeMk20& f) { f.deny_deals = false; }},
        {"rejected_by_contract",
         [](FakeMk20& f) { f.verify_deal = [](const rpc::Json&) { return Result<bool>(false); }; },
         [](FakeMk20& f) { f.verify_deal = {}; }},
        {"deal_unknown_to_contract",
         [](FakeMk20& f) {
             f.verify_deal = [](const rpc::Json&) { return Result<bool>(Error(ErrorCode::not_found, "DealNotFound")); };
         },
         [](FakeMk20& f) { f.verify_deal = {}; }},
        {"overloaded", [](FakeMk20& f) { f.traps.backpressure = true; },
         [](FakeMk20& f) { f.traps.backpressure = false; }},
    };
    for (const Mk20Trap& trap : traps) {
        ++order.attempt;
        const std::size_t before = fake->accepted();
        trap.set(*fake);
        const auto told = propose();
        ASSERT_TRUE(told.ok()) << trap.name << ": " << told.error().text();
        EXPECT_EQ(told->state, DealState::refused) << trap.name;
        ASSERT_TRUE(told->why.has_value()) << trap.name;
        EXPECT_EQ(told->why->name, trap.name);
        EXPECT_FALSE(told->why->sentence.empty());
        EXPECT_FALSE(told->why->remedy.empty());
        EXPECT_EQ(fake->accepted(), before) << trap.name;
        trap.put_right(*fake);
        const auto after = propose();
        ASSERT_TRUE(after.ok()) << trap.name << ": " << after.error().text();
        EXPECT_EQ(after->state, DealState::accepted) << trap.name;
        EXPECT_EQ(fake->accepted(), before + 1) << trap.name;
    }
}

TEST_F(Mk20Rig, ARefusalThatMayPassIsTriedAgainAndThenTakenOnce) {
    fake->traps.backpressure = true;
    outside.loop.post_after(3s, [&] { fake->traps.backpressure = false; });
    const auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
}

TEST_F(Mk20Rig, AShortDealIsRefusedByItsDuration) {
    order.duration = 518'399;
    EXPECT_EQ(propose()->why->name, "duration_too_short");
}

TEST_F(Mk20Rig, WhatWasTakenAndNotAnsweredIsFoundAndNotProposedAgain) {
    fake->traps.lose_answers = 1;
    auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
    EXPECT_EQ(fake->requests("POST"), 1U);

    ++order.attempt;
    fake->traps.fail_after = 1;    // Curio's own time-out: 503, and the deal is there
    told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 2U);
    EXPECT_EQ(fake->requests("POST"), 2U);
}

TEST_F(Mk20Rig, WhatWasNotTakenIsSentAgain) {
    fake->traps.fail_before = 2;
    const auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
    EXPECT_EQ(fake->requests("POST"), 3U);
}

TEST_F(Mk20Rig, WhenNobodyKnowsIfItWasTakenThatIsWhatIsSaid) {
    fake->traps.fail_before = 100;
    const auto told = propose();
    ASSERT_FALSE(told.ok());
    EXPECT_EQ(told.error().code, ErrorCode::io);
    EXPECT_NE(told.error().message.find("it is not known whether"), std::string::npos) << told.error().message;
    EXPECT_FALSE(told.error().remedy.empty());
    fake->traps.fail_before = 0;
    EXPECT_EQ(propose()->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
}

TEST_F(Mk20Rig, AMarketThatIsDownSilentSlowOrAWebPageIsNamedAndNothingIsLost) {
    struct Fault {
        const char* part;
        ErrorCode code;
        std::function<void(bool)> set;
    };
    const std::vector<Fault> faults = {
        {"no answer in time", ErrorCode::io, [&](bool on) { fake->traps.silent = on; }},
        {"web page", ErrorCode::corrupt, [&](bool on) { fake->traps.web_page = on; }},
        {"no answer in time", ErrorCode::io,
         [&](bool on) { fake->traps.slow = on ? Clock::Duration(25s) : Clock::Duration{}; }},
        {"HTTP 200", ErrorCode::corrupt,
         [&](bool on) {
             fake->traps.always.reset();
             if (on) fake->traps.always = HttpResponse{.status = 200, .body = "<html><body>502</body></html>"};
         }},
        {"was too slow", ErrorCode::io,
         [&](bool on) {
             fake->traps.always.reset();
             if (on) fake->traps.always = HttpResponse{.status = 503, .body = "request timeout"};
         }},
        {"market:12310", ErrorCode::io,
         [&](bool on) {
             listener.reset();
             if (!on) listener = std::move(*outside.transport.listen({.at = {"market", 12310}}, *fake));
         }},
    };
    for (const Fault& fault : faults) {
        ++order.attempt;
        const std::size_t before = fake->accepted();
        fault.set(true);
        const auto told = propose();
        ASSERT_FALSE(told.ok()) << fault.part;
        EXPECT_EQ(told.error().code, fault.code) << told.error().message;
        EXPECT_NE(told.error().message.find(fault.part), std::string::npos) << told.error().message;
        EXPECT_FALSE(told.error().remedy.empty()) << fault.part;
        const Preflight rows = preflight();
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].state, State::bad);
        fault.set(false);
        outside.advance(1min);
        EXPECT_EQ(propose()->state, DealState::accepted) << fault.part;
        EXPECT_EQ(fake->accepted(), before + 1) << fault.part;
    }
}

TEST_F(Mk20Rig, TwoDaemonsThatProposeTheSameDealMakeOne) {
    const auto other = another();
    std::vector<Result<DealStatus>> told;
    for (DealBackend* one : {backend.get(), other.get()})
        one->propose(order, [&](Result<DealStatus> status) { told.push_back(std::move(status)); });
    outside.run_until([&] { return told.size() == 2; }, 10min);
    ASSERT_EQ(told.size(), 2U);
    for (const auto& one : told) {
        ASSERT_TRUE(one.ok()) << one.error().text();
        EXPECT_EQ(one->state, DealState::accepted);
    }
    EXPECT_EQ(fake->accepted(), 1U);
}

TEST_F(Mk20Rig, ADealThatCurioDoesNotKnowIsToldFromAWalletThatItDoesNot) {
    const auto unknown = status();
    ASSERT_TRUE(unknown.ok());
    EXPECT_EQ(unknown->state, DealState::unknown);
    fake->deny_unknown_clients = true;
    const auto denied = status();
    ASSERT_FALSE(denied.ok());
    EXPECT_EQ(denied.error().code, ErrorCode::denied);
    EXPECT_EQ(propose().error().code, ErrorCode::denied);
    EXPECT_EQ(fake->requests("POST"), 0U);
    // And from another that answers in its place.
    fake->traps.always = HttpResponse{.status = 404, .body = "404 page not found\n"};
    EXPECT_FALSE(status().ok());
}

TEST_F(Mk20Rig, AWalletWithoutItsKeyAndAClockThatIsWrongAreNamed) {
    wallet.has_key = false;
    EXPECT_NE(propose().error().remedy.find("lotus wallet list"), std::string::npos);
    wallet.has_key = true;
    fake->traps.clock_ahead = 10min;
    EXPECT_EQ(propose().error().code, ErrorCode::denied);
    const auto rows = preflight();
    ASSERT_NE(row(rows, "clock"), nullptr);
    EXPECT_EQ(row(rows, "clock")->state, State::bad);
    fake->traps.clock_ahead = 40s;    // within a minute it works
    EXPECT_EQ(row(preflight(), "clock")->state, State::warning);
    EXPECT_EQ(propose()->state, DealState::accepted);
}

TEST_F(Mk20Rig, AWalletIsNamedByItsKey) {
    const auto made =
        make_mk20_backend(outside.world, wallet.ask(outside.loop),
                          {.market = parse_url("http://m/market/mk20").value(), .wallet = chain::Address::of_id(5)});
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
}

TEST_F(Mk20Rig, AcceptedAndThenFailedIsSaidWithCuriosWords) {
    ASSERT_TRUE(propose().ok());
    step();
    fake->traps.fails_later = "commP mismatch";
    step();
    const auto told = status();
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(told->state, DealState::failed);
    EXPECT_NE(told->why->sentence.find("commP mismatch"), std::string::npos);
    fake->traps.fails_later.reset();
    ++order.attempt;    // what `deals retry` does
    EXPECT_EQ(propose()->state, DealState::accepted);
}

TEST_F(Mk20Rig, APieceThatIsNotThereKeepsTheDealWaitingUntilItIs) {
    pull_from_daemon(piece_cid_v2(order).value());
    const auto pieces = std::exchange(locator.pieces, {});
    ASSERT_TRUE(propose().ok());
    step();
    step();
    EXPECT_EQ(fake->fetch_errors(), (std::vector<std::string>{"HEAD 404"}));
    EXPECT_EQ(state(), DealState::processing);
    locator.token = "other";
    step();
    EXPECT_EQ(fake->fetch_errors().back(), "HEAD 401");
    locator.token = "secret";
    locator.pieces = pieces;
    step();
    step();
    EXPECT_EQ(state(), DealState::sealing);
}

TEST_F(Mk20Rig, WhatCurioCannotDoIsSaid) {
    const auto told = answer<DealStatus>([&](auto handler) { backend->cancel(order, handler); });
    EXPECT_EQ(told.error().code, ErrorCode::unsupported);
    ASSERT_TRUE(propose().ok());
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { backend->publish_now(order, handler); })->state,
              DealState::accepted);
    EXPECT_EQ(provide()->state, DealState::accepted);
    order.padded_size = 4096;
    EXPECT_EQ(propose().error().code, ErrorCode::invalid_argument);
}

TEST_F(Mk20Rig, PreflightNamesEachSettingThatIsWrong) {
    auto rows = preflight();
    expect_fixes(rows);
    for (const char* part :
         {"reached", "lets the wallet in", "direct data", "retrieval product", "offline", "contract is allowed"})
        EXPECT_EQ(row(rows, part)->state, State::good) << part;
    fake->products["ddo_v1"] = false;
    fake->sources["offline"] = false;
    fake->contracts = {{order.contract.lower_text(), true}};
    rows = preflight();
    expect_fixes(rows);
    for (const char* part : {"direct data", "offline", "contract is allowed"})
        EXPECT_EQ(row(rows, part)->state, State::bad) << part;
    EXPECT_NE(row(rows, "contract is allowed")->fix.find(order.contract.text()), std::string::npos);
    EXPECT_NE(row(rows, "contract is allowed")->found.find(order.contract.lower_text()), std::string::npos);
    fake->contracts.clear();
    EXPECT_NE(row(preflight(), "contract is allowed")->found.find("not on the list"), std::string::npos);
    fake->deny_unknown_clients = true;
    rows = preflight();
    expect_fixes(rows);
    EXPECT_EQ(row(rows, "lets the wallet in")->state, State::bad);
}

TEST_F(Mk20Rig, NothingIsToldToWhoIsGone) {
    bool told = false;
    backend->propose(order, [&](const Result<DealStatus>&) { told = true; });
    backend->preflight(order, [&](const Result<Preflight>&) { told = true; });
    fake->traps.slow = 1s;
    outside.advance(1500ms);    // something was answered, and the rest is on its way
    backend.reset();
    outside.advance(1h);
    EXPECT_FALSE(told);
}

TEST_F(Mk20Rig, EveryAnswerIsKept) {
    ASSERT_TRUE(propose().ok());
    fake->traps.silent = true;
    EXPECT_FALSE(status().ok());
    const auto& answers = backend->answers().answers();
    ASSERT_GE(answers.size(), 4U);
    const auto posted = std::ranges::find(answers, "POST /market/mk20/deal", &MarketAnswered::asked);
    ASSERT_NE(posted, answers.end());
    EXPECT_EQ(posted->status, 200);
    EXPECT_EQ(posted->deal, ulid_of(order));
    EXPECT_EQ(answers.back().status, 0);
    EXPECT_FALSE(answers.back().said.empty());
}

TEST(Mk20Answers, OfAWrongShapeAreRefusedAndSayWhatIsWrong) {
    EXPECT_EQ(read_mk20_status(R"({"ddo_v1":{"status":"indexing","errorMsg":""}})")->state, DealState::proven);
    EXPECT_EQ(read_mk20_status(R"({"ddo_v1":{"status":"uploading"}})")->state, DealState::awaiting_data);
    std::string deep(5000, '[');
    for (const std::string& bad :
         {std::string(), std::string("{"), std::string("null"), std::string("[]"),
          std::string(R"({"pdp_v1":{"status":"sealing"}})"), std::string(R"({"ddo_v1":null})"),
          std::string(R"({"ddo_v1":{"status":7}})"), std::string(R"({"ddo_v1":{"status":"melting"}})"),
          std::string(R"({"ddo_v1":{"status":"failed","errorMsg":[]}})"), deep, std::string("\xff\xfe")}) {
        const auto read = read_mk20_status(bad);
        ASSERT_FALSE(read.ok()) << bad.substr(0, 60);
        EXPECT_EQ(read.error().code, ErrorCode::corrupt);
        EXPECT_FALSE(read.error().message.empty());
    }
    EXPECT_TRUE(read_mk20_names(R"({"contracts":null})", "contracts")->empty());
    EXPECT_EQ(read_mk20_names(R"({"products":["a","b"]})", "products")->size(), 2U);
    for (const char* bad : {"", "[]", R"({"products":{}})", R"({"products":[1]})", R"({"sources":[]})"})
        EXPECT_FALSE(read_mk20_names(bad, "products").ok()) << bad;
}

}    // namespace
}    // namespace filfil::market
