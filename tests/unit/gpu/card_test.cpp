// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/card.hpp"

#include "small_card.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using test::Call;
using test::Fault;

/// What larger steps than the self-test's would compute is of no interest to a trial.
constexpr std::size_t self_test_tiles = commp::self_test_quads / tile_quads;

/// A card, and what a trial of it gives.
class Tried {
public:
    explicit Tried(test::FakeCard card, const std::vector<test::Injection>& injections = {})
        : m_machine({timed_only(std::move(card))}) {
        for (const test::Injection& injection : injections) m_machine.inject(injection);
        const auto runtime = m_machine.runtime();
        const auto facts = runtime->cards();
        result = try_card(*runtime, facts->front(), m_machine.clock());
        EXPECT_EQ(m_machine.complaints(), std::vector<std::string>{});
    }

    Result<CardTrial> result = Error(ErrorCode::internal, "not tried");
    [[nodiscard]] const test::FakeMachine& machine() const noexcept { return m_machine; }

    /// Of a card that must have passed.
    [[nodiscard]] CardTrial trial() const {
        EXPECT_TRUE(result.ok()) << result.error().text();
        return result.ok() ? *result : CardTrial();
    }

    /// Of a card that must not.
    [[nodiscard]] Error error() const {
        EXPECT_FALSE(result.ok());
        return result.ok() ? Error(ErrorCode::internal, "there was none") : result.error();
    }

private:
    static test::FakeCard timed_only(test::FakeCard card) {
        card.most_tiles = self_test_tiles;
        return card;
    }
    test::FakeMachine m_machine;
};

test::FakeCard card_with_room_for(std::size_t quads) {
    test::FakeCard card = test::fake_card();
    card.free_memory = test::memory_for(quads);
    return card;
}

TEST(Card, SaysWhatItIs) {
    EXPECT_EQ(description_of(test::fake_card(3).facts),
              "Fake 3, 4GiB, 132 multiprocessors, compute capability 9.0, driver for CUDA 13.0");
}

TEST(Card, OlderThanTheKernelsIsNotEvenAsked) {
    for (const auto& [major, minor] : {std::pair{7U, 0U}, {7U, 2U}, {6U, 1U}, {5U, 9U}}) {
        test::FakeCard card = test::small_card();
        card.facts.major = major;
        card.facts.minor = minor;
        const Tried old(card);
        EXPECT_EQ(old.error().code, ErrorCode::unsupported);
        EXPECT_EQ(old.error().message, "cuda:0: compute capability " + std::to_string(major) + "." +
                                           std::to_string(minor) + ", and this fil-fil was built for 7.5 and newer");
        EXPECT_NE(old.error().remedy, "");
        EXPECT_EQ(old.machine().calls(), 1U) << "what it is was asked";
    }
    test::FakeCard turing = test::small_card();
    turing.facts.major = 7;
    turing.facts.minor = 5;
    EXPECT_TRUE(Tried(turing).result.ok());
}

TEST(Card, WithoutEnoughMemoryFreeSaysHowMuchItTakes) {
    test::FakeCard card = test::small_card();
    --card.free_memory;
    const Tried tried(card);
    EXPECT_EQ(tried.error().code, ErrorCode::too_large);
    EXPECT_EQ(tried.error().message, "cuda:0: has " + format_size(card.free_memory) + " of memory free, and " +
                                         format_size(card.free_memory + 1) + " are needed");
    EXPECT_NE(tried.error().remedy, "");
    EXPECT_EQ(tried.machine().calls(Call::allocate), 0U);
}

TEST(Card, TriesTheSubmissionsThatItsMemoryHolds) {
    for (const std::size_t quads : {1U << 15, 1U << 16, 1U << 17, 1U << 18}) {
        test::FakeCard card = card_with_room_for(quads);
        // Each copy takes so long that a submission twice as large is always nearly twice as good.
        card.copy_start_s = 1;
        const Tried tried(card);
        EXPECT_EQ(tried.trial().quads, quads);
        test::FakeCard less = card;
        --less.free_memory;
        const Tried smaller(less);
        if (quads != 1U << 15) {
            EXPECT_EQ(smaller.trial().quads, quads / 2);
        }
    }
}

TEST(Card, WithOneGibibyteFreeTakesAllSizesAndItsLanesHaveRoom) {
    test::FakeCard card = test::fake_card();
    card.free_memory = GiB;
    card.copy_start_s = 1e-3;
    card.level_nodes_per_s = 1e6;
    const Tried tried(card);
    EXPECT_EQ(tried.trial().quads, 1U << 18);
    EXPECT_EQ(tried.trial().lanes, 6U);
    const LaneShape shape{1U << 18, 20};
    EXPECT_LT(tried.trial().lanes * shape.card_bytes(), GiB);
}

TEST(Card, ThatComputesWronglyInOneWayIsRefusedAndTheWayNamed) {
    for (const TileVariant variant : all_tile_variants) {
        test::FakeCard card = test::small_card();
        card.broken = variant;
        const Tried tried(card);
        EXPECT_EQ(tried.error().code, ErrorCode::mismatch);
        EXPECT_EQ(tried.error().message, "cuda:0: failed its self-test, its results would be wrong (kernel '" +
                                             std::string(name_of(variant)) + "')");
        EXPECT_NE(tried.error().remedy, "");
    }
}

TEST(Card, WhoseLevelStepsErrOnceInTheSelfTestIsRefused) {
    for (const Call call : {Call::make_quads, Call::make_parents, Call::copy_out})
        EXPECT_EQ(Tried(test::small_card(), {{.fault = Fault::wrong_once, .n = 2, .call = call}}).error().code,
                  ErrorCode::mismatch)
            << name_of(call);
}

TEST(Card, UsesTheFastestVariant) {
    for (const TileVariant variant : all_tile_variants) {
        test::FakeCard card = test::small_card();
        card.other_tile_nodes_per_s[variant] = 5e9;
        const Tried tried(card);
        EXPECT_EQ(tried.trial().variant, variant);
        EXPECT_NEAR(tried.trial().nodes_per_s, 5e9, 0.01e9);
    }
    EXPECT_EQ(Tried(test::small_card()).trial().variant, TileVariant::plain) << "of equals the first";
}

TEST(Card, TakesTheSmallestSubmissionThatCopiesAtFullRate) {
    // At 50 bytes a nanosecond the four sizes are copied in 83, 166, 333 and 666 µs besides what a copy takes to start.
    const std::vector<std::pair<double, std::size_t>> expected{
        {0, 1U << 15}, {4e-6, 1U << 15}, {8e-6, 1U << 16}, {20e-6, 1U << 17}, {80e-6, 1U << 18}};
    for (const auto& [start, quads] : expected) {
        test::FakeCard card = card_with_room_for(1U << 18);
        card.copy_start_s = start;
        const Tried tried(card);
        EXPECT_EQ(tried.trial().quads, quads) << start;
        const double payload = static_cast<double>(quads * commp::quad_payload);
        EXPECT_NEAR(tried.trial().copy_bytes_per_s, payload / (start + payload / 50e9), 0.001 * 50e9);
    }
}

TEST(Card, TakesSubmissionsThatCopyLongerThanTheHostTakesToStartThem) {
    // 5 bytes a nanosecond: 0.83, 1.7, 3.3 and 6.7 ms. A submission is some 16 calls.
    const std::vector<std::pair<double, std::size_t>> expected{
        {0, 1U << 15}, {40e-6, 1U << 15}, {80e-6, 1U << 16}, {160e-6, 1U << 17}, {1e-3, 1U << 18}};
    for (const auto& [call, quads] : expected) {
        test::FakeCard card = card_with_room_for(1U << 18);
        card.copy_bytes_per_s = 5e9;
        card.call_s = call;
        EXPECT_EQ(Tried(card).trial().quads, quads) << call;
    }
}

TEST(Card, IsAsFastAsTheSlowerOfCopyingAndHashing) {
    test::FakeCard copies_slowly = test::small_card();
    copies_slowly.copy_bytes_per_s = 10e9;
    EXPECT_NEAR(Tried(copies_slowly).trial().payload_bytes_per_s, 10e9, 0.01e9);
    test::FakeCard hashes_slowly = test::small_card();
    hashes_slowly.tile_nodes_per_s = 4e8;
    // Four nodes a quad of 127 bytes.
    EXPECT_NEAR(Tried(hashes_slowly).trial().payload_bytes_per_s, 4e8 / 4 * 127, 0.1e9);
}

TEST(Card, HasOneLaneMoreThanSubmissionsAreOnTheirWay) {
    // 4 MiB: 83 µs of copying, 32 of tiles, 4 of levels: 1.4 submissions at the rate of the copies.
    EXPECT_EQ(Tried(test::small_card()).trial().lanes, 3U);
    test::FakeCard card = test::small_card();
    card.level_nodes_per_s = 1e9 / 25;
    // 102 µs of levels make it 217 µs: 2.6.
    EXPECT_EQ(Tried(card).trial().lanes, 4U);
    card.level_nodes_per_s = 1e6;
    EXPECT_EQ(Tried(card).trial().lanes, 6U) << "and never more than this";
    test::FakeCard hashes_slowly = test::small_card();
    hashes_slowly.tile_nodes_per_s = 1e8;
    hashes_slowly.copy_bytes_per_s = 500e9;
    EXPECT_EQ(Tried(hashes_slowly).trial().lanes, 2U) << "and never fewer than this";
}

TEST(Card, ThatFailsInItsTrialGivesOneErrorAndKeepsNothing) {
    const std::uint64_t calls = Tried(test::small_card()).machine().calls();
    std::size_t failed = 0;
    // All of them would be hundreds of trials, many alike: a few of each part.
    for (const Fault fault : {Fault::out_of_memory, Fault::launch_failure, Fault::device_lost, Fault::hang})
        for (std::uint64_t n = 1; n < calls; n += n < 8 ? 1 : calls / 12) {
            const Tried tried(test::small_card(), {{.fault = fault, .n = n}});
            ASSERT_EQ(tried.machine().fired(), 1U);
            ASSERT_FALSE(tried.result.ok()) << name_of(fault) << ", call " << n;
            const bool no_memory = fault == Fault::out_of_memory;
            EXPECT_EQ(tried.error().code, no_memory ? ErrorCode::too_large : ErrorCode::device);
            ++failed;
        }
    EXPECT_GT(failed, 60U);
    EXPECT_TRUE(Tried(test::small_card(), {{.fault = Fault::slow, .n = calls / 2}}).result.ok());
}

}    // namespace
}    // namespace filfil::gpu
