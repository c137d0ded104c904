// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/executor.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <vector>

namespace filfil {
namespace {

using namespace std::chrono_literals;

TEST(InlineExecutor, RunsInsideTheCall) {
    InlineExecutor executor;
    int runs = 0;
    executor.post([&] { ++runs; });
    EXPECT_EQ(runs, 1);
    executor.post_after(24h, [&] { ++runs; });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(executor.concurrency(), 1U);
}

TEST(ThreadPool, HasTheThreadsItWasAskedFor) {
    EXPECT_EQ(ThreadPool(3).concurrency(), 3U);
    EXPECT_EQ(ThreadPool(0).concurrency(), usable_cpus());
}

TEST(ThreadPool, RunsEveryTaskOnce) {
    std::vector<std::atomic<int>> runs(1000);
    {
        ThreadPool pool(4);
        for (std::atomic<int>& count : runs) pool.post([&count] { ++count; });
    }
    for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
}

TEST(ThreadPool, RunsAsManyAtOnceAsItHasThreads) {
    // Each task waits for the two others: two threads could never end them.
    std::latch all(3);
    std::latch done(3);
    ThreadPool pool(3);
    for (int i = 0; i < 3; ++i)
        pool.post([&] {
            all.arrive_and_wait();
            done.count_down();
        });
    done.wait();
}

TEST(ThreadPool, TasksMayPostTasks) {
    std::atomic<int> runs = 0;
    {
        ThreadPool pool(1);
        pool.post([&] {
            ++runs;
            pool.post([&] {
                ++runs;
                pool.post([&] { ++runs; });
            });
        });
    }
    EXPECT_EQ(runs, 3);
}

TEST(ThreadPool, RunsADelayedTaskNotBeforeItsTime) {
    std::promise<std::chrono::steady_clock::time_point> ran;
    ThreadPool pool(1);
    const auto posted = std::chrono::steady_clock::now();
    pool.post_after(20ms, [&] { ran.set_value(std::chrono::steady_clock::now()); });
    EXPECT_GE(ran.get_future().get() - posted, 20ms);
}

TEST(ThreadPool, RunsDelayedTasksInTheOrderOfTheirTimes) {
    std::promise<std::string> order;
    std::string seen;
    ThreadPool pool(1);
    pool.post_after(600ms, [&] {
        seen += 'c';
        order.set_value(seen);
    });
    pool.post_after(400ms, [&] { seen += 'b'; });
    pool.post_after(200ms, [&] { seen += 'a'; });
    EXPECT_EQ(order.get_future().get(), "abc");
}

TEST(ThreadPool, ADelayPastTheEndOfTimeIsNeverDue) {
    std::atomic<int> runs = 0;
    {
        std::promise<void> later;
        ThreadPool pool(1);
        pool.post_after(Clock::Duration::max(), [&] { ++runs; });
        pool.post_after(5ms, [&] { later.set_value(); });
        later.get_future().wait();
    }
    EXPECT_EQ(runs, 0);
}

TEST(ThreadPool, DestructorRunsWhatIsDueAndDropsTheRest) {
    std::atomic<int> due = 0;
    std::atomic<int> early = 0;
    auto alive = std::make_shared<int>(0);
    const std::weak_ptr<int> watched = alive;
    {
        std::latch go(1);
        ThreadPool pool(1);
        pool.post([&] { go.wait(); });
        pool.post_after(0ns, [&] { ++due; });
        pool.post([&] { ++due; });
        pool.post_after(24h, [&early, alive = std::move(alive)] { ++early; });
        go.count_down();
    }
    EXPECT_EQ(due, 2);
    EXPECT_EQ(early, 0);
    EXPECT_TRUE(watched.expired());
}

TEST(ThreadPool, ADroppedTaskMayUseThePoolAsItGoes) {
    struct PostsWhenItGoes {
        ThreadPool* pool;
        explicit PostsWhenItGoes(ThreadPool* p) : pool(p) {}
        PostsWhenItGoes(const PostsWhenItGoes&) = delete;
        PostsWhenItGoes& operator=(const PostsWhenItGoes&) = delete;
        ~PostsWhenItGoes() {
            pool->post([] {});
        }
    };
    ThreadPool pool(1);
    pool.post_after(24h, [last = std::make_shared<PostsWhenItGoes>(&pool)] {});
}

/// Asks for more threads than this process can get. @return 0 if a pool came of it that does its work
[[maybe_unused]] int run_with_too_many_threads() {
    const rlimit limit{1UL << 30, 1UL << 30};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) return 3;
    std::atomic<int> runs = 0;
    unsigned threads = 0;
    {
        ThreadPool pool(10'000);
        threads = pool.concurrency();
        for (int i = 0; i < 100; ++i) pool.post([&] { ++runs; });
    }
    return threads > 0 && threads < 10'000 && runs == 100 ? 0 : 1;
}

#if !defined(__has_feature)
#define __has_feature(x) 0
#endif

TEST(ThreadPool, IsContentWithTheThreadsTheSystemGives) {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    GTEST_SKIP() << "sanitizers need more address space than this test leaves";
#else
    // Each thread reserves a stack, so a limit on address space ends their number early. In a process of its own.
    EXPECT_EXIT(std::_Exit(run_with_too_many_threads()), testing::ExitedWithCode(0), "");
#endif
}

TEST(UsableCpus, FollowsTheAffinityOfTheProcess) {
    cpu_set_t before;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    EXPECT_EQ(usable_cpus(), static_cast<unsigned>(CPU_COUNT(&before)));
    cpu_set_t one;
    CPU_ZERO(&one);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &before)) {
            CPU_SET(cpu, &one);
            break;
        }
    }
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(usable_cpus(), 1U);
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(RunParallel, RunsEachBodyOnceAndWaits) {
    ThreadPool pool(4);
    std::vector<std::atomic<int>> runs(500);
    run_parallel(pool, 500, [&](unsigned i) { ++runs[i]; });
    for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
}

TEST(RunParallel, UsesTheCallingThreadBesideThePool) {
    ThreadPool pool(2);
    std::latch all(3);
    run_parallel(pool, 3, [&](unsigned) { all.arrive_and_wait(); });
}

TEST(RunParallel, NothingToDoIsNoWork) {
    ThreadPool pool(1);
    run_parallel(pool, 0, [](unsigned) { FAIL() << "a body ran"; });
}

TEST(RunParallel, InlineRunsAll) {
    InlineExecutor executor;
    std::vector<unsigned> seen;
    run_parallel(executor, 4, [&](unsigned i) { seen.push_back(i); });
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (std::vector<unsigned>{0, 1, 2, 3}));
}

}    // namespace
}    // namespace filfil
