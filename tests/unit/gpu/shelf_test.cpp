// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/shelf.hpp"

#include "watchdog.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace filfil::commp {
namespace {

/// Memory for so many buffers. Calls return only when `together` of them have come, so that nobody is first.
class Scarce final : public BufferSource {
public:
    Scarce(int buffers, int together) : m_left(buffers), m_together(together) {}
    [[nodiscard]] std::byte* allocate(std::size_t bytes) noexcept override {
        ++m_came;
        while (m_came < m_together) std::this_thread::yield();
        return m_left-- > 0 ? m_memory.allocate(bytes) : nullptr;
    }
    void release(std::byte* buffer) noexcept override { m_memory.release(buffer); }

private:
    PageableBuffers m_memory;
    std::atomic<int> m_left;
    std::atomic<int> m_came = 0;
    int m_together;
};

/// Asks for a buffer in so many threads at once. @return how many got one, each giving it back at once
int ask_at_once(Shelf& shelf, int threads) {
    std::atomic<int> got = 0;
    {
        std::vector<std::jthread> asking;
        for (int i = 0; i < threads; ++i) asking.emplace_back([&] { got += shelf.lend().ok() ? 1 : 0; });
    }
    return got;
}

TEST(Shelf, TellsEveryoneWhoAsksThatThereIsNoMemory) {
    test::Watchdog watchdog;
    for (int round = 0; round < 20; ++round) {
        const auto shelf = std::make_shared<Shelf>(std::make_unique<Scarce>(0, 3), 16, 8);
        EXPECT_EQ(ask_at_once(*shelf, 3), 0);
    }
}

TEST(Shelf, LendsWhatThereIsInTurnsWhereMemoryRunsOut) {
    test::Watchdog watchdog;
    for (int round = 0; round < 20; ++round) {
        const auto shelf = std::make_shared<Shelf>(std::make_unique<Scarce>(1, 3), 16, 8);
        EXPECT_EQ(ask_at_once(*shelf, 3), 3);
        EXPECT_EQ(ask_at_once(*shelf, 5), 5) << "and goes on so";
    }
}

TEST(Shelf, LendsNoMoreThanItSaidAlthoughAllAskAtOnce) {
    test::Watchdog watchdog;
    constexpr int most = 2;
    const auto shelf = std::make_shared<Shelf>(std::make_unique<Scarce>(100, 1), 16, most);
    std::atomic<int> lent = 0;
    std::atomic<int> most_lent = 0;
    {
        std::vector<std::jthread> asking;
        for (int i = 0; i < 6; ++i)
            asking.emplace_back([&] {
                for (int n = 0; n < 50; ++n) {
                    const auto buffer = shelf->lend();
                    EXPECT_TRUE(buffer.ok());
                    const int now = ++lent;
                    for (int seen = most_lent; now > seen && !most_lent.compare_exchange_weak(seen, now);) {
                    }
                    std::this_thread::yield();
                    --lent;
                }
            });
    }
    EXPECT_LE(most_lent, most);
    EXPECT_GE(most_lent, 1);
}

}    // namespace
}    // namespace filfil::commp
