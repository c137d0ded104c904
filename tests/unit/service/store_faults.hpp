// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "store_rig.hpp"

#include <string>

namespace filfil::service {

/// What can go wrong between a window and its payment: what is shown, what the operator reads, how it goes on.
class StoreFaults : public StoreRig<market::FakeMk20> {
protected:
    void staged() {
        start();
        ASSERT_TRUE(stage());
        pieces = look<calls::SlotInfo>({.slot = slot}).pieces;
    }
    [[nodiscard]] Json of_slot() { return deals({{"slot", slot}}); }
    [[nodiscard]] bool all(const std::string& wanted) {
        std::size_t there = 0;
        for (const Json& one : of_slot()) there += one["stage"] == wanted ? 1 : 0;
        return there == pieces;
    }
    void expect_paid_once() {
        ASSERT_TRUE(until([&] { return all("paid"); })) << of_slot().dump(1);
        EXPECT_EQ(fake->accepted(), pieces);
        EXPECT_EQ(yard.sealed, pieces);
    }
    /// The first piece's deal waits at that stage, and says this.
    void expect_held_up(const std::string& stage, const std::string& sentence) {
        ASSERT_TRUE(until([&] { return error_now().find(sentence) != std::string::npos; }, 40)) << of_slot().dump(1);
        EXPECT_EQ(stage_now(), stage) << of_slot().dump(1);
        EXPECT_FALSE(deal()["error"].value("remedy", "").empty()) << deal()["error"].dump();
        const auto shown = alert("deal_held_up_");
        ASSERT_TRUE(shown.has_value());
        EXPECT_NE((*shown)["message"].get<std::string>().find(sentence), std::string::npos) << shown->dump();
    }
    void retry() { rig->ask("FilFil.RetryDeal", {{"id", deal()["id"]}}); }

    std::size_t pieces = 0;
};

}    // namespace filfil::service
