// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/plan.hpp"

#include <algorithm>
#include <array>

namespace filfil::gpu {
namespace {

/// Nodes of level `level` over `quads` quads.
std::uint32_t nodes_at(std::uint32_t quads, unsigned level) noexcept {
    const unsigned depth = level - commp::quad_level;
    return static_cast<std::uint32_t>((std::uint64_t{quads} + (std::uint64_t{1} << depth) - 1) >> depth);
}

/// One job on its way up.
struct Climb {
    std::uint32_t offset = 0;
    std::uint32_t quads = 0;
    unsigned level = 0;          ///< where it ends
    std::uint32_t result = 0;    ///< where its last nodes go
    std::uint32_t tiles = 0;     ///< whole ones
    std::uint32_t rest = 0;      ///< quads beyond them
    std::uint32_t first = 0;     ///< nodes of the level made last
    std::uint32_t count = 0;

    explicit Climb(const commp::Job& job)
        : offset(static_cast<std::uint32_t>(job.offset)),
          quads(static_cast<std::uint32_t>(job.quads)),
          level(job.level),
          tiles(job.level < tile_level ? 0 : quads / tile_quads),
          rest(quads - tiles * tile_quads) {}

    [[nodiscard]] std::uint32_t results() const noexcept { return nodes_at(quads, level); }

    /// What it needs, its results too.
    [[nodiscard]] PlanLimits needs() const noexcept {
        PlanLimits needs;
        needs.tiles = tiles;
        needs.results = results();
        needs.nodes = needs.results;
        for (unsigned l = commp::quad_level; l <= level; ++l) {
            const std::uint32_t made =
                l < tile_level && tiles != 0 ? (rest == 0 ? 0 : nodes_at(rest, l)) : nodes_at(quads, l);
            if (l != level) needs.nodes += made;
            const bool only_tiles = l == tile_level && tiles != 0 && rest == 0;
            if (made != 0 && !only_tiles) ++needs.segments;
        }
        return needs;
    }
};

class Planner {
public:
    explicit Planner(const PlanLimits& limits) : m_limits(limits) {}

    Plan plan(std::span<const commp::Job> jobs) {
        for (const commp::Job& job : jobs)
            if (!admit(job)) break;
        m_next = m_plan.result_count;
        unsigned top = 0;
        for (const Climb& climb : m_climbs) top = std::max(top, climb.level);
        for (unsigned level = commp::quad_level; level <= top; ++level) make_level(level);
        m_plan.node_count = m_next;
        return std::move(m_plan);
    }

private:
    bool admit(const commp::Job& job) {
        Climb climb(job);
        const PlanLimits needs = climb.needs();
        constexpr std::array all{&PlanLimits::nodes, &PlanLimits::segments, &PlanLimits::tiles, &PlanLimits::results};
        // What is left rather than the sum, which could go round past the largest number.
        for (const auto of : all)
            if (needs.*of > m_limits.*of - m_needs.*of) return false;
        for (const auto of : all) m_needs.*of += needs.*of;
        climb.result = m_plan.result_count;
        m_plan.results.push_back({climb.result, needs.results});
        m_plan.result_count += needs.results;
        m_plan.payload_bytes = std::max(m_plan.payload_bytes, job.offset + job.quads * commp::quad_payload);
        m_climbs.push_back(climb);
        return true;
    }

    /// Room for a job's nodes of `level`: among the results where the job ends there.
    std::uint32_t place(const Climb& climb, unsigned level, std::uint32_t count) noexcept {
        if (climb.level == level) return climb.result;
        const std::uint32_t at = m_next;
        m_next += count;
        return at;
    }

    void make_level(unsigned level) {
        PlannedLevel planned;
        planned.level = level;
        planned.first_segment = static_cast<std::uint32_t>(m_plan.segments.size());
        for (Climb& climb : m_climbs) {
            if (climb.level < level) continue;
            if (level == tile_level && climb.tiles != 0)
                join_tiles(climb, planned);
            else
                climb_on(climb, level, planned);
        }
        if (planned.segment_count != 0) m_plan.levels.push_back(planned);
    }

    void climb_on(Climb& climb, unsigned level, PlannedLevel& planned) {
        if (level == commp::quad_level) {
            if (climb.rest == 0) return;
            add_segment(planned,
                        climb.offset + climb.tiles * tile_quads * static_cast<std::uint32_t>(commp::quad_payload),
                        climb.rest, climb.rest, climb.first = place(climb, level, climb.rest));
            climb.count = climb.rest;
            return;
        }
        if (climb.count == 0) return;
        const std::uint32_t parents = (climb.count + 1) / 2;
        const std::uint32_t at = place(climb, level, parents);
        add_segment(planned, climb.first, climb.count, parents, at);
        climb.first = at;
        climb.count = parents;
    }

    /// The level at which the nodes of tiles and those over the quads beyond them stand side by side.
    void join_tiles(Climb& climb, PlannedLevel& planned) {
        const std::uint32_t of_tiles = climb.tiles * tile_nodes;
        const std::uint32_t of_rest = (climb.count + 1) / 2;
        const std::uint32_t at = place(climb, tile_level, of_tiles + of_rest);
        for (std::uint32_t i = 0; i < climb.tiles; ++i)
            m_plan.tiles.push_back(
                {climb.offset + i * tile_quads * static_cast<std::uint32_t>(commp::quad_payload), at + i * tile_nodes});
        if (of_rest != 0) add_segment(planned, climb.first, climb.count, of_rest, at + of_tiles);
        climb.first = at;
        climb.count = of_tiles + of_rest;
    }

    void add_segment(PlannedLevel& planned, std::uint32_t source, std::uint32_t count, std::uint32_t nodes,
                     std::uint32_t at) {
        m_plan.segments.push_back({planned.node_count, source, count, at});
        planned.node_count += nodes;
        ++planned.segment_count;
    }

    const PlanLimits& m_limits;
    Plan m_plan;
    PlanLimits m_needs;
    std::vector<Climb> m_climbs;
    std::uint32_t m_next = 0;
};

}    // namespace

PlanLimits limits_for(std::size_t quads, std::size_t jobs, unsigned level) noexcept {
    // A tree has fewer than twice as many nodes as quads, and at most one more a level and job where it is ragged;
    // results stand apart.
    PlanLimits limits;
    limits.nodes = static_cast<std::uint32_t>(2 * quads + jobs * level);
    limits.segments = static_cast<std::uint32_t>(jobs * level);
    limits.tiles = static_cast<std::uint32_t>(quads / tile_quads);
    limits.results = static_cast<std::uint32_t>(quads);
    return limits;
}

Plan make_plan(std::span<const commp::Job> jobs, const PlanLimits& limits) { return Planner(limits).plan(jobs); }

}    // namespace filfil::gpu
