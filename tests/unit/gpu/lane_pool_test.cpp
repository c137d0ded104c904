// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/lane_pool.hpp"

#include "rig.hpp"
#include "watchdog.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace filfil::gpu {
namespace {

using test::Call;
using test::Fault;

constexpr LaneShape shape{.quads = 16, .max_level = 6};

class LanePoolTest : public testing::Test {
protected:
    void TearDown() override {
        m_pool.reset();
        EXPECT_EQ(m_machine.complaints(), std::vector<std::string>{});
    }

    std::unique_ptr<Lane> open(unsigned card) {
        auto lane = Lane::open(*m_runtime, card, shape);
        return lane.ok() ? std::move(*lane) : nullptr;
    }

    /// A lane that has just found that its card does not answer.
    std::unique_ptr<Lane> hung(std::unique_ptr<Lane> lane) {
        m_machine.inject({.fault = Fault::hang, .call = Call::wait, .card = lane->card()});
        EXPECT_FALSE(lane->copy_alone(m_payload.data(), 1, 1).ok());
        EXPECT_TRUE(lane->hangs());
        return lane;
    }

    /// Puts lanes of these cards into the pool.
    void fill(const std::vector<unsigned>& cards) {
        for (const unsigned card : cards) m_pool->add(open(card));
    }

    /// Nobody outside can tell that a thread waits; that it does not in any of so many rounds is not to be expected.
    static constexpr int rounds = 10;
    static void let_wait(const std::atomic<int>& asking, int threads) {
        while (asking < threads) std::this_thread::yield();
        for (int i = 0; i < 200; ++i) std::this_thread::yield();
    }

    test::Watchdog m_watchdog;
    test::FakeMachine m_machine{test::fake_cards(3)};
    std::unique_ptr<Runtime> m_runtime = m_machine.runtime();
    std::unique_ptr<LanePool> m_pool = std::make_unique<LanePool>();
    Bytes m_payload = test::random_payload(shape.quads * commp::quad_payload + payload_slack, 1);
};

TEST_F(LanePoolTest, GivesTheLaneThatRestedLongest) {
    fill({2, 0, 1});
    auto first = m_pool->take();
    auto second = m_pool->take();
    EXPECT_EQ(first->card(), 2U);
    EXPECT_EQ(second->card(), 0U);
    m_pool->put(std::move(second));
    m_pool->put(std::move(first));
    EXPECT_EQ(m_pool->take()->card(), 1U);
    EXPECT_EQ(m_pool->take()->card(), 0U);
    EXPECT_EQ(m_pool->take()->card(), 2U);
}

TEST_F(LanePoolTest, WithoutCardsGivesNothing) {
    EXPECT_EQ(m_pool->take(), nullptr);
    EXPECT_EQ(m_pool->names(), "");
}

TEST_F(LanePoolTest, NamesTheCardsThatWork) {
    fill({1, 0, 1});
    EXPECT_EQ(m_pool->names(), "cuda:0, cuda:1");
    auto lane = m_pool->take();
    EXPECT_EQ(m_pool->names(), "cuda:0, cuda:1");
    EXPECT_TRUE(m_pool->retire(std::move(lane)));
    EXPECT_EQ(m_pool->names(), "cuda:0");
}

TEST_F(LanePoolTest, WaitsForALaneThatComesBack) {
    fill({0});
    for (int round = 0; round < rounds; ++round) {
        auto lane = m_pool->take();
        const Lane* const only = lane.get();
        std::unique_ptr<Lane> taken;
        std::atomic<int> asking = 0;
        std::jthread taker([&] {
            ++asking;
            taken = m_pool->take();
        });
        let_wait(asking, 1);
        m_pool->put(std::move(lane));
        taker.join();
        ASSERT_EQ(taken.get(), only);
        m_pool->put(std::move(taken));
    }
}

TEST_F(LanePoolTest, EndsEveryWaitWhenTheLastCardGoes) {
    for (int round = 0; round < rounds; ++round) {
        fill({0});
        auto lane = m_pool->take();
        std::vector<std::jthread> takers;
        std::atomic<int> asking = 0;
        std::atomic<int> got_nothing = 0;
        for (int i = 0; i < 3; ++i)
            takers.emplace_back([&] {
                ++asking;
                got_nothing += m_pool->take() == nullptr ? 1 : 0;
            });
        let_wait(asking, 3);
        EXPECT_TRUE(m_pool->retire(std::move(lane)));
        takers.clear();
        ASSERT_EQ(got_nothing, 3);
    }
}

TEST_F(LanePoolTest, ACardGoesWithAllItsLanesAndOnlyOnce) {
    fill({0, 0, 0, 1});
    auto failed = m_pool->take();
    auto fails_too = m_pool->take();
    EXPECT_TRUE(m_pool->retire(std::move(failed)));
    EXPECT_FALSE(m_pool->retire(std::move(fails_too)));
    auto left = m_pool->take();
    EXPECT_EQ(left->card(), 1U);
    EXPECT_EQ(*m_runtime->free_memory(0), test::fake_card().free_memory) << "its memory has been given back";
    m_pool->put(std::move(left));
}

TEST_F(LanePoolTest, ALaneOfACardThatIsGoneDoesNotComeBack) {
    fill({0, 0});
    auto failed = m_pool->take();
    auto works = m_pool->take();
    EXPECT_TRUE(m_pool->retire(std::move(failed)));
    m_pool->put(std::move(works));
    EXPECT_EQ(m_pool->take(), nullptr);
    EXPECT_EQ(*m_runtime->free_memory(0), test::fake_card().free_memory);
}

TEST_F(LanePoolTest, NothingOfACardThatHangsIsGivenBack) {
    fill({0, 0, 0, 0, 1});
    auto hangs = m_pool->take();
    auto works = m_pool->take();
    auto fails = m_pool->take();
    const std::uint64_t taken = *m_runtime->free_memory(0);
    EXPECT_TRUE(m_pool->retire(hung(std::move(hangs))));
    // The machine complains if one of these is closed: one lay in the pool, one comes back, one failed in its own way.
    m_pool->put(std::move(works));
    EXPECT_FALSE(m_pool->retire(std::move(fails)));
    EXPECT_EQ(*m_runtime->free_memory(0), taken);
    EXPECT_EQ(m_pool->names(), "cuda:1");
    EXPECT_EQ(m_pool->take()->card(), 1U);
}

TEST_F(LanePoolTest, ACardThatFailsAndThenHangsIsNotAskedForItsMemory) {
    fill({0, 0, 0, 1});
    auto fails = m_pool->take();
    auto hangs = m_pool->take();
    auto works = m_pool->take();
    EXPECT_TRUE(m_pool->retire(std::move(fails)));
    EXPECT_FALSE(m_pool->retire(hung(std::move(hangs))));
    m_pool->put(std::move(works));
}

TEST_F(LanePoolTest, ACardIsAskedForItsMemoryWhenTheLastOfItsLanesIsBack) {
    fill({0, 0, 0});
    auto fails = m_pool->take();
    auto hangs = m_pool->take();
    const std::uint64_t taken = *m_runtime->free_memory(0);
    // It does not answer any more, but nobody knows it yet: whoever asks for memory now waits for ever.
    m_machine.hold(0);
    m_machine.inject({.fault = Fault::hang, .call = Call::wait, .card = 0});
    std::jthread waits([&] { EXPECT_FALSE(hangs->copy_alone(m_payload.data(), 1, 1).ok()); });
    m_machine.await_held(1);
    EXPECT_TRUE(m_pool->retire(std::move(fails)));
    m_machine.release(0);
    waits.join();
    EXPECT_FALSE(m_pool->retire(std::move(hangs)));
    EXPECT_EQ(*m_runtime->free_memory(0), taken);
}

}    // namespace
}    // namespace filfil::gpu
