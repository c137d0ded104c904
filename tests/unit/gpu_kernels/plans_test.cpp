// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "planned.hpp"

#include "commp/kernel.hpp"
#include "payloads.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using commp::Job;
using commp::quad_payload;

Job job_of(std::size_t offset, std::size_t quads, unsigned level) {
    Job job;
    job.offset = offset;
    job.quads = quads;
    job.level = level;
    return job;
}

/// Limits that no submission of `quads` quads in one-quad jobs goes beyond.
PlanLimits ample(std::size_t quads) { return limits_for(quads, quads, commp::max_level); }

class EachSystem : public testing::TestWithParam<test::LevelSystem> {
protected:
    void expect_right_nodes(ByteView payload, const std::vector<Job>& jobs, const PlanLimits& limits,
                            TileVariant variant = TileVariant::plain) {
        const auto nodes = test::hash_planned(payload, jobs, limits, GetParam(), m_card, variant);
        ASSERT_EQ(nodes.size(), jobs.size());
        std::vector<commp::Node> expected;
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            const Job& job = jobs[i];
            commp::hash_quads(commp::portable_kernel, payload.data() + job.offset, job.quads, job.level, expected);
            ASSERT_EQ(nodes[i], expected)
                << "job " << i << ": " << job.quads << " quads at " << job.offset << ", level " << job.level;
        }
    }

    shim::Card m_card{shim::Schedule::shuffled, 1};
};

/// One byte after the quads may be read by the CPU's kernels.
Bytes payload_for(std::size_t bytes, std::uint64_t seed) { return test::random_payload(bytes + 1, seed); }

TEST_P(EachSystem, ReachesEveryLevelFromAnyCountOfQuads) {
    for (const std::size_t quads :
         {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 31U, 33U, 255U, 256U, 257U, 263U, 264U, 512U, 769U}) {
        const std::size_t offset = quads % 7;
        const Bytes payload = payload_for(offset + quads * quad_payload, quads);
        for (const unsigned level : {2U, 3U, 4U, 5U, 6U, 7U, 10U, 11U, 12U, 13U, 33U, 34U, 35U, commp::max_level})
            expect_right_nodes(payload, {job_of(offset, quads, level)}, ample(quads));
    }
}

TEST_P(EachSystem, HashesManySmallPiecesInOnePlan) {
    constexpr std::size_t pieces = 1000;
    std::vector<Job> jobs;
    std::size_t quads = 0;
    SeededRandom random(5);
    for (std::size_t i = 0; i < pieces; ++i) {
        const std::size_t count = 1 + random.below(4);
        jobs.push_back(job_of(quads * quad_payload, count, 2 + static_cast<unsigned>(random.below(4))));
        quads += count;
    }
    expect_right_nodes(payload_for(quads * quad_payload, 6), jobs, ample(quads));
}

TEST_P(EachSystem, HashesABufferFullOfSingleQuads) {
    constexpr std::size_t quads = 1U << 13;
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < quads; ++i)
        jobs.push_back(job_of(i * quad_payload, 1, 2 + static_cast<unsigned>(i % 3)));
    expect_right_nodes(payload_for(quads * quad_payload, 7), jobs, limits_for(quads, quads, 4));
}

TEST_P(EachSystem, HashesABufferThatOnePieceFills) {
    constexpr std::size_t quads = 1U << 13;
    const Bytes payload = payload_for(quads * quad_payload, 8);
    for (const unsigned level : {2U, 5U, 15U, 16U})
        expect_right_nodes(payload, {job_of(0, quads, level)}, limits_for(quads, 1, level));
}

/// Small jobs, such around whole tiles, and large ones, with and without gaps between them.
std::vector<Job> random_jobs(std::uint64_t seed) {
    SeededRandom random(seed);
    std::vector<Job> jobs;
    std::size_t end = 0;
    for (std::uint64_t count = 1 + random.below(25); count > 0; --count) {
        const std::uint64_t kind = random.below(3);
        std::size_t size = 1 + random.below(30);
        if (kind == 1) size = (1 + random.below(3)) * tile_quads - 1 + random.below(3);
        if (kind == 2 && count % 5 == 0) size = 500 + random.below(1500);
        end += random.below(2) * random.below(300);
        unsigned level = 2 + static_cast<unsigned>(random.below(12));
        if (random.below(8) == 0) level = 2 + static_cast<unsigned>(random.below(commp::max_level - 1));
        jobs.push_back(job_of(end, size, level));
        end += size * quad_payload;
    }
    return jobs;
}

TEST_P(EachSystem, HashesJobsOfAllSizesSideBySide) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const std::vector<Job> jobs = random_jobs(seed);
        const std::size_t end = jobs.back().offset + jobs.back().quads * quad_payload;
        expect_right_nodes(payload_for(end, 100 + seed), jobs, ample(end / quad_payload),
                           all_tile_variants[seed % all_tile_variants.size()]);
    }
}

TEST_P(EachSystem, TakesAsManyPlansAsTheLimitsAsk) {
    std::vector<Job> jobs;
    std::size_t quads = 0;
    for (std::size_t i = 0; i < 60; ++i) {
        const std::size_t size = 1 + i * 37 % 300;
        jobs.push_back(job_of(quads * quad_payload, size, 2 + static_cast<unsigned>(i % 9)));
        quads += size;
    }
    const Bytes payload = payload_for(quads * quad_payload, 9);
    // Little room for nodes, for segments, for tiles, for results.
    PlanLimits most = ample(quads);
    for (std::uint32_t PlanLimits::* const limit :
         {&PlanLimits::nodes, &PlanLimits::segments, &PlanLimits::tiles, &PlanLimits::results}) {
        PlanLimits limits = most;
        limits.*limit = limit == &PlanLimits::nodes      ? 700
                        : limit == &PlanLimits::segments ? 12
                        : limit == &PlanLimits::tiles    ? 1
                                                         : 300;
        const Plan first = make_plan(jobs, limits);
        EXPECT_LT(first.results.size(), jobs.size());
        expect_right_nodes(payload, jobs, limits);
    }
}

/// Steps of so many nodes.
std::vector<LevelStep> steps_of(std::initializer_list<std::uint32_t> counts) {
    std::vector<LevelStep> steps;
    for (const std::uint32_t count : counts) {
        steps.emplace_back();
        steps.back().node_count = count;
    }
    return steps;
}

TEST(Tops, AreTheNarrowStepsUpToTheNextWideOne) {
    EXPECT_EQ(tops_of(steps_of({})).count, 0U);
    EXPECT_EQ(tops_of(steps_of({512, 256, 128})).count, 3U);
    EXPECT_EQ(tops_of(steps_of({513, 256, 128})).count, 0U) << "a thread a node has no room for this one";
    EXPECT_EQ(tops_of(steps_of({2, 1, 513, 1})).count, 2U);
    EXPECT_EQ(tops_of(steps_of({300})).count, 0U) << "alone it is as well off with many blocks";
    EXPECT_EQ(tops_of(steps_of({300, 513})).count, 0U);
    const std::vector<LevelStep> many(most_top_steps + 5, steps_of({7}).front());
    EXPECT_EQ(tops_of(many).count, most_top_steps);
    EXPECT_EQ(tops_of(std::span(many).subspan(most_top_steps)).count, 5U);
    EXPECT_EQ(tops_of(steps_of({9, 5, 600})).steps[1].node_count, 5U);
}

TEST(Plans, FitExactlyIntoWhatTheyTake) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const std::vector<Job> jobs = random_jobs(seed);
        const Plan plan = make_plan(jobs, {~0U, ~0U, ~0U, ~0U});
        ASSERT_EQ(plan.results.size(), jobs.size());
        const PlanLimits taken{plan.node_count, static_cast<std::uint32_t>(plan.segments.size()),
                               static_cast<std::uint32_t>(plan.tiles.size()), plan.result_count};
        EXPECT_EQ(make_plan(jobs, taken).results.size(), jobs.size()) << "seed " << seed;
        for (std::uint32_t PlanLimits::* const limit :
             {&PlanLimits::nodes, &PlanLimits::segments, &PlanLimits::tiles, &PlanLimits::results}) {
            PlanLimits less = taken;
            if (less.*limit == 0) continue;
            --(less.*limit);
            EXPECT_LT(make_plan(jobs, less).results.size(), jobs.size()) << "seed " << seed;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Plans, EachSystem, testing::ValuesIn(test::level_systems()),
                         [](const auto& param) { return std::string(param.param.name); });

}    // namespace
}    // namespace filfil::gpu
