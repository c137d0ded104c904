// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace filfil::batch {
namespace {

constexpr std::uint64_t MiB = std::uint64_t{1} << 20;
constexpr commp::BackendLimits limits{32768, 4, 20, 15};

std::vector<WorkItem> items_of(const std::vector<std::uint64_t>& sizes) {
    std::vector<WorkItem> items;
    for (const std::uint64_t size : sizes)
        items.push_back({{std::to_string(items.size()), nullptr, 0}, size, 0, false});
    return items;
}

TEST(Quads, CountsAndLevels) {
    EXPECT_EQ(quads_of(0), 1U);
    EXPECT_EQ(quads_of(1), 1U);
    EXPECT_EQ(quads_of(127), 1U);
    EXPECT_EQ(quads_of(128), 2U);
    EXPECT_EQ(root_level_of(127), 2U);
    EXPECT_EQ(root_level_of(128), 3U);
    EXPECT_EQ(root_level_of(254), 3U);
    EXPECT_EQ(root_level_of(255), 4U);
    EXPECT_EQ(root_level_of(4 * 127 + 1), 5U);
}

TEST(CanPack, KeepsTheBackendsLimits) {
    EXPECT_TRUE(can_pack(1, limits));
    EXPECT_FALSE(can_pack(0, limits));
    EXPECT_TRUE(can_pack(max_packed_payload, limits));
    EXPECT_FALSE(can_pack(max_packed_payload + 1, limits));
    EXPECT_TRUE(can_pack(127 * 8, {8, 4, 20, 3}));
    EXPECT_FALSE(can_pack(127 * 8 + 1, {8, 4, 20, 3}));
    EXPECT_TRUE(can_pack(127 * 2, {8, 4, 3, 3}));
    EXPECT_FALSE(can_pack(127 * 2 + 1, {8, 4, 3, 3}));
}

TEST(Schedule, EveryUnfinishedFileIsThereOnce) {
    std::vector<std::uint64_t> sizes;
    for (std::uint64_t i = 0; i < 3000; ++i) sizes.push_back(i * i * 37);
    std::vector<WorkItem> items = items_of(sizes);
    for (std::size_t i = 0; i < items.size(); i += 7) items[i].finished = true;
    for (const unsigned workers : {1U, 2U, 64U}) {
        const Schedule schedule = make_schedule(items, limits, workers);
        std::multiset<std::size_t> seen(schedule.shared.begin(), schedule.shared.end());
        seen.insert(schedule.single.begin(), schedule.single.end());
        for (const auto& pack : schedule.packs) {
            std::uint64_t quads = 0;
            for (const std::size_t i : pack) {
                EXPECT_TRUE(can_pack(items[i].size, limits));
                quads += quads_of(items[i].size);
            }
            EXPECT_LE(quads, limits.staging_quads);
            EXPECT_FALSE(pack.empty());
            seen.insert(pack.begin(), pack.end());
        }
        for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(seen.count(i), items[i].finished ? 0U : 1U) << i;
        EXPECT_TRUE(std::is_sorted(schedule.single.begin(), schedule.single.end(),
                                   [&](std::size_t a, std::size_t b) { return items[a].size > items[b].size; }));
        EXPECT_EQ(schedule.shared.empty(), workers == 1);
    }
}

TEST(Schedule, AHugeFileIsSharedAndComesFirst) {
    const Schedule schedule = make_schedule(items_of({100, 100 * MiB, 5000 * MiB, 100 * MiB, 300 * MiB}), limits, 4);
    EXPECT_EQ(schedule.shared, (std::vector<std::size_t>{2, 4}));
    EXPECT_EQ(schedule.single, (std::vector<std::size_t>{1, 3}));
    EXPECT_EQ(schedule.packs.size(), 1U);
}

TEST(Schedule, AnOnlyLargeFileIsShared) {
    EXPECT_EQ(make_schedule(items_of({20 * MiB, 2 * MiB}), limits, 2).shared, std::vector<std::size_t>{0});
    EXPECT_TRUE(make_schedule(items_of({20 * MiB, 2 * MiB}), limits, 1).shared.empty());
    EXPECT_TRUE(make_schedule(std::vector<WorkItem>(items_of(std::vector<std::uint64_t>(100, 20 * MiB))), limits, 2)
                    .shared.empty());
}

TEST(Schedule, SmallFilesFillBuffersButLeaveWorkForAll) {
    const auto items = items_of(std::vector<std::uint64_t>(1000, 100'000));
    EXPECT_LE(make_schedule(items, limits, 1).packs.size(), 30U);
    EXPECT_GE(make_schedule(items, limits, 16).packs.size(), 16U);
    // Tiny ones: a pack ends, so that its receipts come.
    EXPECT_GE(make_schedule(items_of(std::vector<std::uint64_t>(100'000, 100)), limits, 1).packs.size(), 24U);
}

TEST(Schedule, NothingIsNothing) {
    const Schedule schedule = make_schedule({}, limits, 2);
    EXPECT_TRUE(schedule.shared.empty() && schedule.single.empty() && schedule.packs.empty());
}

}    // namespace
}    // namespace filfil::batch
