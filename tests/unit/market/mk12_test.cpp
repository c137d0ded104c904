// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cbor_writer.hpp"
#include "market/f05_deal.hpp"
#include "market/mk12_wire.hpp"
#include "market_rig.hpp"

namespace filfil::market {
namespace {

using State = PreflightRow::State;

TEST_F(Mk12Rig, ADealGoesFromProposalToProofAndItsBytesThroughTheLocator) {
    pull_from_daemon(piece_cid_v1(order).value());
    std::size_t bytes = 0;
    fake->on_piece = [&](const FakeDeal&, const std::string& body) { bytes = body.size(); };
    EXPECT_EQ(state(), DealState::unknown);
    const auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(told->id, uuid_of(order));
    EXPECT_EQ(state(), DealState::processing);
    step();
    step();
    EXPECT_EQ(bytes, order.payload_size);
    step();
    step();
    EXPECT_EQ(state(), DealState::processing);    // Curio says no more until it is all over
    step();
    const auto end = status();
    ASSERT_TRUE(end.ok());
    EXPECT_EQ(end->state, DealState::complete);
    EXPECT_EQ(end->chain_deal, 77U);
    EXPECT_TRUE(propose()->found);
    EXPECT_EQ(fake->requests("POST"), 1U);
}

TEST_F(Mk12Rig, TheProposalIsTheContractsAndOfTheSameBytesEachTime) {
    const auto proposal = f05_proposal(order).value();
    EXPECT_EQ(proposal.client, incentive::filecoin_address_of(order.contract).value());
    EXPECT_EQ(proposal.end - proposal.start, order.duration);
    EXPECT_FALSE(proposal.verified);
    EXPECT_TRUE(proposal.price.zero());
    EXPECT_TRUE(proposal.client_collateral.zero());
    EXPECT_EQ(proposal.label.content, order.payload_root.text());
    EXPECT_EQ(mk12_deal_params(order, false).value(), mk12_deal_params(order, false).value());
    EXPECT_NE(mk12_deal_params(order, false).value(), mk12_deal_params(order, true).value());
    order.start = 0;
    EXPECT_EQ(propose().error().code, ErrorCode::invalid_argument);
}

struct Mk12Trap {
    const char* name;
    std::function<void(FakeMk12&)> set;
    std::function<void(FakeMk12&)> put_right;
};

TEST_F(Mk12Rig, EveryRefusalHasANameAndGoesAwayWhenItIsPutRight) {
    const std::vector<Mk12Trap> traps = {
        {"rejected_by_contract",
         [](FakeMk12& f) { f.rules.authenticate = [](const incentive::DealProposal&) { return false; }; },
         [](FakeMk12& f) { f.rules.authenticate = {}; }},
        {"provider_not_here", [](FakeMk12& f) { f.rules.miners = {"f02"}; },
         [](FakeMk12& f) { f.rules.miners = {"f01000"}; }},
        {"start_elapsed", [](FakeMk12& f) { f.rules.head = 9000; }, [](FakeMk12& f) { f.rules.head = 100; }},
        {"collateral_out_of_bounds", [](FakeMk12& f) { f.rules.least_collateral = 2000; },
         [](FakeMk12& f) { f.rules.least_collateral = 1000; }},
        {"collateral_out_of_bounds", [](FakeMk12& f) { f.rules.least_collateral = 700; },
         [](FakeMk12& f) { f.rules.least_collateral = 1000; }},
        {"offline_refused", [](FakeMk12& f) { f.deny_offline = true; }, [](FakeMk12& f) { f.deny_offline = false; }},
        {"client_not_allowed", [](FakeMk12& f) { f.deny_client = true; }, [](FakeMk12& f) { f.deny_client = false; }},
        {"overloaded", [](FakeMk12& f) { f.traps.backpressure = true; },
         [](FakeMk12& f) { f.traps.backpressure = false; }},
        {"price_below_ask", [](FakeMk12& f) { f.rules.free = false; }, [](FakeMk12& f) { f.rules.free = true; }},
        {"piece_size_refused", [](FakeMk12& f) { f.rules.least_piece = 4096; },
         [](FakeMk12& f) { f.rules.least_piece = 256; }},
        {"piece_size_refused", [](FakeMk12& f) { f.rules.largest_piece = 512; },
         [](FakeMk12& f) { f.rules.largest_piece = 4096; }},
        {"hourly_limit",
         [](FakeMk12& f) {
             f.traps.reject =
                 "deal rejected as maximum allowed deals per hour limit has been reached for the client, please retry";
         },
         [](FakeMk12& f) { f.traps.reject.reset(); }},
    };
    for (const Mk12Trap& trap : traps) {
        ++order.deal;
        ++order.start;
        const std::size_t before = fake->accepted();
        trap.set(*fake);
        const auto told = propose();
        ASSERT_TRUE(told.ok()) << trap.name << ": " << told.error().text();
        EXPECT_EQ(told->state, DealState::refused) << trap.name;
        ASSERT_TRUE(told->why.has_value()) << trap.name;
        EXPECT_EQ(told->why->name, trap.name) << told->why->sentence;
        EXPECT_FALSE(told->why->remedy.empty());
        EXPECT_EQ(fake->accepted(), before) << trap.name;
        trap.put_right(*fake);
        const auto after = propose();
        ASSERT_TRUE(after.ok()) << trap.name;
        EXPECT_EQ(after->state, DealState::accepted) << trap.name;
        EXPECT_EQ(fake->accepted(), before + 1) << trap.name;
    }
}

TEST_F(Mk12Rig, FaultsOfEveryKindLeaveOneDeal) {
    const std::vector<std::function<void()>> faults = {
        [&] { fake->traps.lose_answers = 1; },
        [&] { fake->traps.fail_after = 1; },
        [&] { fake->traps.fail_before = 2; },
        [&] { fake->traps.slow = 5s; },
    };
    for (const auto& fault : faults) {
        ++order.deal;
        ++order.start;
        const std::size_t before = fake->accepted();
        fault();
        const auto told = propose();
        ASSERT_TRUE(told.ok()) << told.error().text();
        EXPECT_GE(told->state, DealState::accepted);
        EXPECT_LT(told->state, DealState::failed);
        EXPECT_EQ(fake->accepted(), before + 1);
        fake->traps.slow = {};
    }
    for (const bool page : {false, true}) {
        ++order.deal;
        ++order.start;
        fake->traps.web_page = page;
        fake->traps.silent = !page;
        const auto told = propose();
        ASSERT_FALSE(told.ok());
        EXPECT_EQ(told.error().code, page ? ErrorCode::corrupt : ErrorCode::io);
        EXPECT_FALSE(told.error().remedy.empty());
        EXPECT_EQ(preflight()[0].state, State::bad);
        fake->traps = {};
        EXPECT_EQ(propose()->state, DealState::accepted);
    }
}

TEST_F(Mk12Rig, ADealThatFailedBeforeItWasPublishedIsNotProposedTwice) {
    // Curio says of it what it says of one that it never had, so it is sent again, and Curio says that it has it.
    ASSERT_TRUE(propose().ok());
    step();
    fake->traps.fails_later = "commp mismatch";
    step();
    EXPECT_EQ(state(), DealState::unknown);
    EXPECT_EQ(propose()->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
    // Another daemon that would have it start elsewhere.
    const auto other = another();
    DealOrder later = order;
    later.start += 100;
    const auto told = answer<DealStatus>([&](auto handler) { other->propose(later, handler); });
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(told->state, DealState::accepted);
    EXPECT_EQ(fake->accepted(), 1U);
}

TEST_F(Mk12Rig, AFailureBehindPublicationIsToldWithCuriosWords) {
    ASSERT_TRUE(propose().ok());
    for (int i = 0; i < 2; ++i) step();
    fake->traps.fails_later = "sector removed";
    step();
    const auto told = status();
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(told->state, DealState::failed);
    EXPECT_NE(told->why->sentence.find("sector removed"), std::string::npos);
}

TEST_F(Mk12Rig, PreflightReadsTheAsk) {
    auto rows = preflight();
    expect_fixes(rows);
    EXPECT_EQ(row(rows, "price")->state, State::good);
    EXPECT_EQ(row(rows, "this size")->state, State::good);
    fake->rules.free = false;
    fake->rules.largest_piece = 512;
    rows = preflight();
    expect_fixes(rows);
    EXPECT_EQ(row(rows, "price")->state, State::bad);
    EXPECT_EQ(row(rows, "this size")->state, State::bad);
    fake->has_ask = false;
    rows = preflight();
    expect_fixes(rows);
    EXPECT_EQ(row(rows, "price")->state, State::bad);
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { backend->cancel(order, handler); }).error().code,
              ErrorCode::unsupported);
}

TEST(Mk12Answers, OfAWrongShapeAreRefused) {
    ipld::CborWriter good;
    good.map(2);
    good.text("Message");
    good.text("no");
    good.text("Accepted");
    good.boolean(false);
    const Bytes whole = to_bytes(good.bytes());
    ASSERT_TRUE(read_mk12_answer(whole).ok());
    EXPECT_EQ(read_mk12_answer(whole)->message, "no");
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_FALSE(read_mk12_answer(ByteView(whole).first(i)).ok()) << i;
    Bytes more = whole;
    more.push_back(std::byte{0});
    EXPECT_FALSE(read_mk12_answer(more).ok());
    EXPECT_FALSE(read_mk12_answer(bytes_of("<html>")).ok());
    EXPECT_FALSE(read_mk12_answer(Bytes(1 << 20, std::byte{0x81})).ok());
    EXPECT_EQ(read_mk12_answer(Bytes(300 * 1024, std::byte{0})).error().code, ErrorCode::too_large);
    EXPECT_FALSE(read_mk12_answer(Bytes(200, std::byte{0x81})).ok());    // lists in one another
    EXPECT_FALSE(read_mk12_status(whole).ok());
    EXPECT_FALSE(read_mk12_ask(whole).ok());
    ipld::CborWriter wrong;
    wrong.map(2);
    wrong.text("Message");
    wrong.number(1);
    wrong.text("Accepted");
    wrong.number(1);
    EXPECT_EQ(read_mk12_answer(wrong.bytes()).error().code, ErrorCode::corrupt);
}

}    // namespace
}    // namespace filfil::market
