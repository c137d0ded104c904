// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/reputation_text.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json holder() {
    return {{"miner", "f01000"},        {"piece", 0},
            {"alternative", false},     {"state", "active"},
            {"sector", 1421},           {"until_epoch", 6470000},
            {"until_time", nullptr},    {"endpoint", "https://sp.example:5347"},
            {"region", "eu-west"},      {"alive", true},
            {"sector_status", nullptr}, {"sector_expiration", nullptr},
            {"success_rate", 0.9667}};
}

TEST(ReputationText, AHolderSaysWhereItServesAndHowItDid) {
    Json answer = {{"round", 3U}, {"index", 7U}, {"epoch", 4999995}, {"trouble", nullptr}};
    answer["pieces"] = Json::array({{{"piece", 0}, {"piece_cid", "baga1"}, {"payload_size", 34000000000}}});
    answer["holders"] = Json::array({holder()});
    const std::string text = holders_text(answer);
    EXPECT_TRUE(has(text, "round 3, slot 8, epoch 4999995, 1 piece\n")) << text;
    EXPECT_TRUE(has(text, "f01000  piece 0  active  sector 1421  until 6,470,000  success 96.7 %\n")) << text;
    EXPECT_TRUE(has(text, "https://sp.example:5347  (eu-west)\n")) << text;
    EXPECT_FALSE(has(text, "NOT ALIVE"));
    answer["holders"][0]["alive"] = false;
    answer["holders"][0]["sector_status"] = "faulty";
    answer["holders"][0]["sector_expiration"] = 6512000;
    answer["holders"][0]["endpoint"] = nullptr;
    answer["holders"][0]["alternative"] = true;
    answer["trouble"] = "no answer";
    const std::string other = holders_text(answer);
    EXPECT_TRUE(has(other, "piece 0 of the alternative")) << other;
    EXPECT_TRUE(has(other, "is faulty, ends at epoch 6512000")) << other;
    EXPECT_TRUE(has(other, "NOT ALIVE")) << other;
    EXPECT_TRUE(has(other, "announces no endpoint")) << other;
    EXPECT_TRUE(has(other, "Not all sectors could be asked for: no answer")) << other;
}

TEST(ReputationText, NobodyIsSaidSo) {
    EXPECT_EQ(holders_text({{"holders", Json::array()}}), "nobody yet\n");
    EXPECT_EQ(holders_text({{"holders", Json::array()}, {"filtered", true}}), "nobody who is as asked for\n");
    EXPECT_EQ(holders_text(Json::object()), "nobody yet\n");
    EXPECT_EQ(holders_text("nonsense"), "nobody yet\n");
}

TEST(ReputationText, AProviderIsATable) {
    const Json provider = {{"miner", "f01000"},
                           {"standing", "active"},
                           {"registered_epoch", 4120000},
                           {"registered_time", nullptr},
                           {"ended_epoch", nullptr},
                           {"ended_time", nullptr},
                           {"windows", 30},
                           {"completed", 29},
                           {"missed", 1},
                           {"success_rate", 0.9667},
                           {"median_epochs", 212},
                           {"median_seconds", 6360},
                           {"live_replicas", 28},
                           {"live_pieces", 140},
                           {"lost_pieces", 5},
                           {"lost_sectors", 1},
                           {"slashed", "2000000000000000000"},
                           {"earned", "41300000000000000000"},
                           {"endpoint", "https://sp.example:5347"},
                           {"region", nullptr}};
    Json answer = {{"read_to_epoch", 5003321}, {"caught_up", true}, {"trouble", nullptr}};
    answer["providers"] = Json::array({provider});
    const std::string text = reputation_text(answer);
    for (const char* part :
         {"f01000", "30 windows, 29 stored, 1 missed: 96.7 %", "1 h 46 min (212 epochs, median)",
          "28 whole snapshots, 140 pieces", "5 pieces in 1 sector", "41.3 FIL", "2 FIL", "https://sp.example:5347"})
        EXPECT_TRUE(has(text, part)) << part << " in\n" << text;
    answer["providers"][0]["windows"] = 0;
    answer["providers"][0]["success_rate"] = nullptr;
    answer["providers"][0]["median_seconds"] = nullptr;
    answer["providers"][0]["lost_pieces"] = 0;
    answer["providers"][0]["slashed"] = "0";
    answer["caught_up"] = false;
    const std::string fresh = reputation_text(answer);
    EXPECT_TRUE(has(fresh, "none is over yet")) << fresh;
    EXPECT_FALSE(has(fresh, "slashed"));
    EXPECT_FALSE(has(fresh, "median"));
    EXPECT_TRUE(has(fresh, "to epoch 5003321, and reads on")) << fresh;
    EXPECT_EQ(reputation_text({{"providers", Json::array()}}),
              "No provider is known.\nThe daemon has not read the contract's events yet.\n");
}

TEST(ReputationText, EndpointsAreALineEach) {
    const Json answer = {
        {"read_to_epoch", 5},
        {"caught_up", true},
        {"trouble", nullptr},
        {"endpoints",
         Json::array({{{"miner", "f01"}, {"url", "https://a#region=eu"}, {"endpoint", "https://a"}, {"region", "eu"}},
                      {{"miner", "f02"}, {"url", nullptr}, {"endpoint", nullptr}, {"region", nullptr}},
                      {{"miner", "f03"}, {"url", "gopher://b"}, {"endpoint", nullptr}, {"region", nullptr}}})}};
    EXPECT_EQ(endpoints_text(answer),
              "f01  https://a  (eu)\nf02  announces no endpoint\n"
              "f03  announces 'gopher://b', which is no URL of http or https\n");
}

TEST(ReputationText, AnAnnouncementSaysWhatWasSent) {
    Json done = {{"miner", "f01"},   {"url", "https://a"}, {"already_so", true},
                 {"dry_run", false}, {"gas", 50000},       {"cost", "1000000000000000"},
                 {"hash", "0xabc"},  {"block", 7},         {"from", "f1wallet"}};
    EXPECT_EQ(announced_text(done), "f01 serves its snapshots at https://a: announced already, nothing was sent\n");
    done["already_so"] = false;
    EXPECT_TRUE(has(announced_text(done), "0xabc"));
    done["dry_run"] = true;
    EXPECT_TRUE(has(announced_text(done), "nothing was sent\n  gas 50000 for 0.001 FIL")) << announced_text(done);
    EXPECT_FALSE(has(announced_text(done), "0xabc"));
}

TEST(ReputationText, ARetrievalTestNamesWhatFails) {
    Json row = {
        {"miner", "f01"},          {"slot", 65536}, {"piece", 1},     {"alternative", false}, {"piece_cid", "baga1"},
        {"endpoint", "https://a"}, {"ok", true},    {"why", nullptr}, {"compared", true},     {"ms", 12}};
    Json result = {{"tested", 2}, {"failed", 1}};
    result["pieces"] = Json::array({row, row});
    result["pieces"][1]["ok"] = false;
    result["pieces"][1]["why"] = "it does not have the piece: 404";
    const std::string text = retrieval_test_text(result);
    EXPECT_TRUE(has(text, "ok    f01  slot 65536, piece 1  baga1\n      https://a: the bytes are those here")) << text;
    EXPECT_TRUE(has(text, "FAIL  f01")) << text;
    EXPECT_TRUE(has(text, "https://a: it does not have the piece: 404\n")) << text;
    EXPECT_TRUE(text.ends_with("2 pieces tested, 1 failed\n")) << text;
    EXPECT_EQ(retrieval_test_text({{"tested", 0}, {"failed", 0}, {"pieces", Json::array()}}),
              "nothing to test: no piece is held\n");
}

TEST(ReputationText, AShareIsPercent) {
    EXPECT_EQ(percent_at({{"x", 1}}, "x"), "100.0 %");
    EXPECT_EQ(percent_at({{"x", 0.0}}, "x"), "0.0 %");
    EXPECT_EQ(percent_at({{"x", nullptr}}, "x"), "");
    EXPECT_EQ(percent_at({{"x", "1"}}, "x"), "");
    EXPECT_EQ(percent_at(Json::object(), "x"), "");
}

}    // namespace
}    // namespace filfil::cli
