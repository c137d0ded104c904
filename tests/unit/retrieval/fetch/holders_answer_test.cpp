// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/holders_answer.hpp"

#include "ipld/piece_cid.hpp"
#include "rpc/json.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace filfil::retrieval::samples {
namespace {

using rpc::Json;

Json piece_json(unsigned number, std::uint8_t seed) {
    ipld::Digest256 root{};
    root[0] = static_cast<std::byte>(seed);
    return {{"piece", number},
            {"piece_cid", ipld::piece_cid_v1(root).text()},
            {"piece_cid_v2", ipld::piece_cid_v2(root, 1000, 1024)->text()},
            {"payload_size", 1000},
            {"padded_size", 1024}};
}

Json holder_json(const char* miner, unsigned piece, bool alternative, Json endpoint) {
    return {{"miner", miner},
            {"piece", piece},
            {"alternative", alternative},
            {"state", "active"},
            {"endpoint", std::move(endpoint)},
            {"alive", true}};
}

Json good_answer() {
    return {{"slot", 65537},
            {"epoch", 5000},
            {"pieces", {piece_json(0, 1), piece_json(1, 2)}},
            {"alternative_pieces", Json::array({piece_json(0, 3)})},
            {"holders",
             {holder_json("f01", 0, false, "https://a.example"), holder_json("f01", 1, false, "https://a.example/"),
              holder_json("f02", 1, false, "http://b.example:5347#region=eu"), holder_json("f03", 1, false, nullptr),
              holder_json("f04", 0, true, "http://c.example")}},
            {"next", nullptr},
            {"trouble", nullptr}};
}

TEST(HoldersAnswer, BecomesAPlanOfWhoHasWhichPiece) {
    const auto staged = read_holders_answer(good_answer());
    ASSERT_TRUE(staged.ok()) << staged.error().text();
    EXPECT_EQ(staged->epoch, 5000U);
    EXPECT_EQ(staged->slot, 65537U);
    const auto plan = make_plan(*staged, {"http://d.example", "http://a.example"});
    ASSERT_TRUE(plan.ok()) << plan.error().text();
    ASSERT_EQ(plan->pieces.size(), 2U);
    std::vector<std::string> names;
    for (const auto& source : plan->sources) names.push_back(source.name);
    EXPECT_EQ(names, (std::vector<std::string>{"https://a.example", "http://b.example:5347", "http://d.example",
                                               "http://a.example"}));
    EXPECT_EQ(plan->pieces[0].sources, (std::vector<std::size_t>{0, 2, 3}));
    EXPECT_EQ(plan->pieces[1].sources, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(HoldersAnswer, TheAlternativeIsFetchedWhereTheFirstCannotBe) {
    Json answer = good_answer();
    for (Json& holder : answer["holders"])
        if (holder["alternative"] == false) holder["endpoint"] = nullptr;
    const auto plan = make_plan(*read_holders_answer(answer), {});
    ASSERT_TRUE(plan.ok()) << plan.error().text();
    EXPECT_EQ(plan->pieces.size(), 1U);
    EXPECT_EQ(plan->sources[0].name, "http://c.example");
}

TEST(HoldersAnswer, LostSectorsAndAnnouncementsThatAreNoUrlsArePassedOver) {
    Json answer = good_answer();
    answer["alternative_pieces"] = Json::array();
    answer["holders"] = {holder_json("f01", 0, false, "javascript:alert(1)"), holder_json("f02", 1, false, "http://b")};
    answer["holders"][1]["state"] = "dead";
    const auto plan = make_plan(*read_holders_answer(answer), {});
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().code, ErrorCode::not_found);
    EXPECT_NE(plan.error().remedy.find("--from"), std::string::npos);
}

TEST(HoldersAnswer, ADaemonThatIsTooOldIsSaidToBe) {
    Json answer = good_answer();
    answer.erase("pieces");
    const auto staged = read_holders_answer(answer);
    ASSERT_FALSE(staged.ok());
    EXPECT_EQ(staged.error().code, ErrorCode::unsupported);
    EXPECT_NE(staged.error().message.find("too old"), std::string::npos);
}

TEST(HoldersAnswer, WhatIsMalformedIsRefused) {
    const std::vector<std::function<void(Json&)>> breaks = {
        [](Json& answer) { answer = Json::array(); },
        [](Json& answer) { answer["epoch"] = -1; },
        [](Json& answer) { answer["epoch"] = nullptr; },
        [](Json& answer) { answer["slot"] = 1e10; },
        [](Json& answer) { answer["pieces"] = "none"; },
        [](Json& answer) { answer["pieces"][1]["piece"] = 2; },
        [](Json& answer) { answer["pieces"][0]["piece_cid"] = "baga"; },
        [](Json& answer) { answer["pieces"][0]["piece_cid"] = "bafkqaaa"; },
        [](Json& answer) { answer["pieces"][0]["payload_size"] = 999; },
        [](Json& answer) { answer["pieces"][0]["payload_size"] = "1000"; },
        [](Json& answer) { answer["pieces"][0]["padded_size"] = 2048; },
        [](Json& answer) { answer["pieces"][0]["piece_cid_v2"] = answer["pieces"][1]["piece_cid_v2"]; },
        [](Json& answer) { answer["pieces"][0]["piece_cid_v2"] = 7; },
        [](Json& answer) { answer["alternative_pieces"] = 1; },
        [](Json& answer) { answer.erase("holders"); },
        [](Json& answer) { answer["holders"] = Json::object(); },
        [](Json& answer) { answer["holders"][0]["piece"] = 300; },
        [](Json& answer) { answer["holders"][0]["endpoint"] = 5; },
        [](Json& answer) { answer["holders"][0].erase("state"); },
        [](Json& answer) { answer["next"] = -5; },
    };
    ASSERT_TRUE(read_holders_answer(good_answer()).ok());
    for (std::size_t i = 0; i < breaks.size(); ++i) {
        Json answer = good_answer();
        breaks[i](answer);
        EXPECT_FALSE(read_holders_answer(answer).ok()) << i;
    }
}

}    // namespace
}    // namespace filfil::retrieval::samples
