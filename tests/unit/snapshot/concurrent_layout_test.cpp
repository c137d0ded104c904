// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Layouts, holds and statistics by some threads while another follows the chain; for ThreadSanitizer too.
#include "followed_chain.hpp"

#include <atomic>
#include <thread>

namespace filfil::snapshot {
namespace {

class Onlooker {
public:
    Onlooker(const FollowedChain& followed, std::uint64_t seed) : m_followed(followed), m_random(seed) {}

    void look() {
        switch (m_random.below(6)) {
            case 0: hold(); break;
            case 1: release(); break;
            case 2:
                (void)m_followed.engine->pins();
                (void)m_followed.engine->headers();
                break;
            case 3:
                if (!m_layouts.empty()) m_layouts.erase(m_layouts.begin());
                break;
            default: lay_out(); break;
        }
        for (const auto& [layout, expected] : m_layouts) expect_layout(*layout, expected, m_random);
    }

    void leave() {
        m_layouts.clear();
        while (m_hold) release();
    }

    /// Layouts that were made and found right.
    std::atomic<int> layouts{0};

private:
    void hold() {
        if (m_hold) return;
        const chain::TipsetKey key = m_followed.engine->stats().head;
        const auto held = m_followed.engine->hold({.key = key}, 3);
        if (held.ok()) m_hold = *held;
    }

    void release() {
        if (!m_hold) return;
        EXPECT_TRUE(m_followed.engine->release(*m_hold).ok());
        m_hold.reset();
    }

    void lay_out() {
        LayoutOptions options;
        options.recent_stateroots = static_cast<std::int64_t>(m_random.below(4));
        auto made = m_hold && m_random.below(2) == 0
                        ? m_followed.engine->layout_of_hold(*m_hold, options)
                        : m_followed.engine->layout({.key = m_followed.engine->stats().head}, options);
        if (!made.ok()) {    // the head may have moved on meanwhile
            EXPECT_EQ(made.error().code, ErrorCode::not_found) << made.error().text();
            return;
        }
        ExpectedCar expected = expected_car(m_followed.chain.blocks, (*made)->head(), options.recent_stateroots, true);
        expect_layout(**made, expected, m_random);
        if (m_layouts.size() < 2) m_layouts.emplace_back(std::move(*made), std::move(expected));
        ++layouts;
    }

    const FollowedChain& m_followed;
    SeededRandom m_random;
    std::optional<std::uint64_t> m_hold;
    std::vector<std::pair<std::unique_ptr<Layout>, ExpectedCar>> m_layouts;
};

TEST(ConcurrentLayouts, AreRightWhileTheChainIsFollowed) {
    FollowedChain followed(77);
    followed.start(0);
    std::atomic<bool> stop{false};
    std::vector<std::unique_ptr<Onlooker>> onlookers;
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < 2; ++i) {
        onlookers.push_back(std::make_unique<Onlooker>(followed, i));
        threads.emplace_back([&stop, &onlooker = *onlookers.back()] {
            while (!stop) onlooker.look();
            onlooker.leave();
        });
    }
    const auto enough = [&] {
        return std::ranges::all_of(onlookers, [](const auto& onlooker) { return onlooker->layouts >= 20; });
    };
    for (int event = 0; (event < 200 || !enough()) && !testing::Test::HasFailure(); ++event) {
        followed.go_to(followed.somewhere());
        ASSERT_TRUE(followed.engine->tick(50).ok());
    }
    stop = true;
    threads.clear();
    followed.check();
}

TEST(ConcurrentLayouts, StayRightWhereTheirSectionsAreMoved) {
    EngineOptions options = FollowedChain::small_window();
    options.store.arena.segment_bits = 15;
    int moved = 0;
    for (std::uint64_t seed = 0; seed < 40 && moved < 5 && !testing::Test::HasFailure(); ++seed) {
        FollowedChain followed(seed, {}, options);
        followed.start(0);
        SeededRandom random(seed);
        for (int event = 0; event < 60; ++event) {
            auto layout = followed.engine->layout({.key = followed.engine->stats().head}, {.recent_stateroots = 3});
            ASSERT_TRUE(layout.ok()) << layout.error().text();
            const ExpectedCar expected = expected_car(followed.chain.blocks, (*layout)->head(), 3, true);
            for (int step = 0; step < 6; ++step) {
                followed.go_to(followed.somewhere());
                ASSERT_TRUE(followed.engine->settle().ok());
                expect_layout(**layout, expected, random);
            }
            moved += followed.engine->stats().store.left_bytes > 0 ? 1 : 0;
            layout->reset();
            followed.check();
            EXPECT_EQ(followed.engine->stats().store.left_bytes, 0U);
        }
    }
    EXPECT_GE(moved, 5);
}

}    // namespace
}    // namespace filfil::snapshot
