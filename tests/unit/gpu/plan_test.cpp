// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/plan.hpp"

#include "base/random.hpp"
#include "commp/node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace filfil::gpu {
namespace {

using commp::Job;
using commp::quad_level;
using commp::quad_payload;

constexpr PlanLimits no_limits{~0U, ~0U, ~0U, ~0U};

/// What a node stands for: quads `first` to `first + quads - 1` of a job, and zeros up to its level's width.
struct Covers {
    std::size_t job = SIZE_MAX;    ///< none: nothing has been written here
    std::size_t first = 0;
    std::size_t quads = 0;
    unsigned level = 0;
};

/// Carries a plan out with ranges of quads in the place of hashes, and notes whatever would not give each job its tree.
class Symbolic {
public:
    Symbolic(std::span<const Job> jobs, const Plan& plan) : m_jobs(jobs.first(plan.results.size())), m_plan(plan) {
        m_nodes.resize(plan.node_count);
        for (const Tile& tile : plan.tiles)
            for (unsigned i = 0; i < tile_nodes; ++i)
                write(tile.nodes + i, of_quads(tile.offset + i * 8 * quad_payload, 8, tile_level));
        unsigned last_level = 0;
        std::uint32_t next_segment = 0;
        for (const PlannedLevel& planned : plan.levels) {
            if (planned.level <= last_level) note("levels are not made from the lowest up");
            if (planned.first_segment != next_segment) note("segments are left out or used twice");
            last_level = planned.level;
            next_segment = planned.first_segment + planned.segment_count;
            make(planned);
        }
        if (next_segment != plan.segments.size()) note("segments are left over");
        check_results();
    }

    [[nodiscard]] const std::string& wrong() const noexcept { return m_wrong; }

private:
    void note(const std::string& what) {
        if (m_wrong.empty()) m_wrong = what;
    }

    Covers of_quads(std::size_t offset, std::size_t quads, unsigned level) {
        for (std::size_t i = 0; i < m_jobs.size(); ++i) {
            const std::size_t from = m_jobs[i].offset;
            if (offset < from || offset >= from + m_jobs[i].quads * quad_payload) continue;
            if ((offset - from) % quad_payload != 0) note("a node begins inside a quad");
            const std::size_t first = (offset - from) / quad_payload;
            if (first + quads > m_jobs[i].quads) note("a node reads beyond its job's quads");
            return {i, first, quads, level};
        }
        note("a node reads what is no job's payload");
        return {};
    }

    void write(std::size_t at, const Covers& node) {
        if (at >= m_nodes.size()) return note("a node outside of the plan's nodes");
        if (m_nodes[at].job != SIZE_MAX) note("a node is written over another");
        m_nodes[at] = node;
    }

    Covers parent_of(std::size_t left, bool has_right, unsigned level) {
        if (left + (has_right ? 1 : 0) >= m_nodes.size()) {
            note("a child outside of the plan's nodes");
            return {};
        }
        Covers node = m_nodes[left];
        if (node.job == SIZE_MAX) note("a child is read before it is made");
        if (node.level + 1 != level) note("a child is not of the level below");
        if (has_right) {
            const Covers& right = m_nodes[left + 1];
            if (right.job != node.job || right.level != node.level || right.first != node.first + node.quads)
                note("two children are no neighbours");
            // Only a job's last node may have zeros in it, so a left child is full.
            if (node.quads != std::size_t{1} << (node.level - quad_level)) note("a left child is not full");
            node.quads += right.quads;
        } else if (node.job != SIZE_MAX && node.first + node.quads != m_jobs[node.job].quads) {
            note("a zero node stands where there are quads");
        }
        node.level = level;
        return node;
    }

    void make(const PlannedLevel& planned) {
        std::uint32_t made = 0;
        for (std::uint32_t s = 0; s < planned.segment_count; ++s) {
            const Segment& segment = m_plan.segments[planned.first_segment + s];
            if (segment.begin != made) note("a segment does not begin where the one before it ends");
            if (planned.level == quad_level) {
                for (std::uint32_t i = 0; i < segment.count; ++i)
                    write(segment.nodes + i, of_quads(segment.source + i * quad_payload, 1, quad_level));
                made += segment.count;
                continue;
            }
            const std::uint32_t parents = (segment.count + 1) / 2;
            for (std::uint32_t i = 0; i < parents; ++i)
                write(segment.nodes + i, parent_of(segment.source + 2 * i, 2 * i + 1 < segment.count, planned.level));
            made += parents;
        }
        if (made != planned.node_count) note("a level has other nodes than its segments");
    }

    void check_results() {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < m_jobs.size(); ++i) {
            const PlannedResult& result = m_plan.results[i];
            if (result.first != next) note("results do not lie job by job");
            next += result.count;
            std::size_t quads = 0;
            for (std::uint32_t n = 0; n < result.count; ++n) {
                const Covers& node = m_nodes[result.first + n];
                if (node.job != i || node.level != m_jobs[i].level || node.first != quads)
                    note("a result is not the job's next node");
                quads += node.quads;
            }
            if (quads != m_jobs[i].quads) note("results do not cover their job");
        }
        if (next != m_plan.result_count) note("there are other results than the jobs'");
        for (const Covers& node : m_nodes)
            if (node.job == SIZE_MAX) note("room for a node that nobody makes");
    }

    std::span<const Job> m_jobs;
    const Plan& m_plan;
    std::vector<Covers> m_nodes;
    std::string m_wrong;
};

bool keeps_within(const Plan& plan, const PlanLimits& limits) {
    return plan.node_count <= limits.nodes && plan.segments.size() <= limits.segments &&
           plan.tiles.size() <= limits.tiles && plan.result_count <= limits.results;
}

/// Jobs one after the other, each at any byte, of any size and level.
std::vector<Job> random_jobs(Random& random, std::size_t most_quads, std::size_t most_jobs, unsigned most_level) {
    std::vector<Job> jobs;
    std::size_t end = 0;
    const std::size_t count = 1 + random.below(most_jobs);
    for (std::size_t i = 0; i < count; ++i) {
        Job job;
        job.offset = end + random.below(3) * random.below(500);
        // As often small as large, and often whole tiles.
        job.quads = 1 + random.below(std::size_t{1} << random.below(std::bit_width(most_quads)));
        if (random.below(4) == 0) job.quads = (1 + random.below(4)) * tile_quads;
        job.level = quad_level + static_cast<unsigned>(random.below(most_level - quad_level + 1));
        end = job.offset + job.quads * quad_payload;
        jobs.push_back(job);
    }
    return jobs;
}

TEST(Plan, CountsWhatAJobOfATileAndABitNeeds) {
    const Job job{.offset = 5, .quads = 300, .level = 10};
    const Plan plan = make_plan({&job, 1}, no_limits);
    // Quads of no tile: 44, then 22 and 11 nodes. Level 5 has 32 nodes of the tile beside 6, and the rest is halved and
    // rounded up: 19, 10, 5, 3 and the two of level 10, which lie in front.
    ASSERT_EQ(plan.tiles.size(), 1U);
    EXPECT_EQ(plan.tiles[0].offset, 5U);
    std::vector<std::uint32_t> made;
    for (const PlannedLevel& level : plan.levels) made.push_back(level.node_count);
    EXPECT_EQ(made, (std::vector<std::uint32_t>{44, 22, 11, 6, 19, 10, 5, 3, 2}));
    EXPECT_EQ(plan.node_count, 44U + 22 + 11 + 38 + 19 + 10 + 5 + 3 + 2);
    EXPECT_EQ(plan.result_count, 2U);
    EXPECT_EQ(plan.results[0].first, 0U);
    EXPECT_EQ(plan.results[0].count, 2U);
    EXPECT_EQ(plan.payload_bytes, 5 + 300 * quad_payload);
}

TEST(Plan, TakesTilesOnlyWhereAJobGoesAsHighAsTheyDo) {
    for (unsigned level = quad_level; level <= 8; ++level) {
        const Job job{.offset = 0, .quads = std::size_t{3} * tile_quads, .level = level};
        EXPECT_EQ(make_plan({&job, 1}, no_limits).tiles.size(), level < tile_level ? 0U : 3U) << "level " << level;
    }
}

TEST(Plan, OfNoJobIsNothing) {
    const Plan plan = make_plan({}, no_limits);
    EXPECT_TRUE(plan.results.empty());
    EXPECT_EQ(plan.node_count, 0U);
    EXPECT_EQ(plan.payload_bytes, 0U);
}

TEST(Plan, IsATreeOverEachJobWhateverTheJobs) {
    SeededRandom random(1);
    for (int round = 0; round < 400; ++round) {
        const auto jobs = random_jobs(random, 2000, 1 + random.below(40), 20);
        const Plan plan = make_plan(jobs, no_limits);
        ASSERT_EQ(plan.results.size(), jobs.size());
        ASSERT_EQ(Symbolic(jobs, plan).wrong(), "") << "round " << round;
    }
}

TEST(Plan, OfSmallJobsIsATreeForEachSizeAndLevel) {
    for (std::size_t quads = 1; quads <= 2 * tile_quads + 3; ++quads)
        for (const unsigned level : {2U, 3U, 4U, 5U, 6U, 9U, 10U, 14U}) {
            const Job job{.offset = 1, .quads = quads, .level = level};
            const Plan plan = make_plan({&job, 1}, no_limits);
            ASSERT_EQ(Symbolic({&job, 1}, plan).wrong(), "") << quads << " quads, level " << level;
        }
}

TEST(Plan, GoesUpToTheTopOfAnyTree) {
    const Job job{.offset = 0, .quads = 3, .level = commp::max_level};
    const Plan plan = make_plan({&job, 1}, no_limits);
    EXPECT_EQ(Symbolic({&job, 1}, plan).wrong(), "");
    EXPECT_EQ(plan.levels.size(), commp::max_level - quad_level + 1);
}

TEST(Plan, TakesAsManyJobsAsTheLimitsHoldAndNoMore) {
    SeededRandom random(2);
    std::size_t split = 0;
    for (int round = 0; round < 300; ++round) {
        const auto jobs = random_jobs(random, 300, 30, 12);
        // What some of the jobs need, less or more one here and there.
        const Plan whole = make_plan(std::span(jobs).first(1 + random.below(jobs.size())), no_limits);
        const auto about = [&](std::size_t n) { return static_cast<std::uint32_t>(n + random.below(3)); };
        const PlanLimits limits{about(whole.node_count), about(whole.segments.size()), about(whole.tiles.size()),
                                about(whole.result_count)};
        std::size_t done = 0;
        for (; done < jobs.size(); ++split) {
            const auto rest = std::span(jobs).subspan(done);
            const Plan plan = make_plan(rest, limits);
            ASSERT_TRUE(keeps_within(plan, limits)) << "round " << round;
            ASSERT_EQ(Symbolic(rest, plan).wrong(), "") << "round " << round;
            const std::size_t taken = plan.results.size();
            if (taken < rest.size()) {
                ASSERT_FALSE(keeps_within(make_plan(rest.first(taken + 1), no_limits), limits))
                    << "round " << round << ": there was room for another job";
            }
            if (taken == 0) break;
            done += taken;
        }
    }
    EXPECT_GT(split, 600U) << "most rounds should have needed several plans";
}

TEST(Plan, OfLimitsThatHoldNothingIsEmpty) {
    const Job job{.offset = 0, .quads = tile_quads + 7, .level = 8};
    const Plan whole = make_plan({&job, 1}, no_limits);
    const PlanLimits exact{whole.node_count, static_cast<std::uint32_t>(whole.segments.size()),
                           static_cast<std::uint32_t>(whole.tiles.size()), whole.result_count};
    EXPECT_EQ(make_plan({&job, 1}, exact).results.size(), 1U);
    for (std::uint32_t PlanLimits::* const limit :
         {&PlanLimits::nodes, &PlanLimits::segments, &PlanLimits::tiles, &PlanLimits::results}) {
        PlanLimits less = exact;
        --(less.*limit);
        EXPECT_TRUE(make_plan({&job, 1}, less).results.empty());
        less.*limit = 0;
        const Plan none = make_plan({&job, 1}, less);
        EXPECT_TRUE(none.results.empty());
        EXPECT_EQ(none.node_count + none.tiles.size() + none.segments.size() + none.payload_bytes, 0U);
    }
}

TEST(Plan, DoesNotCountRoundPastTheLargestNumber) {
    // 256 jobs of 2^24 nodes make 2^32, which is 0 to who counts in 32 bits.
    const std::vector<Job> jobs(300, Job{.offset = 0, .quads = std::size_t{1} << 24, .level = quad_level});
    EXPECT_EQ(make_plan(jobs, no_limits).results.size(), 255U);
}

TEST(PlanLimits, OfASubmissionHoldEverySuchSubmissionAtOnce) {
    constexpr std::size_t quads = 2048;
    constexpr unsigned level = 13;
    SeededRandom random(3);
    std::vector<std::vector<Job>> submissions;
    // All single quads up to the top; one large job at each level; and anything.
    submissions.emplace_back();
    for (std::size_t i = 0; i < quads; ++i) submissions.back().push_back({i * quad_payload, 1, level, 0, nullptr});
    for (unsigned l = quad_level; l <= level; ++l) submissions.push_back({{0, quads, l, 0, nullptr}});
    for (int round = 0; round < 200; ++round) {
        auto& jobs = submissions.emplace_back();
        for (std::size_t left = quads; left != 0;) {
            const std::size_t n = 1 + random.below(random.below(2) == 0 ? left : std::min<std::size_t>(left, 9));
            jobs.push_back({(quads - left) * quad_payload, n,
                            quad_level + static_cast<unsigned>(random.below(level - quad_level + 1)), 0, nullptr});
            left -= n;
        }
    }
    for (const auto& jobs : submissions) {
        const PlanLimits limits = limits_for(quads, jobs.size(), level);
        const Plan plan = make_plan(jobs, limits);
        ASSERT_EQ(plan.results.size(), jobs.size());
        ASSERT_EQ(Symbolic(jobs, plan).wrong(), "");
    }
}

}    // namespace
}    // namespace filfil::gpu
