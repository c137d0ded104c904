// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cuda_shim.hpp"

#include <gtest/gtest.h>

#include <set>

// What the other tests lean on: kernels run on the CPU as they would on a card, and mistakes in them show.
namespace filfil::shim {
namespace {

constexpr unsigned block = 64;

/// Adds up the block's values as a tree, in shared memory, as kernels do.
__global__ void __launch_bounds__(block) sum_kernel(const unsigned* values, unsigned* sums) {
    __shared__ unsigned partial[block];
    partial[threadIdx.x] = values[blockIdx.x * blockDim.x + threadIdx.x];
    for (unsigned width = block / 2; width != 0; width /= 2) {
        __syncthreads();
        if (threadIdx.x < width) partial[threadIdx.x] += partial[threadIdx.x + width];
    }
    if (threadIdx.x == 0) sums[blockIdx.x] = partial[0];
}

#ifdef FILFIL_SHIM_POISONS
/// Without the barrier that it needs: each thread reads what its neighbour may not have written yet.
__global__ void racing_kernel(unsigned* out) {
    __shared__ unsigned mine[block];
    mine[threadIdx.x] = threadIdx.x;
    out[threadIdx.x] = mine[(threadIdx.x + 1) % block];
}

/// Reads shared memory that nobody wrote.
__global__ void idle_kernel(unsigned* out) {
    __shared__ unsigned never[block];
    out[blockIdx.x * block + threadIdx.x] = never[threadIdx.x];
    __syncthreads();
    never[threadIdx.x] = 1;
}
#endif

/// One thread leaves before the barrier that the others wait at.
__global__ void leaving_kernel(unsigned leaver, unsigned* waited) {
    if (threadIdx.x == leaver) return;
    __syncthreads();
    waited[threadIdx.x] = 1;
}

/// Who came when.
__global__ void order_kernel(std::vector<unsigned>* came) {
    came->push_back(blockIdx.x * block + threadIdx.x);
    __syncthreads();
    came->push_back(blockIdx.x * block + threadIdx.x);
}

__global__ void thread_kernel(std::thread::id* ids) {
    ids[blockIdx.x * block + threadIdx.x] = std::this_thread::get_id();
}

class ShimSchedules : public testing::TestWithParam<Schedule> {};

TEST_P(ShimSchedules, RunsAKernelAsACardDoes) {
    constexpr unsigned grid = 5;
    std::vector<unsigned> values(grid * block);
    SeededRandom random(1);
    for (unsigned& value : values) value = static_cast<unsigned>(random.below(1000));
    std::vector<unsigned> sums(grid, ~0U);
    Card card(GetParam());
    ASSERT_TRUE(card.launch(grid, block, &sum_kernel, values.data(), sums.data()).ok());
    for (unsigned b = 0; b < grid; ++b) {
        const auto first = values.begin() + b * block;
        EXPECT_EQ(sums[b], std::accumulate(first, first + block, 0U)) << "block " << b;
    }
}

TEST_P(ShimSchedules, RunsBlocksOfAnySizeOneAfterTheOther) {
    Card card(GetParam());
    for (const unsigned size : {1U, 32U, 7U, 128U}) {
        std::vector<unsigned> waited(size, 0);
        ASSERT_TRUE(card.launch(1, size, &leaving_kernel, size, waited.data()).ok());
        EXPECT_EQ(waited, std::vector<unsigned>(size, 1));
    }
    ASSERT_TRUE(card.launch(0, 8, &leaving_kernel, 0U, nullptr).ok());
}

TEST_P(ShimSchedules, TellsOfAThreadThatLeavesWhileOthersWait) {
    Card card(GetParam(), 3);
    for (const unsigned leaver : {0U, 17U, block - 1}) {
        std::vector<unsigned> waited(block, 0);
        const Result<void> ran = card.launch(2, block, &leaving_kernel, leaver, waited.data());
        ASSERT_FALSE(ran.ok());
        EXPECT_NE(
            ran.error().message.find(": thread " + std::to_string(leaver) + " left while others waited at a barrier"),
            std::string::npos)
            << ran.error().message;
        // And it goes on working.
        std::vector<unsigned> sums(1);
        const std::vector<unsigned> ones(block, 1);
        ASSERT_TRUE(card.launch(1, block, &sum_kernel, ones.data(), sums.data()).ok());
        EXPECT_EQ(sums[0], block);
    }
}

#ifdef FILFIL_SHIM_POISONS
TEST_P(ShimSchedules, PoisonsSharedMemoryBeforeEachBlock) {
    constexpr unsigned grid = 3;
    std::vector<unsigned> out(grid * block, 0);
    Card card(GetParam());
    ASSERT_TRUE(card.launch(grid, block, &idle_kernel, out.data()).ok());
    EXPECT_EQ(out, std::vector<unsigned>(grid * block, 0xdbdbdbdb));
}
#endif

TEST_P(ShimSchedules, KeepsItsThreadsFromBlockToBlock) {
    constexpr unsigned grid = 3;
    std::vector<std::thread::id> ids(grid * block);
    Card card(GetParam());
    ASSERT_TRUE(card.launch(grid, block, &thread_kernel, ids.data()).ok());
    for (unsigned i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], ids[i % block]);
    const std::set<std::thread::id> different(ids.begin(), ids.end());
    if (GetParam() == Schedule::free) {
        EXPECT_EQ(different.size(), block);
    } else {
        EXPECT_EQ(different, std::set{std::this_thread::get_id()});
    }
}

INSTANTIATE_TEST_SUITE_P(Shim, ShimSchedules, testing::ValuesIn(all_schedules),
                         [](const auto& param) { return std::string(name_of(param.param)); });

std::vector<unsigned> turns(Schedule schedule, std::uint64_t seed) {
    std::vector<unsigned> came;
    Card card(schedule, seed);
    EXPECT_TRUE(card.launch(2, block, &order_kernel, &came).ok());
    EXPECT_EQ(came.size(), std::size_t{4} * block);
    return came;
}

TEST(Turns, ComeInTheOrderThatWasAskedFor) {
    const std::vector<unsigned> forward = turns(Schedule::forward, 0);
    for (unsigned i = 0; i < forward.size(); ++i) EXPECT_EQ(forward[i], i / (2 * block) * block + i % block);
    std::vector<unsigned> reversed(forward.rbegin(), forward.rend());
    EXPECT_EQ(turns(Schedule::backward, 0), reversed);
}

TEST(Turns, AreShuffledBySeedAndAnewAfterEachBarrier) {
    const std::vector<unsigned> one = turns(Schedule::shuffled, 1);
    EXPECT_EQ(turns(Schedule::shuffled, 1), one);
    EXPECT_NE(turns(Schedule::shuffled, 2), one);
    std::set<std::vector<unsigned>> orders;
    for (unsigned phase = 0; phase < 4; ++phase) {
        std::vector<unsigned> order(one.begin() + phase * block, one.begin() + (phase + 1) * block);
        for (unsigned& thread : order) thread %= block;
        orders.insert(order);
        EXPECT_EQ(std::set<unsigned>(order.begin(), order.end()).size(), block) << "each thread once a phase";
    }
    EXPECT_EQ(orders.size(), 4U);
}

#ifdef FILFIL_SHIM_POISONS
TEST(Turns, ShowAMissingBarrierEveryTime) {
    for (const Schedule schedule : {Schedule::forward, Schedule::backward, Schedule::shuffled}) {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            std::vector<unsigned> out(block);
            Card card(schedule, seed);
            ASSERT_TRUE(card.launch(1, block, &racing_kernel, out.data()).ok());
            unsigned wrong = 0;
            for (unsigned i = 0; i < block; ++i) wrong += out[i] != (i + 1) % block ? 1U : 0U;
            EXPECT_GT(wrong, 0U);
        }
    }
}
#endif

}    // namespace
}    // namespace filfil::shim
