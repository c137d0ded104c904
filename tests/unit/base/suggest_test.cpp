// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/suggest.hpp"

#include <gtest/gtest.h>

namespace filfil {
namespace {

const std::vector<std::string> commands{"commp", "piece-cid", "verify", "batch", "devices", "car"};

TEST(Suggest, FindsTheNameBehindASlip) {
    EXPECT_EQ(nearest_name("comp", commands), "commp");
    EXPECT_EQ(nearest_name("comm", commands), "commp");
    EXPECT_EQ(nearest_name("verfiy", commands), "verify");
    EXPECT_EQ(nearest_name("piececid", commands), "piece-cid");
    EXPECT_EQ(nearest_name("dvecies", commands), "devices");
}

TEST(Suggest, PrefersTheNearestName) {
    EXPECT_EQ(nearest_name("--pad", {"--pat", "--pads"}), "--pat");
    EXPECT_EQ(nearest_name("--threads", {"--thread", "--threads"}), "--threads");
}

TEST(Suggest, StaysSilentWhereNothingIsNear) {
    EXPECT_EQ(nearest_name("frobnicate", commands), "");
    EXPECT_EQ(nearest_name("x", commands), "");
    EXPECT_EQ(nearest_name("--zz", {"--isa"}), "");
    EXPECT_EQ(nearest_name("", commands), "");
    EXPECT_EQ(nearest_name(std::string(1 << 20, 'c'), commands), "");
}

}    // namespace
}    // namespace filfil
