// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/deal_text.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

Json some_deal() {
    return {{"id", 7},
            {"miner", "f01000"},
            {"slot", 65537},
            {"round", 1U},
            {"index", 1U},
            {"piece", 0},
            {"alternative", false},
            {"stage", "sealing"},
            {"open", true},
            {"target_epoch", 100},
            {"close_epoch", 225},
            {"close_time", nullptr},
            {"payload_size", 2048},
            {"sector", 12},
            {"error", nullptr},
            {"predicted_at", nullptr},
            {"late", false},
            {"timeline", {{{"stage", "planned"}, {"at", 1000.0}}, {{"stage", "sealing"}, {"at", 4672.0}}}}};
}

TEST(DealText, SaysWhichPieceForWhomAndWhereItIs) {
    const std::string line = deal_line(some_deal());
    for (const char* part : {"7  f01000", "epoch 100", "round 1, slot 2", "piece 0", "is being sealed", "sector 12",
                             "window closes at epoch 225"})
        EXPECT_NE(line.find(part), std::string::npos) << part << " in\n" << line;
    EXPECT_EQ(line.find("TOO LATE"), std::string::npos);
}

TEST(DealText, SaysWhatHoldsItUpAndWhatToDo) {
    Json deal = some_deal();
    deal["error"] = {{"code", "io"}, {"message", "the market is away"}, {"remedy", "start it"}};
    deal["predicted_at"] = 1767225600.0;
    deal["late"] = true;
    const std::string line = deal_line(deal);
    EXPECT_NE(line.find("the market is away\n"), std::string::npos) << line;
    EXPECT_NE(line.find("-> start it"), std::string::npos) << line;
    EXPECT_NE(line.find("TOO LATE"), std::string::npos) << line;
}

TEST(DealText, ShowsHowLongEachStageTook) {
    Json deal = some_deal();
    deal["steps"] = {{{"kind", "stage"}, {"name", "planned"}, {"at", 1000.0}},
                     {{"kind", "answer"},
                      {"name", "POST /deal"},
                      {"at", 1001.0},
                      {"details", {{"status", 426}, {"said", "Reason: no"}}}},
                     {{"kind", "error"}, {"name", "io"}, {"at", 1002.0}, {"details", {{"message", "it is away"}}}}};
    const std::string page = deal_page(deal);
    EXPECT_NE(page.find("planned, for 1 h 1 min"), std::string::npos) << page;
    EXPECT_NE(page.find("asked POST /deal: 426 Reason: no"), std::string::npos) << page;
    EXPECT_NE(page.find("it is away"), std::string::npos) << page;
    EXPECT_NE(page.find("2,048 bytes"), std::string::npos) << page;
    // What is not known has no line.
    EXPECT_EQ(page.find("piece CID"), std::string::npos) << page;
}

TEST(DealText, SaysThatThereAreNone) {
    EXPECT_EQ(deal_list({{"deals", Json::array()}}), "no deals\n");
    EXPECT_EQ(deal_list(Json::object()), "no deals\n");
    EXPECT_EQ(deal_list({{"deals", {some_deal()}}}), deal_line(some_deal()));
}

}    // namespace
}    // namespace filfil::cli
