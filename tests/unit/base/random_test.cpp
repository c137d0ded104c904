// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <utility>

namespace filfil {
namespace {

/// Gives the words it was told to give, to show what is made of them.
class ScriptedRandom final : public Random {
public:
    explicit ScriptedRandom(std::deque<std::uint64_t> words) : m_words(std::move(words)) {}
    [[nodiscard]] std::uint64_t next() override {
        const std::uint64_t word = m_words.front();
        m_words.pop_front();
        return word;
    }
    [[nodiscard]] std::size_t left() const { return m_words.size(); }

private:
    std::deque<std::uint64_t> m_words;
};

// The first outputs of the reference SplitMix64 (Steele, Lea and Flood; Vigna's splitmix64.c) for seed 1234567.
TEST(SeededRandom, IsSplitMix64) {
    SeededRandom random(1234567);
    EXPECT_EQ(random.next(), 6457827717110365317ULL);
    EXPECT_EQ(random.next(), 3203168211198807973ULL);
    EXPECT_EQ(random.next(), 9817491932198370423ULL);
    EXPECT_EQ(random.next(), 4593380528125082431ULL);
    EXPECT_EQ(random.next(), 16408922859458223821ULL);
}

TEST(SeededRandom, FillsWithItsWordsInLittleEndian) {
    ScriptedRandom random({0x0807060504030201ULL, 0x1817161514131211ULL});
    Bytes bytes(11);
    random.fill(bytes);
    EXPECT_EQ(to_hex(bytes), "0102030405060708111213");
    EXPECT_EQ(random.left(), 0U);
}

TEST(RandomBelow, ThrowsAwayTheIncompleteLastRun) {
    // 2^64 - 1 = 3 · 6148914691236517205: that is the first draw which would make 0 more likely than 2.
    ScriptedRandom random({std::numeric_limits<std::uint64_t>::max(), 5});
    EXPECT_EQ(random.below(3), 2U);
    EXPECT_EQ(random.left(), 0U);
}

TEST(RandomBelow, StaysBelowEveryBound) {
    SeededRandom random(1);
    for (const std::uint64_t bound : {1ULL, 2ULL, 7ULL, 1ULL << 32, (1ULL << 63) + 1, ~0ULL})
        for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(bound), bound);
}

TEST(SystemRandom, GivesOtherBytesEachTime) {
    SystemRandom random;
    std::array<std::byte, 32> first{};
    std::array<std::byte, 32> second{};
    random.fill(first);
    random.fill(second);
    EXPECT_NE(first, second);
    EXPECT_NE(random.next(), random.next());
}

}    // namespace
}    // namespace filfil
