// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/preflight_text.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json row(const char* part, const char* what, const char* state, const char* fix) {
    return {{"part", part}, {"what", what}, {"state", state}, {"found", "seen"}, {"why", "it matters"}, {"fix", fix}};
}

Json answer() {
    Json miner = {{"miner", "f01000"},      {"ready", false},        {"policy", "ask"},      {"market", "curio-mk20"},
                  {"state", "ahead"},       {"round", 3U},           {"index", 7U},          {"target_epoch", 4999995},
                  {"target_time", nullptr}, {"open_epoch", 5001795}, {"open_time", nullptr}, {"close_epoch", 5004675},
                  {"close_time", nullptr}};
    miner["rows"] = Json::array({row("contract", "the provider is registered", "good", ""),
                                 row("contract", "the snapshot is staged", "unknown", "wait"),
                                 row("market", "a market is set", "bad", "set markets"),
                                 row("node", "there are empty sectors", "warning", "seal some")});
    return {{"ready", false}, {"miners", Json::array({miner})}};
}

TEST(PreflightText, IsATableBySourceWithAMarkAWordAndTheFixBelow) {
    EXPECT_EQ(preflight_text(answer()),
              "f01000: NOT READY (1 bad, 1 to be warned of, 1 unknown, 1 good)\n"
              "  round 3, slot 8, opens at 5,001,795; wants the snapshot of epoch 4,999,995\n"
              "  market curio-mk20, policy ask\n"
              "  the contract\n"
              "    [+] good     the provider is registered: seen\n"
              "    [?] unknown  the snapshot is staged: seen\n"
              "                 why  it matters\n"
              "                 fix  wait\n"
              "  the market\n"
              "    [x] BAD      a market is set: seen\n"
              "                 why  it matters\n"
              "                 fix  set markets\n"
              "  the node and this daemon\n"
              "    [!] warning  there are empty sectors: seen\n"
              "                 why  it matters\n"
              "                 fix  seal some\n");
}

TEST(PreflightText, SaysWhatIsOpenWhatIsReadyAndWhereThereIsNoWindow) {
    Json open = answer();
    open["miners"][0]["state"] = "open";
    open["miners"][0]["ready"] = true;
    EXPECT_TRUE(has(preflight_text(open), "f01000: ready ("));
    EXPECT_TRUE(has(preflight_text(open), "slot 8, open, closes at 5,004,675;"));
    open["miners"][0]["state"] = "none";
    open["miners"][0]["market"] = nullptr;
    EXPECT_TRUE(has(preflight_text(open), "\n  no window\n  market none, policy ask\n"));
    EXPECT_EQ(preflight_text(Json::object()), "");
    EXPECT_EQ(preflight_text({{"miners", 7}}), "");
}

TEST(ComparisonText, NamesTheByteAndTheBlocksOfBothSides) {
    Json result = {{"epoch", 5},         {"sentence", "piece 1 differs"},
                   {"same", false},      {"own_pieces", 2},
                   {"staged_pieces", 2}, {"tipset_differs", false},
                   {"piece", 1},         {"from", "http://a"},
                   {"compared", 77},     {"offset", 77},
                   {"section", 60},      {"in_header", false},
                   {"served", true}};
    result["own"] = {{"piece_cid", "baga1"}, {"payload_size", 900}};
    result["staged"] = {{"piece_cid", "baga2"}, {"payload_size", 901}};
    result["failed"] = Json::array({{{"server", "http://b"}, {"why", "away"}}});
    result["own_block"] = {{"cid", "bafy1"}, {"length", 40}, {"sound", true}};
    result["staged_block"] = {{"cid", "bafy2"}, {"length", 41}, {"sound", false}};
    const std::string text = comparison_text(result);
    for (const char* part : {"epoch 5: piece 1 differs", "2 here, 2 staged", "baga1, 900 bytes", "baga2, 901 bytes",
                             "http://b: away", "http://a", "77 bytes", "bafy1, a section of 40 bytes; its bytes have",
                             "bafy2, a section of 41 bytes; its bytes do NOT have that hash"})
        EXPECT_TRUE(has(text, part)) << part << " in\n" << text;
    result["staged_block"] = nullptr;
    EXPECT_TRUE(has(comparison_text(result), "none, or it cannot be read"));
    result["in_header"] = true;
    EXPECT_FALSE(has(comparison_text(result), "block"));
    result = {{"epoch", 5}, {"sentence", "all the same"}, {"same", true}, {"own_pieces", 2}, {"alternative", true}};
    EXPECT_TRUE(has(comparison_text(result), "of the alternative"));
}

}    // namespace
}    // namespace filfil::cli
