// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/earnings.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

Json event(std::uint64_t epoch, std::uint64_t index, const char* name, const char* miner, Json fields) {
    return {{"epoch", epoch},
            {"time", nullptr},
            {"index", index},
            {"name", name},
            {"slot", 65536},
            {"miner", miner},
            {"fields", std::move(fields)}};
}
Json settled(std::uint64_t epoch, std::uint64_t index, const char* amount, const char* miner = "f01000") {
    return event(epoch, index, "Settled", miner, {{"piece", 0x81}, {"amount", amount}, {"to", epoch}});
}

TEST(Earnings, AreALineEachWithTheSumSoFar) {
    Earnings earnings({"f01000"}, {10, 5});
    const auto lines = earnings.take(Json::array(
        {event(11, 0, "PieceActivated", "f01000", {{"piece", 0}, {"sector", 7}, {"upfront", "1000000000000000000"}}),
         settled(12, 3, "500000000000000000"), event(12, 4, "Withdrawn", "f01000", {{"amount", "7"}, {"bond", "0"}}),
         event(13, 0, "Slashed", "f01000", {{"amount", "9"}})}));
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0]["kind"], "upfront");
    EXPECT_EQ(lines[0]["total"], "1000000000000000000");
    EXPECT_EQ(lines[1]["kind"], "settled");
    EXPECT_EQ(lines[1]["amount"], "500000000000000000");
    EXPECT_EQ(lines[1]["total"], "1500000000000000000");
    EXPECT_EQ(lines[2]["kind"], "withdrawn");
    EXPECT_EQ(lines[2]["total"], "1500000000000000000") << "what is taken out was earned before";
    EXPECT_EQ(lines[3]["kind"], "slashed");
    const std::string text = earning_text(lines[1]);
    EXPECT_NE(text.find("+ 0.5 FIL settled for piece 1 of slot 65536"), std::string::npos) << text;
    EXPECT_NE(text.find("(1.5 FIL so far)"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with('\n'));
}

TEST(Earnings, OfOthersAndOfNothingAreNoLine) {
    Earnings earnings({"f01000"}, {});
    EXPECT_TRUE(earnings
                    .take(Json::array({settled(1, 0, "5", "f02000"), settled(2, 0, "0"), settled(3, 0, "much"),
                                       event(4, 0, "Missed", "f01000", {{"misses", 1}}),
                                       event(5, 0, "Funded", "", {{"amount", "5"}}), Json("nonsense"), Json(nullptr)}))
                    .empty());
    EXPECT_TRUE(earnings.take("nonsense").empty());
    EXPECT_EQ(earnings.seen(), (Earnings::Place{5, 0}));
}

TEST(Earnings, AreToldOnce) {
    Earnings earnings({"f01000"}, {10, 5});
    EXPECT_TRUE(earnings.take(Json::array({settled(10, 5, "1"), settled(9, 9, "1")})).empty()) << "no news";
    const Json news = Json::array({settled(10, 6, "1"), settled(11, 0, "2")});
    EXPECT_EQ(earnings.take(news).size(), 2U);
    EXPECT_TRUE(earnings.take(news).empty());
}

TEST(Earnings, AreTakenBackWithTheirBlocksAndToldAnew) {
    Earnings earnings({"f01000"}, {});
    (void)earnings.take(Json::array({settled(10, 0, "1"), settled(11, 0, "20"), settled(12, 0, "300")}));
    const auto gone = earnings.take_back(11);
    ASSERT_EQ(gone.size(), 2U);
    EXPECT_EQ(gone[0]["kind"], "taken_back");
    EXPECT_EQ(gone[0]["amount"], "300");
    EXPECT_EQ(gone[0]["total"], "21");
    EXPECT_EQ(gone[1]["amount"], "20");
    EXPECT_EQ(gone[1]["total"], "1");
    EXPECT_NE(earning_text(gone[1]).find("taken back"), std::string::npos);
    const auto again = earnings.take(Json::array({settled(11, 0, "20")}));
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0]["total"], "21");
    EXPECT_TRUE(earnings.take_back(500).empty());
    EXPECT_EQ(earnings.take_back(0).size(), 2U);
}

}    // namespace
}    // namespace filfil::cli
