// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/deal.hpp"

#include "market/curio_auth.hpp"
#include "market/market_caller.hpp"
#include "market/preflight.hpp"
#include "market_rig.hpp"

namespace filfil::market {
namespace {

// The names below were made by another program (Python's hashlib and uuid) out of deal.hpp's description.
TEST(DealNames, AreAlwaysTheSameOfTheSameDeal) {
    DealOrder order = test_order();
    EXPECT_EQ(ulid_of(order), "6B3YEWFTMN39RPBW0YKY09RHEE");
    EXPECT_EQ(uuid_of(order), "9c833a6d-a1f1-8ad1-ae02-180a785dcb60");
    order.start += 5;
    order.duration += 5;
    order.collateral = 7;
    order.path = "elsewhere";
    EXPECT_EQ(ulid_of(order), "6B3YEWFTMN39RPBW0YKY09RHEE");
    order.attempt = 1;
    EXPECT_EQ(ulid_of(order), "6HCXJC49JNBGNQB2BZ9AKCW7M2");
    EXPECT_EQ(uuid_of(order), "f042b09b-4b62-8510-b8ea-7b607a8ccc04");
}

TEST(DealNames, DifferForEverythingThatMakesAnotherDeal) {
    const DealOrder order = test_order();
    std::vector<DealOrder> others(4, order);
    ++others[0].deal;
    others[1].provider = chain::Address::of_id(1001);
    others[2].root[0] ^= std::byte{1};
    others[3].contract = incentive::EthAddress::of_id(5);
    for (const DealOrder& other : others) {
        EXPECT_NE(ulid_of(other), ulid_of(order));
        EXPECT_NE(uuid_of(other), uuid_of(order));
        EXPECT_LE(ulid_of(other).front(), '7');
        EXPECT_EQ(ulid_of(other).size(), 26U);
    }
}

TEST(DealOrders, AreReadBackAndCheckedWhenTheyAre) {
    const DealOrder order = test_order();
    const rpc::Json json = json_of(order);
    const auto read = parse_deal_order(json);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(*read, order);
    for (const auto& [name, value] : json.items()) {
        for (const rpc::Json& other :
             {rpc::Json(nullptr), rpc::Json(-1), rpc::Json("x"), rpc::Json::array(), rpc::Json()}) {
            rpc::Json bad = json;
            bad[name] = other;
            if (name == "path" && other.is_string()) continue;
            EXPECT_FALSE(parse_deal_order(bad).ok()) << name << " " << other.dump();
        }
        rpc::Json bad = json;
        bad.erase(name);
        EXPECT_FALSE(parse_deal_order(bad).ok()) << name;
    }
    EXPECT_FALSE(parse_deal_order(rpc::Json::array()).ok());
}

TEST(DealOrders, OfPiecesThatAreOverPaddedAreRefusedBeforeAMarketDoes) {
    DealOrder order = test_order();
    order.padded_size = 2048;
    EXPECT_EQ(check(order).error().code, ErrorCode::invalid_argument);
    order = test_order();
    order.provider = chain::Address::parse("f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy").value();
    EXPECT_FALSE(check(order).ok());
}

TEST(DealStates, HaveNamesThatReadBack) {
    for (int i = 0; i <= static_cast<int>(DealState::refused); ++i) {
        const auto state = static_cast<DealState>(i);
        EXPECT_EQ(deal_state_of(name_of(state)), state);
        DealStatus status{.id = "x",
                          .state = state,
                          .why = Refusal{"a", "b", "c", true},
                          .found = true,
                          .chain_deal = 4,
                          .sector = 5};
        const auto read = parse_deal_status(json_of(status));
        ASSERT_TRUE(read.ok()) << read.error().text();
        EXPECT_EQ(*read, status);
    }
    EXPECT_FALSE(deal_state_of("sealed").has_value());
}

TEST(CurioAuth, SignsTheMinuteThePathWithoutItsQueryAndTheMethod) {
    Bytes binary{std::byte{1}};
    for (int i = 0; i < 20; ++i) binary.push_back(static_cast<std::byte>(i));
    const auto wallet = chain::Address::from_bytes(binary).value();
    const auto at = std::chrono::seconds(1'767'225'600 + 3 * 60 + 59);    // 2026-01-01 00:03:59
    EXPECT_EQ(minute_text(at), "2026-01-01T00:03:00Z");
    EXPECT_EQ(to_hex(curio_auth_digest(wallet, "POST", "/market/mk20/deal?x=1", at)),
              "4b371950f3c3064dceb82aa9ed751936d05c4459f3eb3f320b8b9db3b0763f57");
    EXPECT_EQ(curio_authorization(wallet, Bytes{std::byte{1}, std::byte{2}}),
              "CurioAuth secp256k1:" + to_base64(binary) + ":AQI=");
}

TEST(NodeSignatures, AreOfTheWalletsKindOrRefused) {
    const TestWallet wallet;
    const rpc::Json good = {{"Type", 1}, {"Data", to_base64(Bytes(65, std::byte{7}))}};
    ASSERT_TRUE(read_signature(good, wallet.address).ok());
    EXPECT_EQ(read_signature(good, wallet.address)->size(), 66U);
    for (const rpc::Json& bad :
         {rpc::Json(), rpc::Json("x"), rpc::Json{{"Type", 1}}, rpc::Json{{"Type", 2}, {"Data", "AQI="}},
          rpc::Json{{"Type", "1"}, {"Data", "AQI="}}, rpc::Json{{"Type", 1}, {"Data", ""}},
          rpc::Json{{"Type", 1}, {"Data", "A"}}, rpc::Json{{"Type", 1}, {"Data", std::string(4096, 'A')}}})
        EXPECT_FALSE(read_signature(bad, wallet.address).ok()) << bad.dump();
}

TEST(HttpDates, AreReadAsServersWriteThem) {
    EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), std::chrono::seconds(784'111'777));
    EXPECT_EQ(read_http_date(http_date(std::chrono::seconds(1'767'225'601))), std::chrono::seconds(1'767'225'601));
    for (const char* bad :
         {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 25:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"})
        EXPECT_FALSE(read_http_date(bad).has_value()) << bad;
}

TEST(WebPages, AreToldFromAnswers) {
    EXPECT_TRUE(is_web_page({{"content-type", "Text/HTML; charset=utf-8"}}, ""));
    EXPECT_TRUE(is_web_page({}, " \n<!DOCTYPE html>"));
    EXPECT_TRUE(is_web_page({}, "<HTML>"));
    EXPECT_FALSE(is_web_page({{"Content-Type", "application/json"}}, "{}"));
    EXPECT_FALSE(is_web_page({}, "<"));
}

TEST(OwnPiece, IsComparedWithTheStagedOne) {
    ipld::Digest256 one{};
    ipld::Digest256 other{};
    other[3] = std::byte{9};
    using State = PreflightRow::State;
    EXPECT_EQ(compare_roots(one, one).state, State::good);
    EXPECT_EQ(compare_roots(one, other).state, State::bad);
    EXPECT_NE(compare_roots(one, other).found.find(ipld::piece_cid_v1(other).text()), std::string::npos);
    EXPECT_EQ(compare_roots(one, std::nullopt).state, State::unknown);
    EXPECT_EQ(compare_roots(std::nullopt, one).state, State::unknown);
    EXPECT_EQ(json_of({compare_roots(one, other)})[0]["state"], "bad");
}

TEST(AnswersOfAMarket, AreKeptToABound) {
    AnswerLog log;
    std::size_t kept = 0;
    log.on_answer([&](const MarketAnswered&) { ++kept; });
    for (std::size_t i = 0; i < AnswerLog::most_answers + 10; ++i) log.add({.said = std::string(10'000, 'x')});
    EXPECT_EQ(log.answers().size(), AnswerLog::most_answers);
    EXPECT_EQ(kept, AnswerLog::most_answers + 10);
    EXPECT_LT(log.answers().back().said.size(), 3000U);
}

}    // namespace
}    // namespace filfil::market
