// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "planned.hpp"

#include "guarded.hpp"
#include "words.hpp"

#include <gtest/gtest.h>

namespace filfil::test {
namespace {

/// Counts how many of a step's nodes were unwritten before it and are written after it.
class WrittenNodes {
public:
    explicit WrittenNodes(std::span<const gpu::NodeWords> nodes) : m_nodes(nodes), m_written(count()) {}

    void expect_more(std::size_t more, unsigned level) {
        const std::size_t now = count();
        EXPECT_EQ(now - m_written, more) << "nodes written for the first time at level " << level;
        m_written = now;
    }

private:
    [[nodiscard]] std::size_t count() const {
        std::size_t written = 0;
        for (const gpu::NodeWords& node : m_nodes) written += is_unwritten(node) ? 0U : 1U;
        return written;
    }

    std::span<const gpu::NodeWords> m_nodes;
    std::size_t m_written;
};

void run_plan(const gpu::Plan& plan, const std::uint32_t* payload, std::span<gpu::NodeWords> nodes,
              const LevelSystem& system, shim::Card& card, gpu::TileVariant variant) {
    WrittenNodes written(nodes);
    const auto tiles = static_cast<std::uint32_t>(plan.tiles.size());
    const Result<void> ran = run_tiles(card, variant, {payload, plan.tiles.data(), tiles, nodes.data()});
    ASSERT_TRUE(ran.ok()) << ran.error().text();
    written.expect_more(std::size_t{tiles} * gpu::tile_nodes, gpu::tile_level);
    std::vector<gpu::LevelStep> parents;
    std::vector<unsigned> levels;
    for (const gpu::PlannedLevel& planned : plan.levels) {
        gpu::LevelStep step;
        step.payload = payload;
        step.segments = plan.segments.data() + planned.first_segment;
        step.segment_count = planned.segment_count;
        step.node_count = planned.node_count;
        step.nodes = nodes.data();
        if (planned.level == commp::quad_level) {
            system.make_quads(step);
            written.expect_more(planned.node_count, planned.level);
        } else {
            step.zero = words_of(commp::zero_node(planned.level - 1));
            parents.push_back(step);
            levels.push_back(planned.level);
        }
    }
    // As launch_parents() does.
    for (std::size_t at = 0; at < parents.size();) {
        const gpu::TopSteps tops = system.tops ? gpu::tops_of(std::span(parents).subspan(at)) : gpu::TopSteps();
        if (tops.count == 0) {
            system.make_parents(parents[at]);
            written.expect_more(parents[at].node_count, levels[at]);
            ++at;
            continue;
        }
        const Result<void> made = run_tops(card, tops);
        ASSERT_TRUE(made.ok()) << made.error().text();
        std::size_t nodes_made = 0;
        for (unsigned s = 0; s < tops.count; ++s) nodes_made += tops.steps[s].node_count;
        written.expect_more(nodes_made, levels[at]);
        at += tops.count;
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) EXPECT_FALSE(is_unwritten(nodes[i])) << "node " << i;
}

}    // namespace

std::vector<std::vector<commp::Node>> hash_planned(ByteView payload, std::span<const commp::Job> jobs,
                                                   const gpu::PlanLimits& limits, const LevelSystem& system,
                                                   shim::Card& card, gpu::TileVariant variant) {
    std::vector<std::vector<commp::Node>> out;
    while (out.size() < jobs.size()) {
        const gpu::Plan plan = gpu::make_plan(jobs.subspan(out.size()), limits);
        if (plan.results.empty()) {
            ADD_FAILURE() << "job " << out.size() << " does not fit the limits";
            return out;
        }
        EXPECT_LE(plan.node_count, limits.nodes);
        EXPECT_LE(plan.segments.size(), limits.segments);
        EXPECT_LE(plan.tiles.size(), limits.tiles);
        EXPECT_LE(plan.result_count, limits.results);
        Guarded<std::uint32_t> card_payload((plan.payload_bytes + 4) / 4, Guard::after);
        std::memcpy(card_payload.data(), payload.data(), plan.payload_bytes);
        Guarded<gpu::NodeWords> nodes(plan.node_count, Guard::after);
        run_plan(plan, card_payload.data(), nodes.span(), system, card, variant);
        for (const gpu::PlannedResult& result : plan.results) {
            std::vector<commp::Node>& of_job = out.emplace_back();
            for (std::uint32_t n = 0; n < result.count; ++n) of_job.push_back(node_of(nodes.span()[result.first + n]));
        }
    }
    return out;
}

}    // namespace filfil::test
