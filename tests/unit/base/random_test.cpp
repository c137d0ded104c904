// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"

#include <array>
#include <set>

namespace filfil {
namespace {

// The first outputs of the reference SplitMix64 (Steele, Lea and Flood; Vigna's splitmix64.c) for seed 1234567.
TEST(SeededRandom, IsSplitMix64) {
    SeededRandom random(1234567);
    EXPECT_EQ(random.next(), 6457827717110365317ULL);
    EXPECT_EQ(random.next(), 3203168211198807973ULL);
    EXPECT_EQ(random.next(), 9817491932198370423ULL);
    EXPECT_EQ(random.next(), 4593380528125082431ULL);
    EXPECT_EQ(random.next(), 16408922859458223821ULL);
}

}    // namespace
}    // namespace filfil
